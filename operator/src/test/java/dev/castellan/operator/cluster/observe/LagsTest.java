package dev.castellan.operator.cluster.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Backlog;
import dev.castellan.operator.placement.Lag.Copy;
import dev.castellan.operator.placement.Pace;
import dev.castellan.operator.placement.Rate;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LagsTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void whatTopicsAskForSharesTheRateAndWhatOthersCopyDoesNot() {
        // Given
        var clusters = move("orders");
        var topics = move("clicks");
        var others = move("views");
        var moves = new ObservedMoves(
                List.of(clusters, topics, others),
                Map.of(
                        "orders", Throttle.of(Sign.CLUSTER, List.of(clusters)).set(),
                        "clicks", Throttle.of(Sign.TOPIC, List.of(topics)).set()),
                Backlog.NONE);
        var rate = Throttle.rate(Rate.of(new Pace(100_000, 400_000, true, Optional.empty(), Optional.empty())));
        // When
        var look = new Lags()
                .of(
                        "events",
                        moves,
                        List.of(topic("orders"), topic("clicks"), topic("views")),
                        rate.set(),
                        Map.of(1, holding(500), 3, holding(40)),
                        NOW)
                .backlog()
                .looks()
                .getFirst();
        // Then
        assertThat(look.behind()).isEqualTo(Map.of(new Copy("orders-0", 3), 460L));
        assertThat(look.held()).containsOnlyKeys(new Copy("orders-0", 3), new Copy("clicks-0", 3));
    }

    private static Ongoing move(String topic) {
        return new Ongoing(topic, 0, List.of(1, 3), List.of(3), List.of());
    }

    private static TopicPartitions topic(String name) {
        return new TopicPartitions(name, name, false, 1, List.of(new Partition(0, 1, List.of(1, 3), List.of(1))));
    }

    private static Map<String, LogDirectory> holding(long bytes) {
        var replicas = Map.of("orders-0", bytes, "clicks-0", bytes, "views-0", bytes);
        return Map.of("/a", new LogDirectory(false, replicas, Optional.empty(), false));
    }
}
