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

    /**
     * The leader of the quorum knows who follows it. One that is not ready may answer too, as long as Kafka calls it in service:
     * all others tell when it is fenced, and only one that hears nothing does not know it of itself.
     *
     * @param nodes those among them that are brokers may have been asked
     */
    static Optional<String> doubt(List<ObservedNode> nodes, Reachable kafka) {
        return StabilityRules.behind(
                nodes.stream().filter(node -> node.isReady() || kafka.isInService(node.id())), kafka);
    }
}
