package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Departed;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Successor;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.LowerNodeSet;
import dev.castellan.operator.cluster.plan.Step.MarkDrained;
import dev.castellan.operator.cluster.plan.Step.RemoveLeftovers;
import dev.castellan.operator.cluster.plan.Step.UnregisterBroker;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kafka.Broker;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Safe;
import dev.castellan.operator.placement.Drained;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Brokers that hold nothing leave, and controllers without a vote. That is proved twice, apart in time, the second time right
 * before; and when brokers are gone Kafka forgets them.
 */
final class LeaveRules {
    private static final Duration RECHECK = Duration.ofSeconds(1);

    /** From the first proof to the second: longer than any broker in service lags behind the controller. */
    private static final Duration APART = Duration.ofSeconds(10);

    /** A first proof that is older tells nothing of now. */
    private static final Duration STALE = Duration.ofMinutes(2);

    private LeaveRules() {}

    static Optional<Step> lower(Intent intent, ObservedCluster observed) {
        return drained(intent, observed)
                .filter(leaving -> leaving.doubt().isEmpty())
                .flatMap(leaving -> leaving.isProvedBefore()
                        ? leaving.lower().stream()
                        : Stream.of(new MarkDrained(leaving.set().name(), leaving.mark(), leaving.words())))
                .findFirst();
    }

    static Optional<Wait> awaitSecondProof(Intent intent, ObservedCluster observed) {
        return drained(intent, observed)
                .findFirst()
                .map(leaving -> new Wait(
                        leaving.words()
                                + leaving.doubt()
                                        .map(doubt -> ", by all accounts, but that is not sure: " + doubt)
                                        .orElse("; looked at once more before the end"),
                        RECHECK));
    }

    private static Stream<Leaving> drained(Intent intent, ObservedCluster observed) {
        var sets = intent.sets().stream()
                .filter(set -> !set.leaving().isEmpty() && isApplied(intent, observed, set))
                .toList();
        return sets.isEmpty()
                ? Stream.empty()
                : Relocation.of(intent, observed).stream().flatMap(relocation -> sets.stream()
                        .filter(set -> set.isBroker() || VoterRules.canForget(relocation.kafka()))
                        .flatMap(set -> observed.inventory().statefulSet(set.name()).stream()
                                .flatMap(live -> proof(relocation, new HashSet<>(set.leaving())).stream()
                                        .map(proof -> new Leaving(set, live, proof, relocation, observed)))));
    }

    private static Optional<Drained> proof(Relocation relocation, Set<Integer> brokers) {
        return Drained.proof(
                brokers,
                relocation.kafka().topics(),
                relocation.moves().ongoing(),
                relocation.kafka().quorum());
    }

    /** Otherwise to lower it would change more of it than its size. */
    private static boolean isApplied(Intent intent, ObservedCluster observed, NodeSet set) {
        return intent.statefulSets().containsKey(set.name())
                && observed.unapplied().stream()
                        .noneMatch(object -> object instanceof StatefulSet
                                && object.getMetadata().getName().equals(set.name()));
    }

    /** Nodes of a set that hold nothing, by the look just taken. */
    private record Leaving(
            NodeSet set, StatefulSet live, Drained proof, Relocation relocation, ObservedCluster observed) {

        /** Of these very nodes: whatever was proved of an earlier wish of the user counts no more. */
        boolean isProvedBefore() {
            return marked().filter(at -> at.plus(STALE).isAfter(observed.now())).isPresent();
        }

        private Optional<Instant> marked() {
            return Optional.ofNullable(live.getMetadata().getAnnotations())
                    .map(annotations -> annotations.get(Annotations.DRAINED))
                    .filter(mark -> mark.startsWith(seenOf()))
                    .map(mark -> Instant.parse(mark.substring(seenOf().length())));
        }

        private String seenOf() {
            return live.getMetadata().getGeneration() + " to " + set.staying() + " at ";
        }

        Optional<String> doubt() {
            return Witnesses.doubt(observed, relocation.kafka());
        }

        String mark() {
            return seenOf() + observed.now();
        }

        Optional<Step> lower() {
            boolean apart = marked().filter(at -> !at.plus(APART).isAfter(observed.now()))
                    .isPresent();
            return apart && leavesSomeone() && Gate.of(nodes(), relocation.kafka()) instanceof Safe
                    ? CordonRules.liftForGood(set, observed, relocation, words())
                            .or(() -> Optional.of(lowered()))
                    : Optional.empty();
        }

        private LowerNodeSet lowered() {
            return new LowerNodeSet(
                    set.name(),
                    set.staying(),
                    proof,
                    "%s%s, as was seen at %s too: %s goes from %d nodes to %d"
                            .formatted(
                                    names(),
                                    hold(),
                                    marked().orElseThrow(),
                                    set.name(),
                                    set.replicas(),
                                    set.staying()));
        }

        /** Without a broker in service there would be nobody to ask for anything any more. */
        private boolean leavesSomeone() {
            return !set.isBroker()
                    || relocation.staying().stream().anyMatch(id -> relocation.areInService(List.of(id)));
        }

        private List<ObservedNode> nodes() {
            return observed.nodes().stream()
                    .filter(node -> node.isLeaving() && node.set().equals(set))
                    .toList();
        }

        String words() {
            return names() + " of " + set.name() + hold() + " any more";
        }

        private String names() {
            return set.isBroker() ? Relocation.names(set.leaving()) : VoterRules.names(set.leaving());
        }

        private String hold() {
            boolean isOne = set.leaving().size() == 1;
            return set.isBroker()
                    ? isOne ? " holds nothing" : " hold nothing"
                    : isOne ? " has no vote" : " have no vote";
        }
    }

