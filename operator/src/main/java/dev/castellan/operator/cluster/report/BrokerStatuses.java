package dev.castellan.operator.cluster.report;

import dev.castellan.api.v1beta1.KafkaClusterStatus.NodeStatus;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/** The brokers one by one, as observed. */
final class BrokerStatuses {
    private BrokerStatuses() {}

    /** As users read it. */
    enum State {
        /** In service. */
        Running,
        /** Its pod is ready, but the controller keeps clients away from it. */
        Fenced,
        Starting,
        /** Its process does not stay up. */
        Failing,
        Stopping,
        Missing
    }

    static List<NodeStatus> of(ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(ObservedNode::isBroker)
                .sorted(Comparator.comparingInt(ObservedNode::id))
                .map(node -> status(node, observed.kafka()))
                .toList();
    }

    private static NodeStatus status(ObservedNode node, ObservedKafka kafka) {
        var status = new NodeStatus();
        status.id = node.id();
        status.pod = node.podName();
        status.pool = node.set().pool();
        status.zone = node.set().zone().orElse(null);
        status.version = node.version().orElse(null);
        status.state = state(node, kafka).name();
        if (kafka instanceof Reachable reachable) {
            status.leaders = count(reachable, partition -> partition.leader() == node.id());
            status.replicas = count(reachable, partition -> partition.replicas().contains(node.id()));
        }
        return status;
    }

    private static State state(ObservedNode node, ObservedKafka kafka) {
        if (node.pod().isEmpty()) {
            return State.Missing;
        }
        if (node.isTerminating()) {
            return State.Stopping;
        }
        if (!node.isReady()) {
            return node.isFailing() ? State.Failing : State.Starting;
        }
        return kafka instanceof Reachable reachable && !Health.isInService(reachable, node)
                ? State.Fenced
                : State.Running;
    }

    private static int count(Reachable kafka, Predicate<Partition> which) {
        return (int) kafka.topics().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(which)
                .count();
    }
}
