package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedKafka.Unreachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Roll.Round;
import dev.castellan.operator.cluster.plan.Step.RestartNodes;
import dev.castellan.operator.cluster.plan.Step.RestartNodes.Restart;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.placement.CaughtUp;
import dev.castellan.operator.placement.DisruptionGate;
import dev.castellan.operator.placement.DisruptionGate.Verdict;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Safe;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Unsafe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Brings outdated pods up to date, so many at a time as the gate lets go. */
final class RestartRules {
    private static final Duration RECHECK = Duration.ofSeconds(1);

    /** Longer than any election, or loss of a connection. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    private RestartRules() {}

    static Optional<RestartNodes> restartBroken(Intent intent, ObservedCluster observed) {
        return Outdated.nodes(intent, observed).stream()
                .filter(node -> !node.isReady())
                .filter(node -> Outdated.wouldComeBackCurrent(intent, observed, node))
                .filter(node -> isDown(intent, observed, node))
                .findFirst()
                .map(node -> restart(intent, node, "is down, and gets "))
                .map(restart -> new RestartNodes(List.of(restart), restart.reason()));
    }

    /** By its pod it is broken, not merely starting; and nothing that is served is taken away with it. */
    private static boolean isDown(Intent intent, ObservedCluster observed, ObservedNode node) {
        if (!node.isFailing() && !node.isOverdue(observed.now())) {
            return false;
        }
        return switch (observed.kafka()) {
            case Reachable kafka ->
                gate(List.of(node), kafka) instanceof Safe
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
        if (!(observed.kafka() instanceof Reachable kafka)
                || RolloutRules.held(intent, observed).isPresent()) {
            return Optional.empty();
        }
        var rounds = Roll.of(intent, observed, kafka).rounds();
        return rounds.isEmpty()
                ? Optional.empty()
                : RolloutRules.delay(intent, observed)
                        .<Step>map(wait -> wait)
                        .or(() -> notTakenIn(intent, observed, rounds))
                        .or(() -> restart(intent, observed, rounds, kafka));
    }

    private static Optional<Step> notTakenIn(Intent intent, ObservedCluster observed, List<Round> rounds) {
        return rounds.stream()
                .flatMap(round -> round.nodes().stream())
                .filter(node ->
                        node.isBroker() == rounds.getFirst().nodes().getFirst().isBroker())
                .filter(node -> !Outdated.wouldComeBackCurrent(intent, observed, node))
                .findFirst()
                .map(node -> new Wait(
                        "Kubernetes has not taken in the change of StatefulSet "
                                + node.set().name() + " yet",
                        RECHECK));
    }

    /** The first round of which anybody may go; but no broker before the last controller. */
    private static Optional<Step> restart(
            Intent intent, ObservedCluster observed, List<Round> rounds, Reachable kafka) {
        boolean brokers = rounds.getFirst().nodes().getFirst().isBroker();
        for (var round : rounds) {
            var free = round.nodes().getFirst().isBroker() == brokers
                    ? mayGo(round.nodes(), kafka)
                    : List.<ObservedNode>of();
            var next = onTrial(intent, observed, round.ofThese(free));
            if (!free.isEmpty() && gate(next.nodes(), kafka) instanceof Safe(int unprotected)) {
                return Optional.of(restart(intent, next, unprotected));
            }
        }
        return Optional.of(refusal(rounds.getFirst().nodes().getFirst(), kafka));
    }

    private static Round onTrial(Intent intent, ObservedCluster observed, Round round) {
        return round.nodes().size() < 2
                ? round
                : round.unproven(intent, observed).map(Roll::trial).orElse(round);
    }

    /** All of them, or as many of them as the gate lets go together. */
    private static List<ObservedNode> mayGo(List<ObservedNode> nodes, Reachable kafka) {
        if (gate(nodes, kafka) instanceof Safe) {
            return nodes;
        }
        var free = new ArrayList<ObservedNode>();
        for (var node : nodes) {
            free.add(node);
            if (!(gate(free, kafka) instanceof Safe)) {
                free.removeLast();
            }
        }
        return free;
    }

    private static Verdict gate(List<ObservedNode> nodes, Reachable kafka) {
        return DisruptionGate.mayTakeDown(
                ids(nodes.stream()),
                ids(nodes.stream().filter(RestartRules::losesDisk)),
                kafka.quorum(),
                kafka.topics());
    }

    private static Set<Integer> ids(Stream<ObservedNode> nodes) {
        return nodes.map(ObservedNode::id).collect(Collectors.toSet());
    }

    private static boolean losesDisk(ObservedNode node) {
        return node.set().storage().ephemeral();
    }

    private static RestartNodes restart(Intent intent, Round round, int unprotected) {
        var changes = round.nodes().stream()
                .map(node -> Outdated.why(intent, node))
                .distinct()
                .collect(Collectors.joining("; "));
        var reason = "%s: %s %s %s"
                .formatted(
                        round.title(), Roll.names(round.nodes()), round.nodes().size() == 1 ? "gets" : "get", changes);
        return new RestartNodes(
                round.nodes().stream()
                        .map(node -> restart(intent, node, "gets "))
                        .toList(),
                unprotected == 0
                        ? reason
                        : reason + "; " + unprotected
                                + " partitions have no replica to spare and cannot be written meanwhile");
    }

    private static Restart restart(Intent intent, ObservedNode node, String verb) {
        return new Restart(node.id(), node.podName(), node.title() + " " + verb + Outdated.why(intent, node));
    }

    private static Wait refusal(ObservedNode node, Reachable kafka) {
        var reason = gate(List.of(node), kafka) instanceof Unsafe(String problem) ? problem : "the gate is shut";
        return new Wait(node.title() + " cannot be restarted now: " + reason, RECHECK);
    }
}
