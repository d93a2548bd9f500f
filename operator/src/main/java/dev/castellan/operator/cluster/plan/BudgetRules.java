package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.SetDisruptionBudget;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Unsafe;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Others may evict a pod, as who drains a Kubernetes node does, exactly while the gate would let any one of the pods go. That
 * they go one after the other is seen to by the API server; when the next may go, only Kafka knows.
 */
final class BudgetRules {
    private static final int CLOSED = 0;

    /** More would need to say which of them. */
    private static final int OPEN = 1;

    private BudgetRules() {}

    /** Ahead of whatever waits. */
    static Optional<Step> close(Intent intent, ObservedCluster observed) {
        return budgets(observed)
                .filter(budget -> allowed(budget) != CLOSED)
                .flatMap(budget -> problem(budget, intent, observed)
                        .map(problem -> set(budget, CLOSED, "no pod may be evicted now: " + problem))
                        .stream())
                .findFirst();
    }

    /** Or whoever is evicted after the gate has looked would be one too many; it looks again when nobody is any more. */
    static Optional<Step> closeAhead(boolean ofBrokers, Intent intent, ObservedCluster observed) {
        return budgets(observed)
                .filter(budget -> isOfBrokers(budget, intent) == ofBrokers
                        // That of controllers is shut anyhow while brokers vote.
                        || (!ofBrokers && votingBroker(intent, observed).isPresent()))
                .filter(budget -> allowed(budget) != CLOSED)
                .findFirst()
                .map(budget -> set(budget, CLOSED, "no pod may be evicted now: a restart is due"));
    }

    /** Not between the rounds of a roll, which would only be held up. */
    static Optional<Step> open(Intent intent, ObservedCluster observed) {
        return budgets(observed)
                .filter(budget -> allowed(budget) != OPEN)
                .filter(budget -> problem(budget, intent, observed).isEmpty())
                .findFirst()
                .map(budget -> set(budget, OPEN, "any one pod may be evicted"));
    }

    private static Stream<PodDisruptionBudget> budgets(ObservedCluster observed) {
        return observed.inventory().budgets().stream();
    }

    private static Step set(PodDisruptionBudget budget, int pods, String reason) {
        var name = budget.getMetadata().getName();
        return new SetDisruptionBudget(name, pods, "PodDisruptionBudget %s: %s".formatted(name, reason));
    }

    /** Whoever changed it by hand, to a percentage for example: neither open nor closed as we know it. */
    private static int allowed(PodDisruptionBudget budget) {
        var max = budget.getSpec().getMaxUnavailable();
        return max == null ? CLOSED : Optional.ofNullable(max.getIntVal()).orElse(-1);
    }

    private static Optional<String> problem(PodDisruptionBudget budget, Intent intent, ObservedCluster observed) {
        boolean ofBrokers = isOfBrokers(budget, intent);
        var nodes = observed.nodes().stream()
                .filter(node -> node.isBroker() == ofBrokers)
                .toList();
        return unknownPod(nodes, ofBrokers, observed)
                .map(pod -> "pod " + pod + " belongs to no StatefulSet")
                .or(() -> observed.nodes().stream()
                        .filter(node -> !node.isReady())
                        .filter(node -> node.isBroker() == ofBrokers || votesBesideBrokers(node, intent, observed))
                        .findFirst()
                        .map(node -> node.title() + " is not ready"))
                .or(() -> ofBrokers ? Optional.empty() : votingBroker(intent, observed))
                .or(() -> problem(nodes, observed));
    }

    /**
     * While the quorum moves, voters are under both budgets, and neither knows whom the other lets go: so one of them is shut, that
     * of fewer pods, ahead of the first vote.
     */
    private static Optional<String> votingBroker(Intent intent, ObservedCluster observed) {
        return observed.kafka() instanceof Reachable kafka
                ? observed.nodes().stream()
                        .filter(ObservedNode::isBroker)
                        .filter(node -> intent.quorum().votes(node.id()) || votes(node, kafka))
                        .findFirst()
                        .map(node -> node.title() + " votes too, and may be evicted")
                : Optional.empty();
    }

    /** Kafka may not have missed it yet, when it is down: then no other voter can be spared. */
    private static boolean votesBesideBrokers(ObservedNode node, Intent intent, ObservedCluster observed) {
        return observed.kafka() instanceof Reachable kafka
                && votes(node, kafka)
                && votingBroker(intent, observed).isPresent();
    }

    private static boolean votes(ObservedNode node, Reachable kafka) {
        return kafka.quorum().voters().stream().anyMatch(voter -> voter.nodeId() == node.id());
    }

    private static boolean isOfBrokers(PodDisruptionBudget budget, Intent intent) {
        return budget.getMetadata().getName().equals(Names.brokersBudget(intent.name()));
    }

    /** One that the budget counts and nobody has judged, as while its StatefulSet is gone. */
    private static Optional<String> unknownPod(List<ObservedNode> nodes, boolean ofBrokers, ObservedCluster observed) {
        var known = nodes.stream().map(ObservedNode::podName).collect(Collectors.toSet());
        return observed.inventory().pods().stream()
                .map(Pod::getMetadata)
                .filter(pod -> pod.getLabels().containsKey(Labels.BROKER) == ofBrokers)
                .map(ObjectMeta::getName)
                .filter(name -> !known.contains(name))
                .findFirst();
    }

    private static Optional<String> problem(List<ObservedNode> nodes, ObservedCluster observed) {
        return switch (observed.kafka()) {
            case Reachable kafka -> Witnesses.doubt(nodes, kafka).or(() -> problem(nodes, kafka));
            default -> Optional.of("Kafka does not answer");
        };
    }

    private static Optional<String> problem(List<ObservedNode> nodes, Reachable kafka) {
        return Gate.ofAnyOne(nodes, kafka) instanceof Unsafe(String reason) ? Optional.of(reason) : Optional.empty();
    }
}
