package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedKafka.Unreachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.RestartNode;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.placement.CaughtUp;
import dev.castellan.operator.placement.DisruptionGate;
import dev.castellan.operator.placement.DisruptionGate.Verdict;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Safe;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Unsafe;
import java.time.Duration;
import java.util.Comparator;
import java.util.Optional;
import java.util.Set;

/** Brings outdated pods up to date, one at a time, each when the gate lets it go. */
final class RestartRules {
    private static final Duration RECHECK = Duration.ofSeconds(1);

    /** Longer than any election, or loss of a connection. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private RestartRules() {}

    static Optional<RestartNode> restartBroken(Intent intent, ObservedCluster observed) {
        return Outdated.nodes(intent, observed).stream()
                .filter(node -> !node.isReady())
                .filter(node -> Outdated.wouldComeBackCurrent(intent, observed, node))
                .filter(node -> isDown(intent, observed, node))
                .findFirst()
                .map(node -> restart(intent, node, "is down, and gets "));
    }

    /** By its pod it is broken, not merely starting; and nothing that is served is taken away with it. */
    private static boolean isDown(Intent intent, ObservedCluster observed, ObservedNode node) {
        if (!node.isFailing() && !node.isOverdue(observed.now())) {
            return false;
        }
        return switch (observed.kafka()) {
            case Reachable kafka ->
                gate(intent, node, kafka) instanceof Safe
                        && (!isServing(kafka, node) || othersServe(observed, kafka, node));
            case Unreachable kafka -> isDownUnasked(intent, observed, node, kafka);
        };
    }

    /** Kafka cannot be asked: a process that does not run serves nobody, one that runs may, until all are long silent. */
    private static boolean isDownUnasked(
            Intent intent, ObservedCluster observed, ObservedNode node, Unreachable kafka) {
        boolean isController = intent.identity().isController(node.id());
        boolean nobodyIsReady = observed.nodes().stream()
                .filter(other -> isController || other.isBroker())
                .noneMatch(ObservedNode::isReady);
        boolean isLongSilent = kafka.since()
                .filter(since -> since.plus(SILENCE).isBefore(observed.now()))
                .isPresent();
        if (losesDisk(node)) {
            return !intent.identity().formed() && nobodyIsReady && node.isFailing();
        }
        return node.isFailing() || (nobodyIsReady && isLongSilent && !isAnyOnTrial(intent, observed));
    }

    /** A node that is just coming up, or that has what the spec wants and fails with it: first see what becomes of it. */
    private static boolean isAnyOnTrial(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(other -> !other.isReady())
                .anyMatch(other ->
                        other.isFailing() ? !Outdated.isOutdated(intent, other) : !other.isOverdue(observed.now()));
    }

    /** What its pod says and what Kafka says of it may differ, as with a probe that fails; then it is not down yet. */
    private static boolean isServing(Reachable kafka, ObservedNode node) {
        return kafka.broker(node.id()).filter(broker -> !broker.fenced()).isPresent()
                || kafka.quorum().voters().stream()
                        .anyMatch(voter -> voter.nodeId() == node.id() && CaughtUp.isAlive(voter));
    }

    /** By both accounts, since Kafka takes its time to miss a node whose pod is gone or new. */
    private static boolean othersServe(ObservedCluster observed, Reachable kafka, ObservedNode node) {
        return observed.nodes().stream()
                .filter(other -> other.id() != node.id())
                .allMatch(other -> isServing(kafka, other)
                        && !other.isTerminating()
                        && (other.isReady() || other.isOverdue(observed.now())));
    }

    static Optional<Step> roll(Intent intent, ObservedCluster observed) {
        var outdated = Outdated.nodes(intent, observed);
        if (outdated.isEmpty() || !(observed.kafka() instanceof Reachable kafka)) {
            return Optional.empty();
        }
        int turn = outdated.stream()
                .mapToInt(node -> turn(intent, node, kafka))
                .min()
                .orElseThrow();
        var candidates = outdated.stream()
                .filter(node -> turn(intent, node, kafka) == turn)
                .sorted(Comparator.comparingInt(ObservedNode::id))
                .toList();
        var blocked = candidates.stream()
                .filter(node -> !Outdated.wouldComeBackCurrent(intent, observed, node))
                .findFirst();
        if (blocked.isPresent()) {
            return Optional.of(new Wait(
                    "Kubernetes has not taken in the change of StatefulSet "
                            + blocked.get().set().name() + " yet",
                    RECHECK));
        }
        return candidates.stream()
                .filter(node -> gate(intent, node, kafka) instanceof Safe)
                .findFirst()
                .<Step>map(node -> restart(intent, node, gate(intent, node, kafka)))
                .or(() -> Optional.of(refusal(intent, candidates.getFirst(), kafka)));
    }

    /** Controllers before brokers, since a newer controller serves older brokers; who leads goes last of its kind. */
    private static int turn(Intent intent, ObservedNode node, Reachable kafka) {
        return (node.isBroker() ? 2 : 0) + (kafka.quorum().leaderId() == node.id() ? 1 : 0);
    }

    private static Verdict gate(Intent intent, ObservedNode node, Reachable kafka) {
        var alone = Set.of(node.id());
        return DisruptionGate.mayTakeDown(alone, losesDisk(node) ? alone : Set.of(), kafka.quorum(), kafka.topics());
    }

    private static boolean losesDisk(ObservedNode node) {
        return node.set().storage().ephemeral();
    }

    private static RestartNode restart(Intent intent, ObservedNode node, Verdict verdict) {
        var step = restart(intent, node, "gets ");
        return verdict instanceof Safe(int unprotected) && unprotected > 0
                ? new RestartNode(
                        step.nodeId(),
                        step.pod(),
                        step.reason() + "; " + unprotected
                                + " partitions have no replica to spare and cannot be written meanwhile")
                : step;
    }

    private static RestartNode restart(Intent intent, ObservedNode node, String verb) {
        return new RestartNode(node.id(), node.podName(), node.title() + " " + verb + Outdated.why(intent, node));
    }

    private static Wait refusal(Intent intent, ObservedNode node, Reachable kafka) {
        var reason = gate(intent, node, kafka) instanceof Unsafe(String problem) ? problem : "the gate is shut";
        return new Wait(node.title() + " cannot be restarted now: " + reason, RECHECK);
    }
}
