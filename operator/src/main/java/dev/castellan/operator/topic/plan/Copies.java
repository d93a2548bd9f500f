package dev.castellan.operator.topic.plan;

import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How much of what more replicas of a topic come to is copied. Made of what Kafka says now, all but its pace: whoever comes
 * anew tells the same.
 *
 * @param at when brokers told
 * @param all of each partition, so many times as it is to have more replicas than the partition that has fewest
 * @param perSecond as it was of late; empty: measured once, or nothing got on
 */
public record Copies(Instant at, long copied, long all, Optional<Double> perSecond) {
    private static final Duration ENDLESS = Duration.ofDays(100);

    /**
     * Empty where nothing is to be copied, or where it is not known how much.
     *
     * @param topic without the replicas that are being added
     * @param stored bytes by broker and partition's name; without the brokers that do not tell
     */
    public static Optional<Copies> of(
            TopicPartitions topic,
            Collection<Ongoing> moves,
            int factor,
            Map<Integer, Map<String, Long>> stored,
            Instant at) {
        var adding = moves.stream().collect(Collectors.toMap(Ongoing::partition, Ongoing::adding));
        int fewest = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .min()
                .orElse(factor);
        long copied = 0;
        long all = 0;
        for (var partition : topic.partitions()) {
            var name = TopicPartitions.nameOf(topic.name(), partition.id());
            var whole = Optional.ofNullable(stored.get(partition.leader())).map(replicas -> replicas.get(name));
            if (whole.isEmpty()) {
                return Optional.empty();
            }
            all += (factor - fewest) * whole.get();
            copied += (complete(partition, factor) - fewest) * whole.get();
            for (int id : adding.getOrDefault(partition.id(), List.of())) {
                copied +=
                        Math.min(whole.get(), stored.getOrDefault(id, Map.of()).getOrDefault(name, 0L));
            }
        }
        return all > 0 ? Optional.of(new Copies(at, Math.min(copied, all), all, Optional.empty())) : Optional.empty();
    }

    private static int complete(Partition partition, int factor) {
        return Math.min(partition.replicas().size(), factor);
    }

    /** With the pace that these two looks tell; half of it is what was known of it before. */
    public Copies after(Copies before) {
        if (!at.isAfter(before.at)) {
            return before;
        }
        double now = (copied - before.copied) / (Duration.between(before.at, at).toMillis() / 1e3);
        return new Copies(
                at, copied, all, now > 0 ? Optional.of((before.perSecond.orElse(now) + now) / 2) : Optional.empty());
    }

    /** Rounded down: 100 is all of it. */
    public int percent() {
        return (int) (100 * copied / all);
    }

    public Optional<Instant> expectedEnd() {
        return perSecond
                .map(pace -> (all - copied) / pace)
                .filter(seconds -> seconds < ENDLESS.toSeconds())
                .map(seconds -> at.plusMillis((long) (1e3 * seconds)));
    }
}
