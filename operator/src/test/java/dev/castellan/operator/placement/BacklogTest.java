package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Backlog.Outrun;
import dev.castellan.operator.placement.Lag.Copy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class BacklogTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Copy ORDERS = new Copy("orders-0", 3);
    private static final Copy CLICKS = new Copy("clicks-0", 3);
    private static final Copy OTHER = new Copy("orders-0", 4);

    @Test
    void whatDoesNotBecomeLessForAMinuteIsOutrun() {
        var backlog = Backlog.NONE
                .with(1, lag(0, Map.of(ORDERS, 10L)))
                .with(1, lag(30, Map.of(ORDERS, 5L)))
                .with(1, lag(60, Map.of(ORDERS, 11L)));

        assertThat(backlog.outrun()).contains(new Outrun(3, 10, 11, Duration.ofSeconds(60)));
    }

    @Test
    void aMinuteAndThreeLooksAreToPass() {
        var brief = Backlog.NONE
                .with(1, lag(0, Map.of(ORDERS, 10L)))
                .with(1, lag(30, Map.of(ORDERS, 10L)))
                .with(1, lag(59, Map.of(ORDERS, 10L)));
        var few = Backlog.NONE.with(1, lag(0, Map.of(ORDERS, 10L))).with(1, lag(300, Map.of(ORDERS, 10L)));

        assertThat(brief.outrun()).isEmpty();
        assertThat(few.outrun()).isEmpty();
    }

    @Test
    void whatBecomesLessOrEndsIsNot() {
        assertThat(overAMinute(Map.of(ORDERS, 10L), Map.of(ORDERS, 9L))).isEmpty();
        assertThat(overAMinute(Map.of(ORDERS, 10L, CLICKS, 2L), Map.of(ORDERS, 11L)))
                .isEmpty();
        assertThat(overAMinute(Map.of(ORDERS, 0L), Map.of(ORDERS, 0L))).isEmpty();
    }

    @Test
    void whatBeginsLaterTellsNothingYet() {
        assertThat(overAMinute(Map.of(ORDERS, 10L), Map.of(ORDERS, 9L, CLICKS, 100L)))
                .isEmpty();
    }

    @Test
    void itIsTheSlowestBrokerThatCounts() {
        assertThat(overAMinute(Map.of(ORDERS, 3L, OTHER, 20L), Map.of(ORDERS, 4L, OTHER, 19L)))
                .isEmpty();
        assertThat(overAMinute(Map.of(ORDERS, 30L, OTHER, 20L), Map.of(ORDERS, 4L, OTHER, 20L)))
                .contains(new Outrun(4, 20, 20, Duration.ofSeconds(60)));
    }

    @Test
    void anotherRateIsMeasuredAnew() {
        var backlog = Backlog.NONE
                .with(1, lag(0, Map.of(ORDERS, 10L)))
                .with(1, lag(30, Map.of(ORDERS, 10L)))
                .with(2, lag(60, Map.of(ORDERS, 10L)))
                .with(2, lag(90, Map.of(ORDERS, 10L)));

        assertThat(backlog.outrun()).isEmpty();
        assertThat(backlog.looks()).hasSize(2);
    }

    @Test
    void looksAreTakenAtAPaceAndForgotten() {
        var backlog = Backlog.NONE;
        for (int second = 0; second <= 600; second++) {
            backlog = backlog.with(1, lag(second, Map.of(ORDERS, 10L)));
        }

        assertThat(backlog.looks()).hasSize(7);
        assertThat(backlog.looks().getFirst().at()).isEqualTo(START.plusSeconds(540));
    }

    @Test
    void aReplicaLagsBehindItsLeaderByWhatLiesOnTheirDisks() {
        var move = new Ongoing("orders", 0, List.of(1, 2, 3), List.of(3), List.of(1));
        var silent = new Ongoing("orders", 1, List.of(1, 2, 4), List.of(4), List.of(1));
        var topic = new TopicPartitions(
                "orders",
                "id",
                false,
                1,
                List.of(
                        new Partition(0, 2, List.of(1, 2, 3), List.of(1, 2)),
                        new Partition(1, 2, List.of(1, 2, 4), List.of(1, 2))));
        var told = Map.of(
                1, Map.of("/a", directory(Map.of("orders-0", 500L))),
                2, Map.of("/a", directory(Map.of("clicks-0", 7L)), "/b", directory(Map.of("orders-0", 100L))),
                3, Map.of("/a", directory(Map.of("orders-0", 40L))));

        assertThat(Lag.of(START, List.of(move, silent), List.of(topic), told).behind())
                .isEqualTo(Map.of(ORDERS, 60L));
    }

    /** Topics are told before their moves, and of some it is not known yet where they lie. */
    @Test
    void ofATopicThatIsNotKnownYetNoLagIsTold() {
        var move = new Ongoing("orders", 0, List.of(1, 2, 3), List.of(3), List.of(1));
        var told = new TreeMap<>(Map.of(3, Map.of("/a", directory(Map.of("orders-0", 40L)))));

        assertThat(Lag.of(START, List.of(move), List.of(), told).behind()).isEmpty();
    }

    private static LogDirectory directory(Map<String, Long> replicas) {
        return new LogDirectory(false, replicas, Optional.empty(), false);
    }

    private static Optional<Outrun> overAMinute(Map<Copy, Long> before, Map<Copy, Long> after) {
        return Backlog.NONE
                .with(1, lag(0, before))
                .with(1, lag(30, before))
                .with(1, lag(60, after))
                .outrun();
    }

    private static Lag lag(int second, Map<Copy, Long> behind) {
        return new Lag(START.plusSeconds(second), behind);
    }
}
