package dev.castellan.operator.cluster.report;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.observe.Partitions;
import dev.castellan.operator.placement.CaughtUp;
import java.util.List;
import java.util.Optional;

/**
 * How well the cluster is, from the facts.
 *
 * @param brokers those that clients would miss
 * @param allUp every node that should be there is in service
 * @param down nodes that were in service and are not
 * @param partitions empty: nobody can tell
 */
record Health(
        int brokers,
        int readyPods,
        int inService,
        boolean allUp,
        List<ObservedNode> down,
        Optional<Partitions> partitions) {

    static Health of(Intent intent, ObservedCluster observed) {
        var brokers = observed.nodes().stream().filter(ObservedNode::isBroker).toList();
        int ready = (int) brokers.stream().filter(ObservedNode::isReady).count();
        var out = observed.nodes().stream()
                .filter(node -> !isUp(intent, observed, node))
                .toList();
        var down = out.stream().filter(node -> isEstablished(observed, node)).toList();
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return new Health(brokers.size(), ready, 0, out.isEmpty(), down, Optional.empty());
        }
        return new Health(
                missable(brokers, kafka),
                ready,
                (int) brokers.stream()
                        .filter(node -> kafka.isInService(node.id()))
                        .count(),
                out.isEmpty(),
                down,
                Optional.of(Partitions.of(observed.settled(kafka))));
    }

    /** A broker that is only just coming holds nothing; but so do all at the very beginning. */
    private static int missable(List<ObservedNode> brokers, Reachable kafka) {
        boolean isBeginning = brokers.stream().noneMatch(node -> kafka.holdsAnything(node.id()));
        return (int) brokers.stream()
                .filter(node -> isBeginning || kafka.isInService(node.id()) || kafka.holdsAnything(node.id()))
                .count();
    }

    /** A node that has never been in service is new, not down. */
    private static boolean isEstablished(ObservedCluster observed, ObservedNode node) {
        return !(observed.kafka() instanceof Reachable kafka)
                || kafka.broker(node.id()).isPresent()
                || kafka.quorum().voters().stream().anyMatch(voter -> voter.nodeId() == node.id());
    }

    private static boolean isUp(Intent intent, ObservedCluster observed, ObservedNode node) {
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return node.isReady();
        }
        boolean votes = !intent.quorum().votes(node.id())
                || kafka.quorum().voters().stream()
                        .anyMatch(voter -> voter.nodeId() == node.id() && CaughtUp.isAlive(voter));
        return node.isReady() && votes && (!node.isBroker() || kafka.isInService(node.id()));
    }

    boolean serves() {
        return isMost(inService);
    }

    /** By the pods alone it should serve. */
    boolean seemsToServe() {
        return isMost(readyPods);
    }

    boolean isWhole() {
        return partitions.isPresent() && allUp && brokers > 0;
    }

    private boolean isMost(int count) {
        return count * 2 > brokers;
    }
}
