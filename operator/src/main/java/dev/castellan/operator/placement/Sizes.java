package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.TopicPartitions;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;

/**
 * How much partitions take on a disk, as far as anybody has looked.
 *
 * @param bytes of the largest replica, by the partition's name, as {@code orders-3}
 */
public record Sizes(Map<String, Long> bytes) {
    public static final Sizes UNKNOWN = new Sizes(Map.of());

    public static Sizes of(Collection<Map<String, LogDirectory>> brokers) {
        var bytes = new HashMap<String, Long>();
        for (var directories : brokers) {
            directories.values().forEach(directory -> directory
                    .replicas()
                    .forEach((partition, size) -> bytes.merge(partition, size, Math::max)));
        }
        return new Sizes(bytes);
    }

    /** 0: not known. */
    public long of(String topic, int partition) {
        return bytes.getOrDefault(TopicPartitions.nameOf(topic, partition), 0L);
    }
}
