package dev.castellan.operator.cluster.report;

import dev.castellan.api.v1beta1.KafkaClusterStatus.NodeStatus;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.FailedDisk;
import dev.castellan.operator.cluster.observe.FullDisk;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.kafka.TopicPartitions;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The brokers one by one, as observed, and what they come to. */
public final class BrokerStatuses {
    private BrokerStatuses() {}

    /** Those that clients are served by. */
    public static int inService(List<NodeStatus> brokers) {
        return count(brokers, State.Running) + count(brokers, State.Leaving);
    }

    /** Those that are there to stay, whether they are well or not. */
    public static int staying(List<NodeStatus> brokers) {
        return brokers.size() - count(brokers, State.Leaving);
    }

    private static int count(List<NodeStatus> brokers, State state) {
        return (int) brokers.stream()
                .filter(broker -> state.name().equals(broker.state))
                .count();
    }

    /** As users read it. */
    enum State {
        /** In service. */
        Running,
        /** Its pod is ready, but the controller keeps clients away from it. */
        Fenced,
        /** In service, and to go as soon as it holds nothing any more. */
        Leaving,
        Starting,
        /** Its process does not stay up. */
        Failing,
        Stopping,
        /** Its cluster hibernates. */
        Stopped,
        Missing
    }

    /** @param before null: nothing was said yet */
    static List<NodeStatus> of(Intent intent, ObservedCluster observed, List<NodeStatus> before) {
        var load = observed.kafka() instanceof Reachable kafka
                ? Optional.of(Load.of(observed.settled(kafka)))
                : Optional.<Load>empty();
        return observed.nodes().stream()
                .filter(ObservedNode::isBroker)
                .sorted(Comparator.comparingInt(ObservedNode::id))
                .map(node -> status(node, observed, load, intent.hibernates(), before))
                .toList();
    }

    private static NodeStatus status(
            ObservedNode node,
            ObservedCluster observed,
            Optional<Load> load,
            boolean hibernates,
            List<NodeStatus> before) {
        var status = new NodeStatus();
        status.id = node.id();
        status.pod = node.podName();
        status.pool = node.set().pool();
        status.zone = node.set().zone().orElse(null);
        status.version = node.version().orElse(null);
        status.state = state(node, observed.kafka(), hibernates).name();
        status.failedDisk = observed.failedDisk(node)
                .map(FailedDisk::words)
                .or(() -> observed.fullDisk(node).map(FullDisk::words))
                .orElse(null);
        status.hangingDisks = Optional.ofNullable(observed.hangingDisks().get(node.id()))
                .map(List::copyOf)
                .orElse(null);
        status.volumes = VolumeStatuses.of(node, observed, before);
        status.leaders = load.map(l -> l.leaders().getOrDefault(node.id(), 0)).orElse(null);
        status.replicas = load.map(l -> l.replicas().getOrDefault(node.id(), 0)).orElse(null);
        return status;
    }

    private static State state(ObservedNode node, ObservedKafka kafka, boolean hibernates) {
        if (node.pod().isEmpty()) {
            return hibernates ? State.Stopped : State.Missing;
        }
        if (node.isTerminating()) {
            return State.Stopping;
        }
        if (!node.isReady()) {
            return node.isFailing() ? State.Failing : State.Starting;
        }
        if (kafka instanceof Reachable reachable && !reachable.isInService(node.id())) {
            return State.Fenced;
        }
        return node.isLeaving() ? State.Leaving : State.Running;
    }

    /** How many partitions each broker leads, and of how many it holds a replica. */
    private record Load(Map<Integer, Integer> leaders, Map<Integer, Integer> replicas) {
        static Load of(List<TopicPartitions> topics) {
            var load = new Load(new HashMap<>(), new HashMap<>());
            for (var topic : topics) {
                for (var partition : topic.partitions()) {
                    load.leaders.merge(partition.leader(), 1, Integer::sum);
                    partition.replicas().forEach(id -> load.replicas.merge(id, 1, Integer::sum));
                }
            }
            return load;
        }
    }
}
