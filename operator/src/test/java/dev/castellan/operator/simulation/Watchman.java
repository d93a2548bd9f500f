package dev.castellan.operator.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.Relieved;
import dev.castellan.operator.cluster.Stopped;
import dev.castellan.operator.cluster.Successor;
import dev.castellan.operator.cluster.VolumeChanges;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.FakeKube;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.kube.PodResize;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** Judges each write of the operator by the truth, of which the operator sees only shadows, at the instant of the write. */
final class Watchman {
    private static final Map<String, JsonNode> RESTARTING = new ConcurrentHashMap<>();
    private static final KnownRevisions REVISIONS = new KnownRevisions(100);

    private final FakeKube kube;
    private final FakeKafka kafka;
    private final FakeNodes nodes;
    private final Scenario scenario;
    private final Supplier<Instant> now;
    private final Consumer<String> alarm;

    /** Taken down by the operator, and not back yet. */
    private final Set<Integer> downByUs = new HashSet<>();

    /** Those of them that went together in the reconcile that runs. */
    private final Set<Integer> batch = new HashSet<>();

    /** Let go by their budget in the reconcile that runs. */
    private final Set<Integer> evicted = new HashSet<>();

    private final Map<String, Integer> restarts = new HashMap<>();

    /** Of nodes that the user wants no more, when they held nothing; by their id, at the begin of reconciles. */
    private final Map<Integer, NavigableSet<Instant>> empty = new HashMap<>();

    /** No broker that serves hears later of what it is to hold. */
    private static final Duration HEARD = Duration.ofSeconds(10);

    /** What was so before that tells nothing of now. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(2);

    /** Seconds after which a disk that has failed is known to have. */
    private static final int NOTICED = 3;

    /** Nodes that were well when they were given what is broken, by change of the spec. */
    private final Map<String, Set<Integer>> trials = new HashMap<>();

    /** By name, as last seen: a pod is no less proof for its StatefulSet being deleted a moment ago. */
    private final Map<String, StatefulSet> sets = new HashMap<>();

    Watchman(
            FakeKube kube,
            FakeKafka kafka,
            FakeNodes nodes,
            Scenario scenario,
            Supplier<Instant> now,
            Consumer<String> alarm) {
        this.kube = kube;
        this.kafka = kafka;
        this.nodes = nodes;
        this.scenario = scenario;
        this.now = now;
        this.alarm = alarm;
    }

    void beginReconcile() {
        batch.clear();
        evicted.clear();
        for (var set : kube.everything(StatefulSet.class)) {
            int first = set.getSpec().getOrdinals().getStart();
            int wanted = scenario.wanted(set.getMetadata().getName());
            IntStream.range(first + wanted, first + Stopped.nodes(set))
                    .filter(this::isDrained)
                    .forEach(id ->
                            empty.computeIfAbsent(id, node -> new TreeSet<>()).add(now.get()));
        }
    }

    private boolean isDrained(int id) {
        return !kafka.holdsAnything(id)
                && !kafka.isFounder(id)
                && kafka.moving().stream().noneMatch(anyOf(id));
    }

    private boolean wasDrained(int id) {
        return !empty.getOrDefault(id, Collections.emptyNavigableSet())
                .subSet(now.get().minus(FORGOTTEN), true, now.get().minus(HEARD), true)
                .isEmpty();
    }

    void evicted(int id) {
        evicted.add(id);
    }

    void tick() {
        downByUs.removeIf(kafka::isCaughtUp);
        kube.everything(StatefulSet.class)
                .forEach(set -> sets.put(set.getMetadata().getName(), set));
    }

    void judge(String verb, HasMetadata object) {
        if (scenario.isPaused() && !isIdentity(object) && !isMadeAgain(verb, object)) {
            alarm.accept("a paused cluster was written to: " + verb + " " + describe(object));
        }
        switch (verb) {
            case "delete" -> judgeDeletion(object);
            case "deleteNow" -> judgeReplacement(object.getMetadata().getName());
            case "apply" -> judgeApply(object);
            case "create" -> judgeFounding(object);
            case "grow" -> judgeGrowth((PersistentVolumeClaim) object);
            case "orphan" -> judgeSuccession((StatefulSet) object);
            case "resize" -> judgeResize((Pod) object);
            case "scale" -> judgeSleep((StatefulSet) object);
            case "setMaxUnavailable" -> judgeBudget((PodDisruptionBudget) object);
            default -> {
                boolean isRecord = verb.equals("annotate") && object instanceof StatefulSet && kube.owns(object);
                if (!(isRecord || object instanceof PersistentVolumeClaim || isIdentity(object))) {
                    alarm.accept(verb + " of " + describe(object));
                }
            }
        }
    }

