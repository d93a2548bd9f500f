package dev.castellan.operator.topic;

import static java.util.stream.Collectors.toSet;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kafka.TopicAdmin;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.topic.plan.Copies;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.TopicFacts.Size;
import dev.castellan.operator.topic.plan.TopicStep;
import dev.castellan.operator.topic.report.TopicStanding;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What lies on the brokers' disks, as they told last. A broker always tells of all that it holds, so it is asked once for all
 * topics, and no more often than anybody would want to know.
 */
final class Disks {
    private static final Logger LOG = LoggerFactory.getLogger(Disks.class);

    /** Less than from one scan to the next, and longer than one takes. */
    private static final Duration AT_REST = Duration.ofMinutes(1);

    private static final Duration WHILE_COPYING = Duration.ofSeconds(5);

    private final Supplier<TopicAdmin> kafka;
    private final Clock clock;
    private final Map<Integer, Instant> asked = new HashMap<>();
    private final Map<Integer, Told> told = new HashMap<>();

    /** Topics of which it is kept what lies where. */
    private Set<String> copied = Set.of();

    /**
     * @param topics all that the broker holds of each
     * @param replicas bytes of those that are being copied, and of others of their topics, by the partition's name
     */
    private record Told(Instant at, Map<String, Held> topics, Map<String, Long> replicas) {}

    private record Held(int replicas, long bytes) {
        Held plus(Held other) {
            return new Held(replicas + other.replicas, bytes + other.bytes);
        }
    }

    Disks(Supplier<TopicAdmin> kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
    }

    /** Asks only for the sake of topics at rest: no change waits for a broker that is slow to tell. */
    void weigh(List<TopicTurn> turns) {
        var brokers = turns.stream()
                .filter(turn -> turn.step instanceof TopicStep.InSync || turn.step instanceof TopicStep.Observed)
                .filter(turn -> TopicStanding.isSynced(turn.topic))
                .flatMap(turn -> topic(turn).stream())
                .flatMap(topic -> topic.partitions().stream())
                .filter(partition -> partition.leader() >= 0)
                .flatMap(partition -> partition.inSync().stream())
                .collect(toSet());
        ask(brokers, AT_REST);
        turns.forEach(turn -> turn.size = topic(turn).flatMap(this::size));
    }

    private static Optional<TopicPartitions> topic(TopicTurn turn) {
        return turn.kafka instanceof Present present
                ? Optional.of(present.details().topic())
                : Optional.empty();
    }

    /** Empty unless every replica was told of. */
    private Optional<Size> size(TopicPartitions topic) {
        int replicas = topic.partitions().stream()
                .mapToInt(partition -> partition.replicas().size())
                .sum();
        var held = brokers(topic, List.of())
                .map(told::get)
                .filter(Objects::nonNull)
                .map(broker -> broker.topics().getOrDefault(topic.name(), new Held(0, 0)))
                .reduce(new Held(0, 0), Held::plus);
        return held.replicas() == replicas && replicas > 0
                ? Optional.of(new Size(held.bytes(), oldest(brokers(topic, List.of()))))
                : Optional.empty();
    }

    /** From now on the replicas of these topics are told of one by one. */
    void follow(Set<String> topics) {
        copied = topics;
    }

    void askOfCopies(Set<Integer> brokers) {
        ask(brokers, WHILE_COPYING);
    }

    Optional<Copies> copies(TopicPartitions topic, Collection<Ongoing> moves, int factor) {
        var stored = new HashMap<Integer, Map<String, Long>>();
        brokers(topic, moves)
                .filter(told::containsKey)
                .forEach(id -> stored.put(id, told.get(id).replicas()));
        return stored.isEmpty()
                ? Optional.empty()
                : Copies.of(topic, moves, factor, stored, oldest(stored.keySet().stream()));
    }

    private Instant oldest(Stream<Integer> brokers) {
        return brokers.map(told::get)
                .filter(Objects::nonNull)
                .map(Told::at)
                .min(Instant::compareTo)
                .orElseThrow();
    }

    static Stream<Integer> brokers(TopicPartitions topic, Collection<Ongoing> moves) {
        return Stream.concat(
                        topic.partitions().stream().flatMap(partition -> partition.replicas().stream()),
                        moves.stream().flatMap(move -> move.adding().stream()))
                .distinct();
    }

    private void ask(Set<Integer> brokers, Duration every) {
        var now = clock.instant();
        var due = brokers.stream()
                .filter(id ->
                        !asked.containsKey(id) || !asked.get(id).plus(every).isAfter(now))
                .toList();
        if (due.isEmpty()) {
            return;
        }
        due.forEach(id -> {
            asked.put(id, now);
            told.remove(id);
        });
        try {
            kafka.get().logDirectories(due).forEach((id, directories) -> told.put(id, told(now, directories)));
        } catch (KafkaUnavailable | KafkaRejected e) {
            LOG.debug("What brokers {} hold is asked later: {}", due, e.getMessage());
        }
    }

    private Told told(Instant now, Map<String, LogDirectory> directories) {
        var topics = new HashMap<String, Held>();
        var replicas = new HashMap<String, Long>();
        directories.values().forEach(directory -> directory.replicas().forEach((partition, bytes) -> {
            var topic = TopicPartitions.topicOf(partition);
            topics.merge(topic, new Held(1, bytes), Held::plus);
            if (copied.contains(topic)) {
                replicas.put(partition, bytes);
            }
        }));
        return new Told(now, topics, replicas);
    }
}
