package dev.castellan.operator.topic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CopiesTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void countsWhatIsDoneWhatIsUnderWayAndWhatIsToCome() {
        var topic = topic(List.of(0, 1), List.of(1), List.of(2));
        var stored = Map.of(
                0, Map.of("orders-0", 100L),
                1, Map.of("orders-0", 100L, "orders-1", 40L),
                2, Map.of("orders-1", 10L, "orders-2", 60L));

        var copies = Copies.of(topic, List.of(adding(1, 1, 2)), 2, stored, NOW).orElseThrow();

        assertThat(copies.all()).isEqualTo(100 + 40 + 60);
        assertThat(copies.copied()).isEqualTo(100 + 10);
        assertThat(copies.percent()).isEqualTo(55);
        assertThat(copies.expectedEnd()).isEmpty();
    }

    @Test
    void aReplicaThatIsNotThereYetHasNothing() {
        var stored = Map.of(0, Map.of("orders-0", 100L), 1, Map.<String, Long>of());

        assertThat(Copies.of(topic(List.of(0)), List.of(adding(0, 0, 1, 2)), 3, stored, NOW))
                .hasValueSatisfying(copies -> {
                    assertThat(copies.all()).isEqualTo(200);
                    assertThat(copies.percent()).isZero();
                });
    }

    @Test
    void neverMoreThanAll() {
        var stored = Map.of(0, Map.of("orders-0", 100L), 1, Map.of("orders-0", 120L));

        assertThat(Copies.of(topic(List.of(0)), List.of(adding(0, 0, 1)), 2, stored, NOW))
                .hasValueSatisfying(copies -> assertThat(copies.percent()).isEqualTo(100));
    }

    @Test
    void whatALeaderDoesNotTellNobodyKnows() {
        var moves = List.of(adding(0, 0, 1));
        assertThat(Copies.of(topic(List.of(0)), moves, 2, Map.of(1, Map.of("orders-0", 7L)), NOW))
                .isEmpty();
        assertThat(Copies.of(topic(List.of(0)), moves, 2, Map.of(0, Map.of(), 1, Map.of("orders-0", 7L)), NOW))
                .isEmpty();
    }

    @Test
    void ofAnEmptyTopicAndOfFewerReplicasThereIsNothingToCopy() {
        assertThat(Copies.of(topic(List.of(0)), List.of(adding(0, 0, 1)), 2, Map.of(0, Map.of("orders-0", 0L)), NOW))
                .isEmpty();
        assertThat(Copies.of(topic(List.of(0, 1)), List.of(), 1, Map.of(0, Map.of("orders-0", 9L)), NOW))
                .isEmpty();
    }

    @Test
    void theEndIsSeenByThePaceOfLate() {
        var first = copied(0, 1_000, 0);
        var second = copied(10, 1_000, 100).after(first);
        assertThat(second.expectedEnd()).contains(NOW.plusSeconds(10 + 90));

        var third = copied(20, 1_000, 400).after(second);
        assertThat(third.expectedEnd()).as("20 a second").contains(NOW.plusSeconds(20 + 30));

        assertThat(copied(20, 1_000, 400).after(third)).as("the same look").isEqualTo(third);
        assertThat(copied(30, 1_000, 400).after(third).expectedEnd())
                .as("stuck")
                .isEmpty();
        assertThat(copied(30, 1_000_000_000_000_000L, 401).after(third).expectedEnd())
                .as("in a hundred years")
                .isEmpty();
    }

    private static Copies copied(int seconds, long all, long copied) {
        return Copies.of(
                        topic(List.of(0)),
                        List.of(adding(0, 0, 1)),
                        2,
                        Map.of(0, Map.of("orders-0", all), 1, Map.of("orders-0", copied)),
                        NOW.plus(Duration.ofSeconds(seconds)))
                .orElseThrow();
    }

    @SafeVarargs
    private static TopicPartitions topic(List<Integer>... replicas) {
        return new TopicPartitions(
                "orders",
                "id",
                false,
                1,
                IntStream.range(0, replicas.length)
                        .mapToObj(id -> new Partition(id, replicas[id].getFirst(), replicas[id], replicas[id]))
                        .toList());
    }

    private static Ongoing adding(int partition, int leader, Integer... others) {
        var all = new ArrayList<>(List.of(leader));
        all.addAll(List.of(others));
        return new Ongoing("orders", partition, all, List.of(others), List.of());
    }
}
