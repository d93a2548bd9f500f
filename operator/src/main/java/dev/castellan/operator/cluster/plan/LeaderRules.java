package dev.castellan.operator.cluster.plan;

import static java.util.stream.Collectors.toCollection;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.plan.Step.ElectLeaders;
import dev.castellan.operator.kafka.Broker;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Kafka elects a leader when a broker comes that may lead. With a new disk it may come into service a moment before the controller
 * hears that its replicas lie on that disk, not on the former one: then nobody is elected, and nobody will be.
 */
final class LeaderRules {
    private LeaderRules() {}

    static Optional<ElectLeaders> elect(Intent intent, ObservedCluster observed) {
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return Optional.empty();
        }
        var able = kafka.brokers().stream()
                .filter(broker -> !broker.fenced() && !observed.lacksDisk(broker.nodeId()))
                .map(Broker::nodeId)
                .collect(toCollection(TreeSet::new));
        var leaderless = new TreeMap<String, List<Integer>>();
        for (var topic : kafka.topics()) {
            var partitions = leaderless(topic, able);
            if (!partitions.isEmpty()) {
                leaderless.put(topic.name(), partitions);
            }
        }
        return leaderless.isEmpty() ? Optional.empty() : Optional.of(new ElectLeaders(leaderless, reason(leaderless)));
    }

    private static List<Integer> leaderless(TopicPartitions topic, Set<Integer> able) {
        return topic.partitions().stream()
                .filter(partition -> partition.leader() < 0)
                .filter(partition -> heirs(partition).stream().anyMatch(able::contains))
                .map(Partition::id)
                .toList();
    }

    private static List<Integer> heirs(Partition partition) {
        return partition.inSync().isEmpty() ? partition.eligible() : partition.inSync();
    }

    private static String reason(TreeMap<String, List<Integer>> leaderless) {
        var names = leaderless.entrySet().stream()
                .flatMap(topic -> topic.getValue().stream().map(id -> TopicPartitions.nameOf(topic.getKey(), id)))
                .toList();
        return "nobody leads %s, though a broker is there that may".formatted(Loss.named(names));
    }
}
