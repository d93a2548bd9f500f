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
     */
    public record Partition(int id, int leader, List<Integer> replicas, List<Integer> inSync) {}

    /** The same topic with these partitions. */
    public TopicPartitions with(List<Partition> others) {
        return new TopicPartitions(name, topicId, internal, minInSyncReplicas, others);
    }
}
