package dev.castellan.operator.placement;

import static java.util.stream.Collectors.toSet;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * How far replicas that are being added lay behind their leaders at one moment, in bytes, by what lay on the disks of both:
 * the lag that Kafka tells of is that behind what the replica knows itself. One of which either did not tell is left out.
 */
public record Lag(Instant at, Map<Copy, Long> behind) {
    /** @param partition by its name, as {@code orders-3} */
    public record Copy(String partition, int broker) {}

    /**
     * @param topics told before the moves, so that one may be missing, or where it lies
     * @param told by broker and directory
     */
    public static Lag of(
            Instant at,
            Collection<Ongoing> moves,
            Collection<TopicPartitions> topics,
            Map<Integer, Map<String, LogDirectory>> told) {
        var leaders = leaders(moves, topics);
        var behind = new HashMap<Copy, Long>();
        for (var move : moves) {
            var partition = TopicPartitions.nameOf(move.topic(), move.partition());
            var lead =
                    Optional.ofNullable(leaders.get(partition)).map(told::get).map(disks -> bytes(disks, partition));
            for (int broker : move.adding()) {
                if (lead.isPresent() && told.containsKey(broker)) {
                    behind.put(
                            new Copy(partition, broker), Math.max(0, lead.get() - bytes(told.get(broker), partition)));
                }
            }
        }
        return new Lag(at, behind);
    }

    private static Map<String, Integer> leaders(Collection<Ongoing> moves, Collection<TopicPartitions> topics) {
        var moving = moves.stream().map(Ongoing::topic).collect(toSet());
        var leaders = new HashMap<String, Integer>();
        topics.stream().filter(topic -> moving.contains(topic.name())).forEach(topic -> topic.partitions()
                .forEach(partition ->
                        leaders.put(TopicPartitions.nameOf(topic.name(), partition.id()), partition.leader())));
        return leaders;
    }

    private static long bytes(Map<String, LogDirectory> directories, String partition) {
        return directories.values().stream()
                .mapToLong(directory -> directory.replicas().getOrDefault(partition, 0L))
                .max()
                .orElse(0);
    }
}
