package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.placement.Throttle.Sign;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThrottleTest {
    private static final Ongoing MOVE = new Ongoing("orders", 0, List.of(1, 2, 3), List.of(1), List.of(3));

    @Test
    void aMoveOfTheClusterIsKnownByItsSignAndIsNoneOfATopics() {
        var config = Throttle.of(Sign.CLUSTER, List.of(MOVE)).set();

        assertThat(Throttle.isOurs(Sign.CLUSTER, MOVE, config)).isTrue();
        assertThat(Throttle.isOurs(Sign.TOPIC, MOVE, config)).isFalse();
        assertThat(Throttle.isOfOthers(Sign.TOPIC, config)).isTrue();
        assertThat(Throttle.none(Sign.TOPIC, config).unset()).isEmpty();
        assertThat(Throttle.none(Sign.CLUSTER, config).unset()).hasSize(2);
    }

    @Test
    void aReassignmentThatAddsWhatNobodyNamedIsOfOthers() {
        var config = Throttle.of(Sign.CLUSTER, List.of(MOVE)).set();
        var other = new Ongoing("orders", 0, List.of(1, 2, 4), List.of(1, 4), List.of(3));

        assertThat(Throttle.isOurs(Sign.CLUSTER, other, config)).isFalse();
        assertThat(Throttle.isOurs(Sign.CLUSTER, MOVE, Map.of())).isFalse();
    }

    @Test
    void aTopicsOwnCopiesTakeNothingAway() {
        var config = Throttle.of(Sign.TOPIC, List.of(MOVE)).set();

        assertThat(Throttle.isOurs(Sign.TOPIC, MOVE, config)).isFalse();
    }
}
