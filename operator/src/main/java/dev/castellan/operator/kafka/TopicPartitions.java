package dev.castellan.operator.kafka;

import java.util.List;

/**
 * A topic and the replicas of its partitions, as Kafka describes them now.
 *
 * @param minInSyncReplicas below 1: not known
 * @param partitions none: not known, as of a topic that was created or deleted a moment ago
 */
public record TopicPartitions(
        String name, String topicId, boolean internal, int minInSyncReplicas, List<Partition> partitions) {
    /**
     * @param leader node id, or -1 when the partition is offline
     * @param replicas node ids, the preferred leader first
     * @param inSync the node ids that hold every acknowledged record
     * @param eligible where none is in sync, the node ids that Kafka lets lead nevertheless, by itself: those of its eligible leader
     *     replicas, or else the last known leader (KIP-966)
     */
    public record Partition(int id, int leader, List<Integer> replicas, List<Integer> inSync, List<Integer> eligible) {
        /** Of which nobody is known to be eligible who is not in sync. */
        public Partition(int id, int leader, List<Integer> replicas, List<Integer> inSync) {
            this(id, leader, replicas, inSync, List.of());
        }
    }

    /** Of a partition, as its directories bear it: {@code orders-3}. */
    public static String nameOf(String topic, int partition) {
        return topic + "-" + partition;
    }

    /** Of a partition so named. */
    public static String topicOf(String partition) {
        return partition.substring(0, partition.lastIndexOf('-'));
    }

    /** The same topic with these partitions. */
    public TopicPartitions with(List<Partition> others) {
        return new TopicPartitions(name, topicId, internal, minInSyncReplicas, others);
    }
}
