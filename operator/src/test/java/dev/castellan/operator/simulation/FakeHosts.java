package dev.castellan.operator.simulation;

import dev.castellan.operator.kube.FakeKube;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.NodeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpec;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimSpecBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Kubernetes nodes, each with the disks of one pod; one of them at a time may be down. */
final class FakeHosts {
    private final FakeKube kube;
    private final Supplier<Instant> now;
    private int made;

    /** It has been down, is back, and bears the name that it had. */
    private Optional<String> mended = Optional.empty();

    private Optional<Down> down = Optional.empty();

    /** @param node the Kafka node whose disks lie there */
    private record Down(String host, int node, Instant since) {}

    FakeHosts(FakeKube kube, Supplier<Instant> now) {
        this.kube = kube;
        this.now = now;
    }

    /** The disks of a pod lie together. */
    PersistentVolumeClaimSpec bound(PersistentVolumeClaimSpec wanted, String pod) {
        return new PersistentVolumeClaimSpecBuilder(wanted)
                .withVolumeName(host(pod))
                .build();
    }

    private String host(String pod) {
        return kube.everything(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getName().endsWith("-" + pod))
                .map(claim -> claim.getSpec().getVolumeName())
                .findFirst()
                .orElseGet(this::another);
    }

    /** One that is back, if nothing lies there any more. */
    String another() {
        return mended.filter(this::isEmpty).orElseGet(() -> "host-" + made++);
    }

    private boolean isEmpty(String host) {
        return kube.everything(PersistentVolumeClaim.class).stream()
                        .noneMatch(claim -> host.equals(claim.getSpec().getVolumeName()))
                && kube.everything(Pod.class).stream()
                        .noneMatch(pod -> host.equals(pod.getSpec().getNodeName()));
    }

    void lose(int node, String host, boolean exists) {
        kube.putVolume(new PersistentVolumeBuilder()
                .withNewMetadata()
                .withName(host)
                .endMetadata()
                .withNewSpec()
                .withNewNodeAffinity()
                .withNewRequired()
                .addNewNodeSelectorTerm()
                .addNewMatchExpression()
                .withKey(Labels.TOPOLOGY_HOST)
                .withOperator("In")
                .withValues(host)
                .endMatchExpression()
                .endNodeSelectorTerm()
                .endRequired()
                .endNodeAffinity()
                .endSpec()
                .build());
        down = Optional.of(new Down(host, node, now.get()));
        mended = mended.filter(name -> !name.equals(host));
        if (exists) {
            tell("Unknown");
        } else {
            kube.removeHost(host);
        }
    }

    private void tell(String ready) {
        kube.putHost(new NodeBuilder()
                .withNewMetadata()
                .withName(down.orElseThrow().host())
                .endMetadata()
                .withNewStatus()
                .addNewCondition()
                .withType("Ready")
                .withStatus(ready)
                .withLastTransitionTime(now.get().toString())
                .endCondition()
                .endStatus()
                .build());
    }

    void bringBack() {
        if (down.isPresent()) {
            tell("True");
            mended = down.map(Down::host);
            down = Optional.empty();
        }
    }

    /** The Kafka node whose disks lie on the host that is down. */
    Optional<Integer> lostNode() {
        return down.map(Down::node);
    }

    boolean isDown(Pod pod, List<PersistentVolumeClaim> claims) {
        return down.isPresent() && down.get().host().equals(host(pod, claims));
    }

    private static String host(Pod pod, List<PersistentVolumeClaim> claims) {
        return claims.isEmpty()
                ? pod.getSpec().getNodeName()
                : claims.getFirst().getSpec().getVolumeName();
    }

    boolean isDownSince(Instant time) {
        return down.filter(host -> !host.since().isAfter(time)).isPresent();
    }

    /** What Kubernetes makes of a pod there: it was there before, or finds no place where its disks are. */
    PodStatuses.State state(Pod pod) {
        var created = Instant.parse(pod.getMetadata().getCreationTimestamp());
        return created.isAfter(down.orElseThrow().since())
                ? PodStatuses.State.WITHOUT_PLACE
                : PodStatuses.State.STARTING;
    }
}
