package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Who may have told where the data lies: any broker that serves may be the one that was asked, and one that hears nothing from
 * the controllers any more tells of copies that are none, and not of what is new. So on doubt nothing is given up.
 */
final class Witnesses {
    private Witnesses() {}

    /** Why what lies where is not sure. */
    static Optional<String> doubt(ObservedCluster observed, Reachable kafka) {
        return doubt(observed.nodes().stream(), kafka);
    }

    /** @param besides is not asked: what it holds is what may be given up */
    static Optional<String> doubt(ObservedCluster observed, Reachable kafka, ObservedNode besides) {
        return doubt(observed.nodes().stream().filter(node -> node.id() != besides.id()), kafka);
    }

    private static Optional<String> doubt(Stream<ObservedNode> nodes, Reachable kafka) {
        var brokers = nodes.filter(ObservedNode::isBroker).toList();
        return StabilityRules.behind(brokers.stream().filter(ObservedNode::isReady), kafka)
                .or(() -> deaf(brokers, kafka));
    }

    /** The controllers fence who hears nothing, which is what all others tell; only that one takes itself to be in service. */
    private static Optional<String> deaf(Iterable<ObservedNode> brokers, Reachable kafka) {
        for (var broker : brokers) {
            if (!broker.isReady() && kafka.isInService(broker.id())) {
                return Optional.of(broker.title() + " is in service by Kafka's word, and not ready by its own");
            }
        }
        return Optional.empty();
    }
}
