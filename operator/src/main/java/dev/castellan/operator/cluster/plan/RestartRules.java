package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Roll.Round;
import dev.castellan.operator.cluster.plan.Step.RestartNodes;
import dev.castellan.operator.cluster.plan.Step.RestartNodes.Restart;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Safe;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Unsafe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Brings outdated pods up to date, so many at a time as the gate lets go. */
final class RestartRules {
    private static final Duration RECHECK = Duration.ofSeconds(1);

    /** Longer than most brokers take from being ready until their followers are in sync; what lasts longer is a fault. */
    private static final Duration CATCHING_UP = Duration.ofSeconds(30);

    private RestartRules() {}

    static Optional<RestartNodes> restartBroken(Intent intent, ObservedCluster observed) {
        return Outdated.nodes(observed).stream()
                .filter(node -> !node.isReady() && !TrialRules.isLeftAsItIs(intent, node))
                .filter(node -> Outdated.wouldComeBackCurrent(intent, observed, node))
                .filter(node -> Down.isDown(intent, observed, node))
                .min(Comparator.comparing(node -> !intent.quorum().mayVote(node.id()))) // all others wait for them
                .map(node -> restart(node, "is down, and gets "))
                .map(restart -> new RestartNodes(List.of(restart), restart.reason()));
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
                        .map(wait -> BudgetRules.open(intent, observed).orElse(wait))
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

    /**
     * The first round of which anybody may go, as a whole while those restarted last may still be catching up; but no broker
     * before the last controller.
     */
    private static Optional<Step> restart(
            Intent intent, ObservedCluster observed, List<Round> rounds, Reachable kafka) {
        boolean brokers = rounds.getFirst().nodes().getFirst().isBroker();
        boolean whole = mayBeCatchingUp(observed);
        return rounds.stream()
                .filter(round -> round.nodes().getFirst().isBroker() == brokers)
                .flatMap(round -> next(observed, round, whole, kafka).stream())
                .findFirst()
                .map(restart ->
                        BudgetRules.closeAhead(brokers, intent, observed).orElse(restart))
                .or(() -> Optional.of(refusal(rounds.getFirst().nodes(), kafka, MoveRules.besides(intent, observed))));
    }

    /** What of this round may go now, if anything. */
    private static Optional<RestartNodes> next(ObservedCluster observed, Round round, boolean whole, Reachable kafka) {
        var free = mayGo(round.nodes(), kafka);
        var trial = onTrial(observed, round, free);
        boolean split = trial.isEmpty() && free.size() < round.nodes().size();
        if (free.isEmpty() || (split && whole)) {
            return Optional.empty();
        }
        var next = trial.orElse(round.ofThese(free));
        return Gate.of(next.nodes(), kafka) instanceof Safe(int unprotected)
                ? Optional.of(restart(next, unprotected))
                : Optional.empty();
    }

    private static boolean mayBeCatchingUp(ObservedCluster observed) {
        return observed.nodes().stream()
                .flatMap(node -> node.readySince().stream())
                .anyMatch(since -> since.plus(CATCHING_UP).isAfter(observed.now()));
    }

    private static Optional<Round> onTrial(ObservedCluster observed, Round round, List<ObservedNode> free) {
        return round.nodes().size() < 2
                ? Optional.empty()
                : round.ofThese(free).unproven(observed).map(Roll::trial);
    }

    /** All of them, or as many of them as the gate lets go together. */
    private static List<ObservedNode> mayGo(List<ObservedNode> nodes, Reachable kafka) {
        if (Gate.of(nodes, kafka) instanceof Safe) {
            return nodes;
        }
        var free = new ArrayList<ObservedNode>();
        for (var node : nodes) {
            free.add(node);
            if (!(Gate.of(free, kafka) instanceof Safe)) {
                free.removeLast();
            }
        }
        return free;
    }

    private static RestartNodes restart(Round round, int unprotected) {
        var changes = round.nodes().stream().map(Outdated::why).distinct().collect(Collectors.joining("; "));
        var reason = "%s: %s %s %s"
                .formatted(
                        round.title(), Roll.names(round.nodes()), round.nodes().size() == 1 ? "gets" : "get", changes);
        return new RestartNodes(
                round.nodes().stream().map(node -> restart(node, "gets ")).toList(),
                unprotected == 0
                        ? reason
                        : reason + "; " + unprotected
                                + " partitions have no replica to spare and cannot be written meanwhile");
    }

    private static Restart restart(ObservedNode node, String verb) {
        return new Restart(node.id(), node.podName(), node.title() + " " + verb + Outdated.why(node));
    }

    /** @param besides what may be why, and is told last otherwise */
    private static Wait refusal(List<ObservedNode> nodes, Reachable kafka, String besides) {
        var reason = Gate.of(nodes, kafka) instanceof Unsafe(String problem) ? problem : "the gate is shut";
        return new Wait(Roll.names(nodes) + " cannot be restarted now: " + reason + besides, RECHECK);
    }
}
