package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import java.util.List;
import java.util.Optional;

/**
 * Who may have told where the data lies: any broker that serves may be the one that was asked, and one that hears nothing from
 * the controllers any more tells of copies that are none, and not of what is new. So on doubt nothing is given up.
 */
final class Witnesses {
    private Witnesses() {}

    /** Why what lies where is not sure. */
    static Optional<String> doubt(ObservedCluster observed, Reachable kafka) {
        return doubt(observed.nodes(), kafka);
    }

    /** @param besides is not asked: what it holds is what may be given up */
    static Optional<String> doubt(ObservedCluster observed, Reachable kafka, ObservedNode besides) {
        return doubt(
                observed.nodes().stream()
                        .filter(node -> node.id() != besides.id())
                        .toList(),
                kafka);
    }

    /** @param nodes those among them that are brokers may have been asked */
    static Optional<String> doubt(List<ObservedNode> nodes, Reachable kafka) {
        return StabilityRules.behind(nodes.stream().filter(ObservedNode::isReady), kafka)
                .or(() -> deaf(nodes, kafka));
    }

    /** The controllers fence who hears nothing, which is what all others tell; only that one takes itself to be in service. */
    private static Optional<String> deaf(List<ObservedNode> nodes, Reachable kafka) {
        return nodes.stream()
                .filter(node -> node.isBroker() && !node.isReady() && kafka.isInService(node.id()))
                .findFirst()
                .map(node -> node.title() + " is in service by Kafka's word, and not ready by its own");
    }
}
