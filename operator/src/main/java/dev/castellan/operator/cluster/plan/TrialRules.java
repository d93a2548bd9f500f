package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.LastGood;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.RecordTrialFailure;
import dev.castellan.operator.cluster.plan.Step.RecordTrialSuccess;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.placement.CaughtUp;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What a spec changes is on trial, pool by pool, until a node of the pool is well with it. If one fails instead, that is put on
 * record, every StatefulSet says again what nodes have been well with, and nothing is rolled before the spec is another.
 */
final class TrialRules {
    private TrialRules() {}

    static Optional<RecordTrialFailure> fail(Intent intent, ObservedCluster observed) {
        return intent.failed().isPresent()
                ? Optional.empty()
                : observed.nodes().stream()
                        .flatMap(node -> TrialFailure.of(intent, observed, node).stream()
                                .map(failed -> new RecordTrialFailure(
                                        node.set().name(), failed, failed.words() + "; it is not tried again")))
                        .findFirst();
    }

    static Optional<RecordTrialSuccess> pass(Intent intent, ObservedCluster observed) {
        if (intent.failed().isPresent() || !(observed.kafka() instanceof Reachable kafka)) {
            return Optional.empty();
        }
        return intent.sets().stream()
                .map(NodeSet::pool)
                .distinct()
                .flatMap(pool -> pass(intent, observed, kafka, pool).stream())
                .findFirst();
    }

    private static Optional<RecordTrialSuccess> pass(
            Intent intent, ObservedCluster observed, Reachable kafka, String pool) {
        var sets = onTrial(intent, observed, pool);
        return sets.isEmpty()
                ? Optional.empty()
                : observed.nodes().stream()
                        .filter(node -> node.set().pool().equals(pool))
                        .filter(node -> node.pod().isPresent() && !node.isOutdated())
                        .filter(node -> !node.isToBeResized() && node.resizing().isEmpty())
                        .filter(node -> !node.set().isUndeclared())
                        .filter(node -> isWell(intent, kafka, node))
                        .findFirst()
                        .map(node -> success(node, sets));
    }

    private static RecordTrialSuccess success(ObservedNode node, List<String> sets) {
        var names = sets.stream().map(set -> "StatefulSet " + set).collect(Collectors.joining(", "));
        return new RecordTrialSuccess(
                sets,
                "%s is well with what %s now %s".formatted(node.title(), names, sets.size() == 1 ? "says" : "say"));
    }

    /** StatefulSets of the pool that are as they should be, but for what they say of their trial. */
    private static List<String> onTrial(Intent intent, ObservedCluster observed, String pool) {
        return intent.sets().stream()
                .filter(set -> set.pool().equals(pool) && intent.statefulSets().containsKey(set.name()))
                .map(NodeSet::name)
                .filter(name -> observed.inventory()
                        .statefulSet(name)
                        .flatMap(LastGood::of)
                        .isPresent())
                .filter(name -> observed.unapplied().stream()
                        .noneMatch(object -> object instanceof StatefulSet
                                && object.getMetadata().getName().equals(name)))
                .toList();
    }

    /** It does all that it is there for, whatever others do. */
    private static boolean isWell(Intent intent, Reachable kafka, ObservedNode node) {
        boolean votes = !intent.quorum().votes(node.id())
                || kafka.quorum().voters().stream()
                        .anyMatch(voter -> voter.nodeId() == node.id() && CaughtUp.isAlive(voter));
        return node.isReady() && votes && (!node.isBroker() || isInStep(kafka, node));
    }

    private static boolean isInStep(Reachable kafka, ObservedNode node) {
        return kafka.broker(node.id()).filter(broker -> !broker.fenced()).isPresent()
                && kafka.topics().stream()
                        .flatMap(topic -> topic.partitions().stream())
                        .filter(partition -> partition.replicas().contains(node.id()))
                        .allMatch(partition -> partition.inSync().contains(node.id()));
    }

    /** Ahead of a roll: the others are not to suffer the same. */
    static Optional<Stall> halt(Intent intent, ObservedCluster observed) {
        return intent.failed().flatMap(failed -> intent.refusal());
    }

    /** It failed, and the user wants to look at it. */
    static boolean isLeftAsItIs(Intent intent, ObservedNode node) {
        return intent.rollout().holds()
                && intent.failed()
                        .filter(failed -> failed.nodeId() == node.id())
                        .isPresent();
    }
}
