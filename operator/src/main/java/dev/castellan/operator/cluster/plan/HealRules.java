package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.LostHost;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.ReplaceNode;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import java.util.Optional;

/**
 * A node whose host is gone with its disk is made again elsewhere, when it has been down for so long that the host is unlikely
 * to come back, and everything that lies there has a copy in sync elsewhere.
 */
final class HealRules {
    private HealRules() {}

    static Optional<ReplaceNode> replaceLost(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node -> node.lostHost().isPresent()
                        && obstacle(intent, observed, node).isEmpty())
                .findFirst()
                .map(node -> replace(node, node.lostHost().orElseThrow()));
    }

    private static ReplaceNode replace(ObservedNode node, LostHost host) {
        return new ReplaceNode(
                node.id(),
                node.podName(),
                host.claims(),
                "%s was on %s: it is made again elsewhere, and its peers fill its disk"
                        .formatted(node.title(), host.words()));
    }

    /** What the first of them waits for. */
    static Optional<Step> tell(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node -> node.lostHost().isPresent())
                .flatMap(node -> obstacle(intent, observed, node).stream())
                .findFirst();
    }

    private static Optional<Step> obstacle(Intent intent, ObservedCluster observed, ObservedNode node) {
        var host = node.lostHost().orElseThrow();
        var loss = new Loss(
                node,
                host.uids(),
                host.since(),
                StallReason.DataOnLostHost,
                node.title() + " was on " + host.words(),
                "made again elsewhere");
        return loss.obstacle(intent, observed).or(() -> obstacle(intent, loss, (Reachable) observed.kafka()));
    }

    private static Optional<Step> obstacle(Intent intent, Loss loss, Reachable kafka) {
        var node = loss.node();
        return Down.isServing(kafka, node)
                ? loss.waiting("but Kafka still hears of it")
                : loss.dataObstacle(intent, kafka.topics(), topics -> Gate.ofReplacing(node, kafka, topics));
    }
}
