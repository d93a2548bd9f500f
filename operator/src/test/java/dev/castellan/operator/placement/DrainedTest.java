package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.Quorum;
import dev.castellan.operator.kafka.Quorum.Replica;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class DrainedTest {
    private static final Quorum QUORUM = new Quorum(0, 10, List.of(new Replica(0, "a", 10, 0)), List.of());

    @Test
    void isProvedOfWhatNoPartitionAndNoReassignmentNames() {
        var proof = Drained.proof(Set.of(3, 4), List.of(topic(0, List.of(0, 1))), List.of(), QUORUM);

        assertThat(proof).isPresent();
        assertThat(proof.orElseThrow().covers(List.of(3, 4))).isTrue();
        assertThat(proof.orElseThrow().covers(List.of(3, 5))).isFalse();
    }

    @Test
    void isNotProvedWhileAPartitionListsOne() {
        assertThat(Drained.proof(Set.of(3), List.of(topic(0, List.of(0, 3))), List.of(), QUORUM))
                .isEmpty();
    }

    @Test
    void isNotProvedWhileOneIsInSyncOrLeadsThoughItIsNotListed() {
        var inSync = new TopicPartitions("t", "id", false, 1, List.of(new Partition(0, 0, List.of(0), List.of(0, 3))));
        var leads = topic(3, List.of(0));

        assertThat(Drained.proof(Set.of(3), List.of(inSync), List.of(), QUORUM)).isEmpty();
        assertThat(Drained.proof(Set.of(3), List.of(leads), List.of(), QUORUM)).isEmpty();
    }

    @Test
    void isNotProvedWhileAReassignmentAddsOrTakesAway() {
        var adding = new Ongoing("t", 0, List.of(0, 3), List.of(3), List.of());
        var removing = new Ongoing("t", 0, List.of(0, 3), List.of(0), List.of(3));

        for (var move : List.of(adding, removing)) {
            assertThat(Drained.proof(Set.of(3), List.of(topic(0, List.of(0))), List.of(move), QUORUM))
                    .isEmpty();
        }
    }

    @Test
    void isNotProvedWhileATopicIsNotKnown() {
        var unknown = new TopicPartitions("t", "id", false, 1, List.of());

        assertThat(Drained.proof(Set.of(3), List.of(unknown), List.of(), QUORUM))
                .isEmpty();
    }

    @Test
    void isNotProvedOfAVoter() {
        assertThat(Drained.proof(Set.of(0), List.of(), List.of(), QUORUM)).isEmpty();
    }

    private static TopicPartitions topic(int leader, List<Integer> replicas) {
        return new TopicPartitions("t", "id", false, 1, List.of(new Partition(0, leader, replicas, replicas)));
    }
}
