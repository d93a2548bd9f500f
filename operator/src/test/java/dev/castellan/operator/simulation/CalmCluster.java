package dev.castellan.operator.simulation;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.operator.cluster.ClusterLoop;
import dev.castellan.operator.cluster.ClusterLoop.Reconciled;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.SpecBlueprint;
import dev.castellan.operator.cluster.VolumeChanges;
import dev.castellan.operator.cluster.desired.Installation;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kube.FakeKube;
import dev.castellan.operator.kube.Owner;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/** One cluster over the fakes, in which nothing happens but what a test does to it: the real loop, no chance, no lag. */
public final class CalmCluster {
    private static final int LONG = 300;

    public final FakeKube kube;
    public final FakeKafka kafka;
    private final KafkaCluster cluster;
    private final FakeNodes nodes;
    private final KnownRevisions revisions = new KnownRevisions(10);
    private final SpecBlueprint blueprint;
    private ClusterLoop loop;
    private final List<String> plan = new ArrayList<>();
    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private Reconciled last;

    public CalmCluster(KafkaCluster cluster) {
        this.cluster = cluster;
        this.kube = new FakeKube(Owner.of(cluster), new FakeKube.Witness() {});
        Consumer<String> alarm = what -> {
            throw new AssertionError(what);
        };
        this.kafka = new FakeKafka(alarm, () -> {});
        this.nodes = new FakeNodes(kube, kafka, cluster.getMetadata().getName(), new Random(0), () -> now, alarm);
        kafka.resolves(host -> kube.exists(Service.class, host.substring(0, host.indexOf('.'))));
        kafka.leaving(id -> FakeNodes.isController(kube, id)
                ? id % NodeSet.RANGE >= dedicatedControllers()
                : dedicatedControllers() > 0);
        var ids = new AtomicInteger();
        var installation = new Installation("", "IfNotPresent", Optional.empty());
        this.blueprint = new SpecBlueprint(installation, revisions, () -> "id-%019d".formatted(ids.getAndIncrement()));
        restartOperator();
    }

    private int dedicatedControllers() {
        return Optional.ofNullable(cluster.getSpec().controllers)
                .map(controllers -> Optional.ofNullable(controllers.replicas).orElse(3))
                .orElse(0);
    }

    public CalmCluster restartOperator() {
        InstantSource source = () -> now;
        loop = new ClusterLoop(blueprint, revisions, nodes, source.withZone(ZoneOffset.UTC));
        return this;
    }

    /** Reconciles, a second each, until there is nothing to do or wait for, or for long. */
    public CalmCluster settle() {
        for (int i = 0; i < LONG; i++) {
            reconcile();
            if (!last.step().acts() && !(last.step() instanceof Wait)) {
                return this;
            }
            pass(1);
        }
        return this;
    }

    /** Reconciles, a second each, until it is so. */
    public CalmCluster until(BooleanSupplier condition) {
        for (int i = 0; !condition.getAsBoolean(); i++) {
            if (i == LONG) {
                throw new AssertionError("never so: " + last.step());
            }
            reconcile().pass(1);
        }
        return this;
    }

    public CalmCluster reconcile() {
        last = loop.reconcile(cluster, kube, kafka);
        var line = last.step().kind() + ": " + last.step().reason();
        if (plan.isEmpty() || !plan.getLast().equals(line)) {
            plan.add(line);
        }
        cluster.setStatus(last.status());
        return this;
    }