    /** While others may evict, any one pod must be one that may go; and any two, one under each budget, while both are open. */
    private void judgeBudget(PodDisruptionBudget budget) {
        if (budget.getSpec().getMaxUnavailable().getIntVal() == 0) {
            return;
        }
        boolean ofBrokers = budget.getMetadata().getName().equals(Names.brokersBudget(Scenario.NAME));
        for (var pod : kube.everything(Pod.class)) {
            int id = FakeNodes.id(pod);
            if (pod.getMetadata().getLabels().containsKey(Labels.BROKER) == ofBrokers && kafka.isCaughtUp(id)) {
                judgePartitions(id, nodes.losesDiskWith(pod));
                judgeQuorum(Set.of(id), id, nodes.losesDiskWith(pod));
                evictedBeside(budget, ofBrokers)
                        .forEach(other -> judgeQuorum(Set.of(id, other), id, nodes.losesDiskWith(pod)));
            }
        }
    }

    private List<Integer> evictedBeside(PodDisruptionBudget budget, boolean ofBrokers) {
        boolean isOtherOpen = kube.everything(PodDisruptionBudget.class).stream()
                .filter(other -> !other.getMetadata()
                        .getName()
                        .equals(budget.getMetadata().getName()))
                .anyMatch(other -> new IntOrString(1).equals(other.getSpec().getMaxUnavailable()));
        return isOtherOpen
                ? kube.everything(Pod.class).stream()
                        .filter(pod -> pod.getMetadata().getLabels().containsKey(Labels.BROKER) != ofBrokers)
                        .map(FakeNodes::id)
                        .filter(kafka::isCaughtUp)
                        .toList()
                : List.of();
    }

    private void judgeDeletion(HasMetadata object) {
        if (object instanceof Pod pod && isGivenAnotherDisk(pod)) {
            judgeStop(pod, false);
        } else if (object instanceof Pod pod && hasDeletedDisk(pod) && !needsRestart(pod)) {
            judgeStop(pod, true);
        } else if (object instanceof Pod pod && nodes.hasRoomAgain(pod) && !needsRestart(pod)) {
            judgeStop(pod, nodes.losesDiskWith(pod));
        } else if (object instanceof Pod pod) {
            judgeRestart(pod);
        } else if (object instanceof PersistentVolumeClaim claim
                && nodes.spaces().isFull(claim)
                && nodes.failedSince(claim).isEmpty()
                && nodes.hosts().lostNode().isEmpty()) {
            alarm.accept("gave up a disk that is full, and well: " + describe(claim));
        } else if (object instanceof PersistentVolumeClaim claim
                && !nodes.failedSince(claim).isEmpty()) {
            judgeReplacementOfDisk(claim);
        } else if (object instanceof PersistentVolumeClaim claim) {
            judgeReplacement(claim.getMetadata().getName());
        } else if (object instanceof StatefulSet set && kube.owns(set)) {
            judgeRemoval(set);
        } else if (kube.owns(object) && object instanceof PodDisruptionBudget && hasNoControllers(object)) {
            return;
        } else if (!kube.owns(object)
                || isIdentity(object)
                || !(object instanceof ConfigMap || object instanceof Service)) {
            alarm.accept("deleted " + describe(object));
        } else if (object instanceof ConfigMap map && isMounted(map)) {
            alarm.accept("deleted a ConfigMap in use: " + describe(object));
        } else if (Successor.of(object)
                .filter(set -> standing(set).isEmpty() && isProved(set))
                .isPresent()) {
            alarm.accept("deleted the record of a StatefulSet that is away: " + describe(object));
        }
    }

    private boolean hasNoControllers(HasMetadata object) {
        return !object.getMetadata().getName().equals(Names.brokersBudget(Scenario.NAME))
                && kube.everything(Pod.class).stream()
                        .noneMatch(pod -> pod.getMetadata().getLabels().containsKey(Labels.CONTROLLER));
    }

