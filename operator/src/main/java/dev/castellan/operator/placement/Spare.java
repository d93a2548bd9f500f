package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;

/** How many of a partition's replicas may be away at a time. Pure; where that is unknown, one by one. */
final class Spare {
    private Spare() {}

    /** Once all replicas that there are brokers for are in sync; at least one, or nobody could ever go. */
    static int inHealth(TopicPartitions topic, int replicas) {
        int spare = replicas > topic.minInSyncReplicas() ? replicas - topic.minInSyncReplicas() : replicas - 1;
        return topic.minInSyncReplicas() < 1 ? 1 : Math.max(1, spare);
    }

    /** An order of restarts exists in which it can be written all the time. */
    static boolean isProtectable(TopicPartitions topic, Partition partition) {
        return partition.replicas().size() > topic.minInSyncReplicas();
    }
}
