package dev.castellan.operator.placement;

import static java.util.stream.Collectors.toSet;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/**
 * How far replicas that are being added lay behind their leaders at one moment, in bytes, by what lay on the disks of both:
 * the lag that Kafka tells of is that behind what the replica knows itself. One of which either did not tell is left out.
 *
 * @param behind of those that are to gain; who is in sync has nothing to catch up with, and is not slowed down
 * @param held by those and all others that share their rate
 */
public record Lag(Instant at, Map<Copy, Long> behind, Map<Copy, Held> held) {
    /** @param partition by its name, as {@code orders-3} */
    public record Copy(String partition, int broker) {}

    /** @param bytes on the disk of the copy */
    public record Held(int leader, long bytes) {}

    /**
     * @param throttled all moves that share the rate
     * @param isToGain those of them that count
     * @param told by broker and directory
     */
    public static Lag of(
            Instant at,
            Collection<Ongoing> throttled,
            Predicate<Ongoing> isToGain,
            Collection<TopicPartitions> topics,
            Map<Integer, Map<String, LogDirectory>> told) {
        var partitions = partitions(throttled, topics);
        var behind = new HashMap<Copy, Long>();
        var held = new HashMap<Copy, Held>();
        for (var move : throttled) {
            var name = TopicPartitions.nameOf(move.topic(), move.partition());
            var partition = partitions.get(name);
            if (partition == null || !told.containsKey(partition.leader())) {
                continue;
            }
            long lead = bytes(told.get(partition.leader()), name);
            for (int broker : move.adding()) {
                if (told.containsKey(broker)) {
                    var copy = new Copy(name, broker);
                    long bytes = bytes(told.get(broker), name);
                    held.put(copy, new Held(partition.leader(), bytes));
                    if (isToGain.test(move) && !partition.inSync().contains(broker)) {
                        behind.put(copy, Math.max(0, lead - bytes));
                    }
                }
            }
        }
        return new Lag(at, behind, held);
    }

    private static Map<String, Partition> partitions(Collection<Ongoing> moves, Collection<TopicPartitions> topics) {
        var moving = moves.stream().map(Ongoing::topic).collect(toSet());
        var partitions = new HashMap<String, Partition>();
        topics.stream().filter(topic -> moving.contains(topic.name())).forEach(topic -> topic.partitions()
                .forEach(partition -> partitions.put(TopicPartitions.nameOf(topic.name(), partition.id()), partition)));
        return partitions;
    }

    private static long bytes(Map<String, LogDirectory> directories, String partition) {
        return directories.values().stream()
                .mapToLong(directory -> directory.replicas().getOrDefault(partition, 0L))
                .max()
                .orElse(0);
    }
}
