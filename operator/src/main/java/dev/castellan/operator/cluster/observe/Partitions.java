package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kafka.TopicPartitions;
import java.util.List;

/** How many partitions are not as they should be. */
public record Partitions(int offline, int underMinIsr, int underReplicated) {

    public static Partitions of(List<TopicPartitions> topics) {
        int offline = 0;
        int underMinIsr = 0;
        int underReplicated = 0;
        for (var topic : topics) {
            for (var partition : topic.partitions()) {
                int inSync = partition.inSync().size();
                int replicas = partition.replicas().size();
                offline += partition.leader() < 0 ? 1 : 0;
                underMinIsr += inSync < Math.min(topic.minInSyncReplicas(), replicas) ? 1 : 0;
                underReplicated += inSync < replicas ? 1 : 0;
            }
        }
        return new Partitions(offline, underMinIsr, underReplicated);
    }
}