    private Optional<StatefulSet> standing(StatefulSet set) {
        return kube.getLive(StatefulSet.class, set.getMetadata().getName())
                .filter(live -> live.getMetadata().getDeletionTimestamp() == null);
    }

    private Optional<StatefulSet> successor(HasMetadata set) {
        return kube.getLive(ConfigMap.class, Names.successor(set.getMetadata().getName()))
                .flatMap(Successor::of);
    }

    /** It is away only because it was taken away. */
    private boolean isMadeAgain(String verb, HasMetadata object) {
        return verb.equals("apply")
                && object instanceof StatefulSet set
                && standing(set).isEmpty()
                && successor(set).isPresent();
    }

    private void judgeGrowth(PersistentVolumeClaim wanted) {
        var live = kube.getLive(
                        PersistentVolumeClaim.class, wanted.getMetadata().getName())
                .orElseThrow();
        if (!Quantities.isLess(VolumeChanges.requested(live), VolumeChanges.requested(wanted))) {
            alarm.accept("made a volume smaller, or nothing of it: " + describe(wanted));
        }
    }

    /** Nodes sleep only where their user says so and their disks are kept, and nothing but that they sleep becomes another. */
    private void judgeSleep(StatefulSet next) {
        var live = kube.getLive(StatefulSet.class, next.getMetadata().getName()).orElseThrow();
        boolean stops = next.getSpec().getReplicas() < live.getSpec().getReplicas();
        boolean starts = next.getSpec().getReplicas() > live.getSpec().getReplicas();
        if ((stops ? !scenario.hibernates() : starts && scenario.hibernates())) {
            alarm.accept("scaled " + describe(next) + " against the user's word");
        }
        if (stops && live.getSpec().getVolumeClaimTemplates().isEmpty()) {
            alarm.accept("stopped nodes whose disks go with them: " + describe(next));
        }
        if (Stopped.nodes(next) != Stopped.nodes(live)) {
            alarm.accept("forgets how many nodes are of " + describe(next));
        }
        if (!next.getSpec().getTemplate().equals(live.getSpec().getTemplate())) {
            alarm.accept("nodes of " + describe(next) + " would wake as others");
        }
    }

    /** Nothing that it remembers is lost, and nothing but its volumes' sizes becomes another. */
    private void judgeSuccession(StatefulSet live) {
        var successor = successor(live);
        if (successor.isEmpty()) {
            alarm.accept("took away " + describe(live) + " without a record");
            return;
        }
        var next = successor.get();
        for (var kept : List.of(
                Annotations.SPEC_HASH,
                Annotations.LAST_GOOD,
                Annotations.FAILED_TRIAL,
                Annotations.SHARELESS,
                Annotations.REBALANCE_REQUEST)) {
            if (!Objects.equals(
                    live.getMetadata().getAnnotations().get(kept),
                    next.getMetadata().getAnnotations().get(kept))) {
                alarm.accept("the successor of " + describe(live) + " forgets " + kept);
            }
        }
        if (!next.getSpec().getReplicas().equals(live.getSpec().getReplicas())
                || !next.getSpec().getOrdinals().equals(live.getSpec().getOrdinals())
                || !Intent.podSpec(next).equals(Intent.podSpec(live))) {
            alarm.accept("the successor of " + describe(live) + " is more than larger");
        }
        var before = live.getSpec().getVolumeClaimTemplates();
        var after = next.getSpec().getVolumeClaimTemplates();
        for (int i = 0; i < before.size(); i++) {
            if (Quantities.isLess(VolumeChanges.requested(after.get(i)), VolumeChanges.requested(before.get(i)))) {
                alarm.accept("the successor of " + describe(live) + " has smaller volumes");
            }
        }
    }

    private boolean isProved(StatefulSet set) {
        return kube.everything(Pod.class).stream().anyMatch(pod -> REVISIONS.isOfSet(pod, set));
    }

    private boolean isMounted(ConfigMap map) {
        var name = map.getMetadata().getName();
        return kube.everything(Pod.class).stream()
                .flatMap(pod -> pod.getSpec().getVolumes().stream())
                .anyMatch(volume -> volume.getConfigMap() != null
                        && name.equals(volume.getConfigMap().getName()));
    }

