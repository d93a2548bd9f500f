package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SoleCopiesTest {
    private static final TopicPartitions ORDERS = new TopicPartitions(
            "orders",
            "id",
            false,
            1,
            List.of(
                    new Partition(0, 1, List.of(1), List.of(1)),
                    new Partition(1, -1, List.of(1), List.of(1)),
                    new Partition(2, 0, List.of(0), List.of(0)),
                    new Partition(3, 0, List.of(0, 1), List.of(0))));

    @Test
    void whatANodeHasAndServesFromNoOtherDiskIsOnTheOneThatFailed() {
        var there = SoleCopies.notAmong(Set.of("orders-0"), 1, List.of(ORDERS));

        assertThat(there).singleElement().satisfies(topic -> assertThat(topic.partitions())
                .extracting(Partition::id)
                .containsExactly(1, 3));
        assertThat(SoleCopies.on(1, there)).containsExactly("orders-1");
    }

    @Test
    void whoServesNothingHasItAllThere() {
        assertThat(SoleCopies.on(1, SoleCopies.notAmong(Set.of(), 1, List.of(ORDERS))))
                .containsExactly("orders-0", "orders-1");
    }
}