    /** As long as Kafka remembers them, they keep new features from being finalised. */
    static Optional<Step> unregister(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed).stream()
                .filter(relocation ->
                        Witnesses.doubt(observed, relocation.kafka()).isEmpty())
                .flatMap(relocation -> gone(intent, relocation)
                        .filter(broker -> broker.fenced() && !hasPod(intent, observed, broker.nodeId()))
                        .filter(broker ->
                                proof(relocation, Set.of(broker.nodeId())).isPresent()))
                .findFirst()
                .map(broker -> new UnregisterBroker(
                        broker.nodeId(), "broker " + broker.nodeId() + " is gone and held nothing: Kafka forgets it"));
    }

    /** Kafka has no events. */
    static Optional<Wait> awaitEnd(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed).stream()
                .flatMap(relocation -> gone(intent, relocation)
                        .filter(broker ->
                                proof(relocation, Set.of(broker.nodeId())).isPresent())
                        .map(broker -> "broker " + broker.nodeId() + " is shutting down for good"
                                + Witnesses.doubt(observed, relocation.kafka())
                                        .map(doubt -> "; Kafka forgets it when what it held is sure: " + doubt)
                                        .orElse("")))
                .findFirst()
                .map(words -> new Wait(words, RECHECK));
    }

    /** Of a pool, a zone or controllers that the spec no longer has, when Kafka has forgotten all its nodes; disks are kept. */
    static Optional<RemoveLeftovers> removeNodeSet(Intent intent, ObservedCluster observed) {
        return intent.pace().isPresent() && observed.kafka() instanceof Reachable kafka
                ? intent.sets().stream()
                        .filter(set -> set.replicas() == 0)
                        .filter(set -> kafka.brokers().stream().noneMatch(broker -> set.owns(broker.nodeId())))
                        .flatMap(set -> observed.inventory().statefulSet(set.name()).stream())
                        .filter(live -> live.getSpec().getReplicas() == 0 && hasNoPod(observed, live))
                        .filter(live ->
                                !Successor.isAbsent(live) && Departed.of(live).isEmpty())
                        .findFirst()
                        .map(live -> new RemoveLeftovers(
                                List.of(live),
                                "all %s of %s have gone, and so does its StatefulSet; its volumes are kept"
                                        .formatted(
                                                live.getMetadata().getLabels().containsKey(Labels.CONTROLLER)
                                                        ? "controllers"
                                                        : "brokers",
                                                live.getMetadata().getName())))
                : Optional.empty();
    }

    private static boolean hasNoPod(ObservedCluster observed, StatefulSet set) {
        return observed.inventory().pods().stream()
                .map(pod -> pod.getMetadata().getLabels().get(Labels.SET))
                .noneMatch(set.getMetadata().getName()::equals);
    }

    private static Stream<Broker> gone(Intent intent, Relocation relocation) {
        return relocation.kafka().brokers().stream()
                .filter(broker -> intent.sets().stream().anyMatch(set -> set.hasLost(broker.nodeId())));
    }

    private static boolean hasPod(Intent intent, ObservedCluster observed, int id) {
        return intent.sets().stream()
                .filter(set -> set.owns(id))
                .anyMatch(set -> observed.inventory().pod(set.podName(id)).isPresent());
    }
}
