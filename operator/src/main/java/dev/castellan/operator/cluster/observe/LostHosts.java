package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.kube.Kube;
import dev.castellan.operator.kube.KubeRejected;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.NodeCondition;
import io.fabric8.kubernetes.api.model.NodeSelectorRequirement;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.VolumeNodeAffinity;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Finds out which nodes are down because the host of their disk is gone. Kubernetes is asked only about nodes that have been
 * down for longer than a restart takes, or that have no place, so that hosts need not be watched.
 */
final class LostHosts {
    private static final Duration SUSPICIOUS = Duration.ofSeconds(20);

    private final Absences gone = new Absences();

    /** By node id. A host that Kubernetes no longer lists counts as gone since this operator missed it. */
    Map<Integer, LostHost> of(
            String cluster, Intent intent, Map<String, Pod> pods, Inventory inventory, Kube kube, Instant now) {
        var lost = new HashMap<Integer, LostHost>();
        for (var set : intent.sets()) {
            set.nodeIds().forEach(id -> Optional.ofNullable(pods.get(set.podName(id)))
                    .flatMap(pod -> of(pod, set, inventory, kube, now))
                    .ifPresent(host -> lost.put(id, host)));
        }
        var names = lost.values().stream()
                .filter(host -> !host.exists())
                .map(LostHost::name)
                .distinct()
                .toList();
        var missed = gone.since(cluster, names, now);
        lost.replaceAll((id, host) -> host.exists() ? host : host.notBefore(missed.get(host.name())));
        return lost;
    }

    /** To be called when a KafkaCluster is gone. */
    void forget(String cluster) {
        gone.forget(cluster);
    }

    private static Optional<LostHost> of(Pod pod, NodeSet set, Inventory inventory, Kube kube, Instant now) {
        try {
            return ObservedNode.downSince(pod)
                    .filter(since -> ObservedNode.isUnscheduled(pod)
                            || !since.plus(SUSPICIOUS).isAfter(now))
                    .flatMap(since -> set.storage().ephemeral()
                            ? ofPod(pod, since, kube)
                            : ofVolumes(claims(pod, set, inventory), since, kube));
        } catch (KubeRejected e) {
            return Optional.empty(); // an operator that may not ask, as its chart can be told, knows of no lost host
        }
    }

    /** Its data is where it runs. */
    private static Optional<LostHost> ofPod(Pod pod, Instant since, Kube kube) {
        return Optional.ofNullable(pod.getSpec().getNodeName())
                .flatMap(name -> lost(
                        name,
                        kube.host(name),
                        since,
                        List.of(),
                        List.of(pod.getMetadata().getUid())));
    }

    /** As its StatefulSet makes them, whether the spec still speaks of them or not. */
    private static List<PersistentVolumeClaim> claims(Pod pod, NodeSet set, Inventory inventory) {
        var names = inventory.statefulSet(set.name()).stream()
                .flatMap(live -> live.getSpec().getVolumeClaimTemplates().stream())
                .map(volume -> Names.claim(
                        volume.getMetadata().getName(), pod.getMetadata().getName()))
                .toList();
        return inventory.claims().stream()
                .filter(claim -> names.contains(claim.getMetadata().getName()))
                .toList();
    }

    /** Only where all its disks lie on one host: with some of them elsewhere it is not to start anew. */
    private static Optional<LostHost> ofVolumes(List<PersistentVolumeClaim> claims, Instant since, Kube kube) {
        var hostnames = claims.stream()
                .map(claim -> Optional.ofNullable(claim.getSpec().getVolumeName())
                        .flatMap(kube::volume)
                        .flatMap(LostHosts::hostname))
                .distinct()
                .toList();
        if (hostnames.size() != 1) {
            return Optional.empty();
        }
        var names = claims.stream().map(claim -> claim.getMetadata().getName()).toList();
        var uids = claims.stream().map(claim -> claim.getMetadata().getUid()).toList();
        return hostnames
                .getFirst()
                .flatMap(hostname ->
                        lost(hostname, kube.hostsLabelled(hostname).stream().findFirst(), since, names, uids));
    }

    /** A disk that can be reached from one host only names it; what is reached from a zone, or from anywhere, is not lost with one. */
    private static Optional<String> hostname(PersistentVolume volume) {
        return Optional.ofNullable(volume.getSpec().getNodeAffinity())
                .map(VolumeNodeAffinity::getRequired)
                .filter(required -> required.getNodeSelectorTerms().size() == 1)
                .flatMap(required -> required.getNodeSelectorTerms().getFirst().getMatchExpressions().stream()
                        .filter(LostHosts::namesOneHost)
                        .map(expression -> expression.getValues().getFirst())
                        .findFirst());
    }

    private static boolean namesOneHost(NodeSelectorRequirement expression) {
        return Labels.TOPOLOGY_HOST.equals(expression.getKey())
                && "In".equals(expression.getOperator())
                && expression.getValues().size() == 1;
    }

    private static Optional<LostHost> lost(
            String name, Optional<Node> host, Instant downSince, List<String> claims, List<String> uids) {
        if (host.isEmpty()) {
            return Optional.of(new LostHost(name, downSince, false, claims, uids));
        }
        return host.get().getStatus().getConditions().stream()
                .filter(condition -> condition.getType().equals("Ready") && !"True".equals(condition.getStatus()))
                .map(NodeCondition::getLastTransitionTime)
                .map(Instant::parse)
                .map(since -> new LostHost(name, downSince, true, claims, uids).notBefore(since))
                .findFirst();
    }
}