    /** With a StatefulSet goes what it remembers, of a trial that failed among others: who deletes it wants it tried again. */
    void forgets() {
        restarts.clear();
    }

    private Optional<StatefulSet> setOf(Pod pod) {
        return kube.everything(StatefulSet.class).stream()
                .filter(s -> pod.getMetadata()
                        .getName()
                        .equals(Names.pod(s.getMetadata().getName(), FakeNodes.id(pod))))
                .findFirst();
    }

    private boolean needsRestart(Pod pod) {
        return setOf(pod)
                .filter(set -> isUpToDate(pod, set) && !needsRestartForResources(pod, set))
                .isEmpty();
    }

    private boolean isAsItsSetSays(Pod pod) {
        var current = pod.getMetadata().getAnnotations().get(Annotations.POD_SPEC);
        return setOf(pod)
                .filter(set -> Objects.equals(current, Intent.podSpec(set).orElse(""))
                        && PodResize.asked(pod).equals(resources(set)))
                .isPresent();
    }

    private void judgeRestart(Pod pod) {
        int id = FakeNodes.id(pod);
        var set = setOf(pod);
        if (set.isEmpty() || isAsItsSetSays(pod)) {
            alarm.accept("restarted for nothing: " + describe(pod));
        }
        if (kafka.isCaughtUp(id) && !needsRestart(pod)) {
            alarm.accept("restarted for what it can have while it runs: " + describe(pod));
        }
        var becomes = set.map(s -> restarting(Intent.podSpec(s).orElseThrow()) + " " + resources(s))
                .orElse(null);
        var change = "%d in %s of %d to %s".formatted(id, scenario.change(), brokers(), becomes);
        if (restarts.merge(change, 1, Integer::sum) > 1) {
            alarm.accept("restarted twice for one change: " + describe(pod));
        }
        if (kafka.isFounder(id) && set.filter(s -> REVISIONS.mayRelieve(s, id)).isPresent()) {
            alarm.accept("restarted a voter that would be no controller: " + describe(pod));
        }
        if (set.filter(FakeNodes::isBroken).isPresent() && kafka.isCaughtUp(id)) {
            judgeTrial(id);
        }
        boolean losesDisk = nodes.losesDiskWith(pod);
        if (kafka.isCaughtUp(id)) {
            judgeBatch(pod, id);
            batch.add(id);
            judgeQuorum(batch, id, losesDisk);
            downByUs.add(id);
        }
        judgePartitions(id, losesDisk);
        if (losesDisk && kafka.hasFormed() && !isMarkedFormed() && kafka.isFounder(id)) {
            alarm.accept("a founder's disk was thrown away before the founding was on record: " + id);
        }
        if (losesDisk && isMarkedFormed() && !kafka.hasLeader()) {
            judgeLog(id);
        }
    }

    /** Of what needs no restart, one of a pool at a time, as its StatefulSet would make it, and not in vain. */
    private void judgeResize(Pod next) {
        var pod = kube.getLive(Pod.class, next.getMetadata().getName()).orElseThrow();
        var set = setOf(pod).orElseThrow();
        if (!PodResize.asked(next).equals(resources(set))) {
            alarm.accept("resized to what nobody wants: " + describe(pod));
        }
        if (PodResize.asked(next).equals(PodResize.asked(pod))) {
            alarm.accept("resized for nothing: " + describe(pod));
        }
        if (!isUpToDate(pod, set) || isLessMemory(PodResize.asked(next), PodResize.asked(pod))) {
            alarm.accept("resized, though it needs a restart: " + describe(pod));
        }
        if (kube.everything(Pod.class).stream()
                .filter(other -> other.getMetadata().getDeletionTimestamp() == null)
                .filter(other -> pool(other).equals(pool(pod)))
                .filter(other ->
                        !other.getMetadata().getName().equals(pod.getMetadata().getName()))
                // What was asked by an earlier spec says nothing about this one.
                .filter(other -> PodResize.asked(other).equals(PodResize.asked(next)))
                .anyMatch(nodes.resizes()::isUnseen)) {
            alarm.accept("resized before another of its pool was: " + describe(pod));
        }
    }

    private static String pool(Pod pod) {
        return pod.getMetadata().getLabels().get(Labels.POOL);
    }

    private static ResourceRequirements resources(StatefulSet set) {
        return PodResize.resizable(
                set.getSpec().getTemplate().getSpec().getContainers().getFirst().getResources());
    }