    public CalmCluster pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            now = now.plusSeconds(1);
            kube.tick();
            nodes.tick();
            kafka.tick();
        }
        return this;
    }

    /** The user edits the spec. */
    public CalmCluster edit(Consumer<KafkaCluster> edit) {
        edit.accept(cluster);
        cluster.getMetadata().setGeneration(cluster.getMetadata().getGeneration() + 1);
        return this;
    }

    public Pod pod(String name) {
        return kube.everything(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    public CalmCluster loseDisk(String pod) {
        nodes.loseDisk(pod(pod));
        return this;
    }

    /** What each volume claim asks for. */
    public Map<String, String> volumeSizes() {
        return kube.everything(PersistentVolumeClaim.class).stream()
                .collect(
                        Collectors.toMap(claim -> claim.getMetadata().getName(), claim -> VolumeChanges.requested(claim)
                                .toString()));
    }

    /** A volume of the pod, to so many percent. */
    public CalmCluster fillDisk(String volume, String pod, int percent) {
        kube.everything(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getName().equals(volume + "-" + pod))
                .forEach(claim -> nodes.spaces().fill(claim, percent));
        return this;
    }

    /** Of a volume of the pod. */
    public CalmCluster failDisk(String volume, String pod) {
        kube.everything(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getName().equals(volume + "-" + pod))
                .forEach(claim -> nodes.failDisk(pod(pod), claim));
        return this;
    }

    /** A disk of a volume of the pod does not answer, or answers again. */
    public CalmCluster hangDisk(String volume, String pod, boolean hangs) {
        nodes.hangDisk(volume + "-" + pod, hangs);
        return this;
    }

    /** The nodes' agents do not answer. */
    public CalmCluster hideReasons() {
        nodes.hideReasons();
        return this;
    }

    /** And their pods start again. */
    public CalmCluster mendDisks() {
        nodes.mendDisks();
        return this;
    }

    /** Somebody marks them for deletion; the pod keeps them for as long as it is there. */
    public CalmCluster deleteClaims(String pod) {
        nodes.deleteClaims(pod(pod));
        return this;
    }

    /** The user does without what lies on the volumes that the pod has now, and leaves what was given up before in Git. */
    public CalmCluster giveUp(String pod) {
        var uids = new ArrayList<>(
                Optional.ofNullable(cluster.getSpec().healing.acceptDataLossOn).orElse(List.of()));
        nodes.claims(pod(pod)).forEach(claim -> uids.add(claim.getMetadata().getUid()));
        return edit(cluster -> cluster.getSpec().healing.acceptDataLossOn = uids);
    }

    /** @param exists Kubernetes still lists it */
    public CalmCluster loseHostOf(String pod, boolean exists) {
        nodes.loseHost(pod(pod), exists);
        return this;
    }

    public CalmCluster bringHostBack() {
        nodes.hosts().bringBack();
        return this;
    }

    /** Kubernetes does not make the pods of a StatefulSet that it lacks, until the StatefulSet changes. */
    public CalmCluster putToSleep(String statefulSet) {
        kube.everything(StatefulSet.class).stream()
                .filter(set -> set.getMetadata().getName().equals(statefulSet))
                .forEach(nodes::putToSleep);
        return this;
    }

    /** The process of a node stands still for so many seconds. */
    public CalmCluster hang(int id, int seconds) {
        kafka.hang(id, seconds);
        return this;
    }

    /** Its probes fail, however well it serves. */
    public CalmCluster blind(String pod) {
        nodes.blind(pod(pod));
        return this;
    }

    /** For so many seconds a broker does not take in what is set for the cluster. */
    public CalmCluster deafen(int id, int seconds) {
        kafka.deafen(id, seconds);
        return this;
    }

    /** Kubernetes nodes have no room to spare. */
    public CalmCluster fullHosts(boolean full) {
        nodes.resizes().full(full);
        return this;
    }

    /** Their kubelets give nothing to a process that runs. */
    public CalmCluster fixedHosts() {
        nodes.resizes().allFixed();
        return this;
    }

    public CalmCluster losePod(String pod) {
        nodes.vanish(pod(pod));
        return this;
    }

    public CalmCluster endProcess(String pod) {
        nodes.end(pod(pod));
        return this;
    }

    public CalmCluster loseAllPods() {
        kube.everything(Pod.class).forEach(nodes::vanish);
        return this;
    }

    public KafkaClusterStatus status() {
        return cluster.getStatus();
    }

    /** Every step and wait so far, each once. */
    public List<String> plan() {
        return plan;
    }

    Instant now() {
        return now;
    }

    public Reconciled last() {
        return last;
    }
}
