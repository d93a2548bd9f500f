package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.util.List;
import java.util.Set;

/** What of the data may lie on one node only. */
public final class SoleCopies {
    private SoleCopies() {}

    /** Partitions, as {@code orders-3}, of which no other node is known to hold every acknowledged record. */
    public static List<String> on(int node, List<TopicPartitions> topics) {
        return topics.stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition -> isSole(node, partition))
                        .map(partition -> TopicPartitions.nameOf(topic.name(), partition.id())))
                .toList();
    }

    /** The topics without those partitions. */
    public static List<TopicPartitions> without(int node, List<TopicPartitions> topics) {
        return topics.stream()
                .filter(topic -> topic.partitions().isEmpty()
                        || !topic.partitions().stream().allMatch(partition -> isSole(node, partition)))
                .map(topic -> topic.with(topic.partitions().stream()
                        .filter(partition -> !isSole(node, partition))
                        .toList()))
                .toList();
    }

    /** Of the topics, the partitions with a replica on the node, but for these, as {@code orders-3}. */
    public static List<TopicPartitions> notAmong(Set<String> these, int node, List<TopicPartitions> topics) {
        return topics.stream()
                .map(topic -> topic.with(topic.partitions().stream()
                        .filter(partition -> partition.replicas().contains(node)
                                && !these.contains(TopicPartitions.nameOf(topic.name(), partition.id())))
                        .toList()))
                .filter(topic -> !topic.partitions().isEmpty())
                .toList();
    }

    /** Without any replica in sync, whoever was the last of them holds what was acknowledged: it may be any (KIP-966). */
    private static boolean isSole(int node, Partition partition) {
        return partition.replicas().contains(node)
                && partition.inSync().stream().allMatch(id -> id == node);
    }
}