    /** In truth, whatever its spec asks for. */
    boolean hasWhatItShould(Pod pod, StatefulSet set) {
        return nodes.resizes().has(pod).equals(resources(set));
    }

    private boolean needsRestartForResources(Pod pod, StatefulSet set) {
        var wanted = resources(set);
        var asked = PodResize.asked(pod);
        boolean isOther = !asked.equals(wanted) || !nodes.resizes().has(pod).equals(wanted);
        boolean isNotInPlace = !kube.mayPodsBeResized()
                || nodes.resizes().isFixed(pod)
                || isLessMemory(wanted, asked)
                || !wanted.getLimits().keySet().containsAll(asked.getLimits().keySet())
                || isGuaranteed(wanted) != isGuaranteed(asked);
        return isOther && isNotInPlace;
    }

    private static boolean isLessMemory(ResourceRequirements one, ResourceRequirements other) {
        return Quantities.isLess(
                one.getLimits().get("memory"), other.getLimits().get("memory"));
    }

    private static boolean isGuaranteed(ResourceRequirements resources) {
        return resources.getLimits().size() == 2 && resources.getLimits().equals(resources.getRequests());
    }

    /** Given up is only what lies on a host that has been gone for long, and elsewhere too. */
    private void judgeReplacement(String podOrClaim) {
        var pod = kube.everything(Pod.class).stream()
                .filter(found -> podOrClaim.endsWith(found.getMetadata().getName()))
                .findFirst()
                .orElseThrow();
        int id = FakeNodes.id(pod);
        if (!nodes.isOnHostLostAt(pod, now.get().minus(Scenario.GRACE))) {
            alarm.accept("gave up " + podOrClaim + ", whose host is there, or was a moment ago");
        }
        for (var topic : kafka.truth()) {
            for (var partition : topic.partitions()) {
                if (partition.replicas().contains(id)
                        && partition.inSync().stream().allMatch(other -> other == id)
                        && !scenario.givenUp.holdsFor(nodes.volumes(pod))) {
                    alarm.accept("gave up the only copy of %s-%d with %s"
                            .formatted(topic.name(), partition.id(), podOrClaim));
                }
            }
        }
        if (kafka.isFounder(id) && kafka.soundVotersWithout(Set.of(id)) <= kafka.voterCount() / 2) {
            alarm.accept("gave up " + podOrClaim + " of which the quorum may need the log");
        }
    }

    private boolean isGivenAnotherDisk(Pod pod) {
        return nodes.failedDisk(pod)
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() != null)
                .isPresent();
    }

    /** For another disk, a node that serves goes down alone, and as one that is restarted. */
    private void judgeStop(Pod pod, boolean losesAll) {
        int id = FakeNodes.id(pod);
        if (!kafka.isRunning(id)) {
            return;
        }
        if (!downByUs.isEmpty()) {
            alarm.accept("node " + id + " was taken down for its disk while " + downByUs + " are not back");
        }
        judgePartitions(id, losesAll);
        judgeQuorum(Set.of(id), id, losesAll);
        downByUs.add(id);
    }

    /** Somebody has marked its claims. */
    private boolean hasDeletedDisk(Pod pod) {
        return !scenario.ephemeral && nodes.losesDiskWith(pod);
    }

    /** Given up is only what has failed long ago, and lies elsewhere too; and never on many at once. */
    private void judgeReplacementOfDisk(PersistentVolumeClaim claim) {
        var name = claim.getMetadata().getName();
        var pod = kube.everything(Pod.class).stream()
                .filter(found -> name.endsWith("-" + found.getMetadata().getName()))
                .findFirst()
                .orElseThrow();
        int id = FakeNodes.id(pod);
        boolean ofAll = nodes.isIndispensable(claim);
        if (nodes.failedSince(claim).orElseThrow().plus(Scenario.GRACE).isAfter(now.get())) {
            alarm.accept("gave up " + name + ", which may be well in a moment");
        }
        for (var topic : kafka.truth()) {
            for (var partition : topic.partitions()) {
                if (partition.replicas().contains(id)
                        && (ofAll || kafka.isOffline(topic.name(), id))
                        && partition.inSync().stream().allMatch(other -> other == id)
                        && !scenario.givenUp.holdsFor(
                                List.of(claim.getMetadata().getUid()))) {
                    alarm.accept(
                            "gave up the only copy of %s-%d with %s".formatted(topic.name(), partition.id(), name));
                }
            }
        }
        if (ofAll && kafka.isFounder(id) && kafka.soundVotersWithout(Set.of(id)) <= kafka.voterCount() / 2) {
            alarm.accept("gave up " + name + " of which the quorum may need the log");
        }
        judgeOutage(id, name);
    }

    /** As far as anybody can know: for seconds. */
    private void judgeOutage(int id, String name) {
        var brokers = kube.everything(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getLabels().containsKey(Labels.BROKER))
                .filter(pod -> kafka.holdsAnything(FakeNodes.id(pod)))
                .toList();
        var affected = brokers.stream()
                .filter(pod ->
                        !isReady(pod) || isWithoutDiskSince(pod, now.get().minusSeconds(NOTICED)))
                .map(FakeNodes::id)
                .toList();
        if (affected.contains(id) && affected.size() > 1 && 3 * affected.size() >= brokers()) {
            alarm.accept("gave up %s while brokers %s of %d are affected".formatted(name, affected, brokers()));
        }
    }

    private boolean isWithoutDiskSince(Pod pod, Instant time) {
        return nodes.failedDisk(pod)
                .flatMap(nodes::failedSince)
                .filter(since -> since.isBefore(time))
                .isPresent();
    }

    /** What nodes do not come up with takes one down, and no other. */
    private void judgeTrial(int id) {
        var tried = trials.computeIfAbsent(scenario.change(), change -> new HashSet<>());
        tried.add(id);
        if (tried.size() > 1) {
            alarm.accept("nodes " + tried + " were all given what none comes up with");
        }
    }

    /** How many there are decides how many replicas Kafka may ask for, and so is a change too. */
    private int brokers() {
        return kube.everything(StatefulSet.class).stream()
                .filter(set -> !set.getMetadata().getLabels().containsKey(Labels.CONTROLLER))
                .mapToInt(set -> set.getSpec().getReplicas())
                .sum();
    }

    private void judgeBatch(Pod pod, int id) {
        var others = new HashSet<>(downByUs);
        others.removeAll(batch);
        if (!others.isEmpty() && servesOrVotes(pod, id)) {
            alarm.accept("node " + id + " was taken down while " + others + " are not back");
        }
        if (!batch.isEmpty() && !isProven(pod)) {
            alarm.accept("node " + id + " went with " + batch + " before any other of its pool was tried");
        }
        if (batch.size() >= scenario.mostAtOnce()) {
            alarm.accept("node " + id + " went with " + batch + ", which is more than the user allows");
        }
        if (isReady(pod) && !scenario.mayRestart(now.get())) {
            alarm.accept("node " + id + " was restarted against the user's word");
        }
    }

    /** A controller without a vote is missed by nobody, and a new leader does not know that it is there. */
    private boolean servesOrVotes(Pod pod, int id) {
        return pod.getMetadata().getLabels().containsKey(Labels.BROKER)
                || kafka.voters().contains(id);
    }

    private boolean isReady(Pod pod) {
        return kube.getLive(Pod.class, pod.getMetadata().getName())
                .filter(live -> PodStatuses.is(live.getStatus(), PodStatuses.State.READY))
                .isPresent();
    }

    private boolean isProven(Pod pod) {
        var pool = pod.getMetadata().getLabels().get(Labels.POOL);
        return kube.everything(Pod.class).stream()
                .filter(other -> other.getMetadata().getDeletionTimestamp() == null)
                .filter(other -> pool.equals(other.getMetadata().getLabels().get(Labels.POOL)))
                .filter(other -> kafka.isCaughtUp(FakeNodes.id(other)))
                .anyMatch(this::isCurrent);
    }

    private boolean isCurrent(Pod pod) {
        int id = FakeNodes.id(pod);
        return sets.values().stream()
                .filter(set -> scenario.declares(set.getMetadata().getLabels().get(Labels.POOL)))
                .filter(set -> pod.getMetadata()
                        .getName()
                        .equals(Names.pod(set.getMetadata().getName(), id)))
                .anyMatch(set -> isUpToDate(pod, set));
    }

    /** But for what Kafka takes while it runs. */
    static boolean isUpToDate(Pod pod, StatefulSet set) {
        var actual = pod.getMetadata().getAnnotations().get(Annotations.POD_SPEC);
        var wanted = Intent.podSpec(set).orElseThrow();
        int id = FakeNodes.id(pod);
        return actual.equals(wanted) || ofNode(restarting(actual), id).equals(ofNode(restarting(wanted), id));
    }

    /** Which of the brokers are controllers no more matters to themselves alone. */
    private static JsonNode ofNode(JsonNode revision, int id) {
        var relieved = revision.path("properties").path(Relieved.PROPERTY);
        if (relieved.isMissingNode() || Relieved.in(relieved.asText(), id)) {
            return revision;
        }
        var own = revision.deepCopy();
        ((ObjectNode) own.path("properties")).remove(Relieved.PROPERTY);
        return own;
    }

    private static JsonNode restarting(String podSpec) {
        return RESTARTING.computeIfAbsent(podSpec, Watchman::withoutWhatKafkaTakes);
    }

    private static JsonNode withoutWhatKafkaTakes(String podSpec) {
        try {
            var revision = CanonicalJson.read(podSpec, ObjectNode.class);
            var spec = (ObjectNode) revision.remove("spec");
            revision.set("image", spec.path("containers").path(0).path("image"));
            revision.set("env", spec.path("containers").path(0).path("env"));
            ((ObjectNode) revision.path("properties")).remove(List.of(FakeKafka.THREADS, FakeKafka.MIN_IN_SYNC));
            return revision;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private void judgePartitions(int id, boolean losesDisk) {
        for (var topic : kafka.truth()) {
            for (var partition : topic.partitions()) {
                if (!partition.inSync().contains(id) || kafka.isMovedSinceTold(topic.name())) {
                    continue;
                }
                long staying = partition.inSync().stream()
                        .filter(other -> other != id && !batch.contains(other) && !evicted.contains(other))
                        .count();
                boolean protectable = partition.replicas().size() > topic.minInSyncReplicas();
                boolean isServed = kafka.hasLeader() && partition.leader() >= 0 && kafka.isRunning(id);
                if (isServed && protectable && staying < topic.minInSyncReplicas()) {
                    alarm.accept("restart of %d leaves %s-%d with %d in sync"
                            .formatted(id, topic.name(), partition.id(), staying));
                }
                long others = partition.replicas().size() - 1;
                boolean isBehind = partition.inSync().size() <= others;
                if (isServed && !protectable && others > 0 && (isBehind || staying == 0)) {
                    alarm.accept("restart of %d, of %s-%d without one to spare, leaves %d in sync"
                            .formatted(id, topic.name(), partition.id(), staying));
                }
                if (losesDisk && staying == 0) {
                    alarm.accept("restart of %d throws away the only copy of %s-%d"
                            .formatted(id, topic.name(), partition.id()));
                }
            }
        }
    }

    private void judgeQuorum(Set<Integer> gone, int id, boolean losesDisk) {
        boolean votes = kafka.isFounder(id);
        boolean hasNoneToSpare = kafka.voterCount() <= 2 && !losesDisk;
        if (votes && !hasNoneToSpare && kafka.soundVotersWithout(gone) <= kafka.voterCount() / 2) {
            alarm.accept("restart of %s leaves %d of %d voters"
                    .formatted(gone, kafka.soundVotersWithout(gone), kafka.voterCount()));
        }
    }

    /** With most voters' logs all metadata is gone, be they in use or not. */
    private void judgeLog(int id) {
        if (kafka.isFounder(id) && kafka.logsWithout(id, nodes.directories()) <= kafka.voterCount() / 2) {
            alarm.accept("restart of %d throws away a log, and leaves %d of %d"
                    .formatted(id, kafka.logsWithout(id, nodes.directories()), kafka.voterCount()));
        }
    }

    private void judgeApply(HasMetadata object) {
        if (object instanceof StatefulSet wanted) {
            kube.getLive(StatefulSet.class, object.getMetadata().getName()).ifPresent(live -> {
                judgeRemoval(wanted, live);
                if (!wanted.getSpec().getOrdinals().equals(live.getSpec().getOrdinals())) {
                    alarm.accept("gave other node ids to " + describe(object));
                }
            });
        }
        if (object instanceof StatefulSet wanted
                && kafka.answers()
                && isMarkedFormed()
                && hasRefused(wanted)
                && kube.getLive(StatefulSet.class, object.getMetadata().getName())
                        .filter(live -> !hasRefused(live))
                        .isPresent()) {
            alarm.accept("a value that Kafka refuses gets into the files of " + describe(object));
        }
        if (isIdentity(object)) {
            judgeIdentity((ConfigMap) object);
        }
    }

    /** Whoever goes holds nothing and does not vote, now and a moment ago, and the user wants it so; and somebody is left. */
    private void judgeRemoval(StatefulSet wanted, StatefulSet live) {
        int first = live.getSpec().getOrdinals().getStart();
        int staying = first + wanted.getSpec().getReplicas();
        if (wanted.getSpec().getReplicas() < live.getSpec().getReplicas()
                && kafka.known().stream().filter(kafka::isUnfenced).allMatch(id -> isOf(first, id) && id >= staying)) {
            alarm.accept("took away nodes of " + describe(live) + ", and leaves nobody to ask");
        }
        for (int id = first + wanted.getSpec().getReplicas();
                id < first + live.getSpec().getReplicas();
                id++) {
            if (!isDrained(id)) {
                alarm.accept("took away node " + id + ", which is not drained");
            }
            if (!wasDrained(id)) {
                alarm.accept("took away node " + id + ", which was not drained a moment ago");
            }
            if (id - first < scenario.wanted(live.getMetadata().getName())) {
                alarm.accept("took away node " + id + " against the user's word");
            }
            downByUs.remove(id);
        }
    }

    /** Nobody wants it, nobody runs in it, and Kafka remembers nobody of it. */
    private void judgeRemoval(StatefulSet seen) {
        var live = kube.getLive(StatefulSet.class, seen.getMetadata().getName()).orElseThrow();
        int first = live.getSpec().getOrdinals().getStart();
        boolean hasPods = kube.everything(Pod.class).stream().anyMatch(pod -> isOf(first, FakeNodes.id(pod)));
        if (scenario.wanted(live.getMetadata().getName()) > 0
                || live.getSpec().getReplicas() > 0
                || hasPods
                || kafka.known().stream().anyMatch(id -> isOf(first, id))) {
            alarm.accept("deleted " + describe(live) + ", which is wanted or in use");
        }
    }

    private static boolean isOf(int first, int id) {
        return id >= first && id < first + NodeSet.RANGE;
    }

    private static Predicate<Ongoing> anyOf(int id) {
        return move -> move.replicas().contains(id) || move.adding().contains(id);
    }

    private static boolean hasRefused(StatefulSet set) {
        return Intent.podSpec(set).orElse("").contains("\"" + FakeKafka.REFUSED + "\"");
    }

    private void judgeIdentity(ConfigMap wanted) {
        kube.getLive(ConfigMap.class, wanted.getMetadata().getName()).ifPresent(live -> {
            var before = live.getData();
            boolean unforms = "true".equals(before.get(Identity.FORMED))
                    && !"true".equals(wanted.getData().get(Identity.FORMED));
            if (unforms
                    || !before.get(Identity.CLUSTER_ID).equals(wanted.getData().get(Identity.CLUSTER_ID))) {
                alarm.accept("the identity was rewritten: " + before + " to " + wanted.getData());
            }
        });
    }

    /** A record made again over disks that have formed must say so. */
    private void judgeFounding(HasMetadata object) {
        var founded = kube.everything(PersistentVolumeClaim.class).stream()
                .map(claim -> claim.getMetadata().getAnnotations())
                .anyMatch(annotations -> "true".equals(annotations.get(Annotations.FORMED)));
        if (founded
                && object instanceof ConfigMap map
                && !"true".equals(map.getData().get(Identity.FORMED))) {
            alarm.accept("founds a cluster again over disks that remember one");
        }
    }

    boolean isMarkedFormed() {
        return kube.getLive(ConfigMap.class, Names.identity(Scenario.NAME))
                .map(map -> "true".equals(map.getData().get(Identity.FORMED)))
                .orElse(false);
    }

    private static boolean isIdentity(HasMetadata object) {
        return object instanceof ConfigMap && object.getMetadata().getName().equals(Names.identity(Scenario.NAME));
    }

    private static String describe(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }
}
