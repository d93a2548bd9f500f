package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How large a topic is, who leads it, and what was last changed of it. */
class TopicMeasuresTest extends InRounds {
    @BeforeEach
    void aTopic() {
        kube.apply("orders", spec -> {
            spec.partitions = 3;
            spec.config = config("retention.ms", 1);
        });
        settle();
        kube.writes = 0;
    }

    @Test
    void sizeIsToldWhenItHasDoubledOrHalvedAndWithWhateverElseIs() {
        assertThat(status("orders").bytes).as("nobody has looked yet").isNull();

        grown(0.5);
        assertThat(kube.writes).as("it is small").isZero();

        grown(1);
        assertThat(status("orders").bytes).isEqualTo(900_000_000);
        assertThat(status("orders").bytesAsOf)
                .isEqualTo(clock.instant().truncatedTo(ChronoUnit.SECONDS).toString());
        assertThat(kube.writes).isEqualTo(1);

        grown(1.9);
        grown(1.1);
        assertThat(status("orders").bytes).isEqualTo(900_000_000);
        assertThat(kube.writes).isEqualTo(1);

        grown(2);
        assertThat(status("orders").bytes).isEqualTo(1_800_000_000L);
        grown(1);
        assertThat(status("orders").bytes).isEqualTo(900_000_000);
        assertThat(kube.writes).isEqualTo(3);

        grown(1.5);
        kube.apply("orders", spec -> spec.config = config("retention.ms", 7));
        settle();
        assertThat(status("orders").bytes).as("goes with what else is told").isEqualTo(1_350_000_000);
        assertThat(kube.writes).isEqualTo(4);
    }

    /** Steady traffic and deletion of old segments: the size goes up and down for ever. */
    @Test
    void aTopicUnderTrafficCostsNoWrites() {
        grown(10);
        kube.writes = 0;

        for (int scan = 0; scan < 500; scan++) {
            grown(10 + scan % 8);
        }

        assertThat(kube.writes).isZero();
    }

    @Test
    void ofABrokerThatDoesNotTellTheSizeStaysWhatItWas() {
        grown(1);
        kube.writes = 0;
        kafka.topics.get("orders").records = 50;
        kafka.away.add(2);

        clock.pass(Duration.ofMinutes(2));
        scan();

        assertThat(status("orders").bytes).isEqualTo(900_000_000);
    }

    @Test
    void anotherTopicOfTheNameHasNotTheSizeOfTheFirst() {
        grown(50);
        kafka.topics.remove("orders");
        kube.apply("orders", spec -> spec.recreate = status("orders").topicId);
        settle();

        assertThat(status("orders").topicId).isEqualTo(kafka.topics.get("orders").id);
        assertThat(status("orders").bytes).isNull();
    }

    @Test
    void leadersThatAreNotSpreadAreCounted() {
        assertThat(status("orders").leaderSkew).isZero();

        kafka.topics.get("orders").partitions.forEach(replicas -> replicas.leader = 0);
        scan();
        assertThat(status("orders").leaderSkew).isEqualTo(2);

        kafka.topics.get("orders").partitions.get(1).leader = 1;
        scan();
        assertThat(status("orders").leaderSkew).isEqualTo(1);
        assertThat(kube.writes).isEqualTo(2);
    }

    @Test
    void theLastChangeIsToldWithWhatItWas() {
        assertThat(lastChange()).isEqualTo("created: partitions 3, replicationFactor 3");

        kube.apply("orders", spec -> spec.config = config("retention.ms", 7));
        settle();
        assertThat(lastChange()).isEqualTo("retention.ms 1 → 7");
        var time = status("orders").lastChange.time;

        clock.pass(Duration.ofHours(1));
        round = newRound();
        scan();
        assertThat(status("orders").lastChange.time).isEqualTo(time);

        kube.apply("orders", spec -> spec.config = Map.of());
        settle();
        assertThat(lastChange()).isEqualTo("retention.ms 7 → not set");

        kube.apply("orders", spec -> spec.partitions = 5);
        settle();
        assertThat(lastChange()).isEqualTo("partitions 3 → 5");

        kube.apply("orders", spec -> spec.replicationFactor = 2);
        settle();
        assertThat(lastChange()).isEqualTo("replicationFactor 3 → 2");
    }

    @Test
    void whatIsSetBackIsAChangeToo() {
        kafka.topics.get("orders").config.put("retention.ms", "9");

        scan();
        scan();

        assertThat(lastChange()).isEqualTo("retention.ms 9 → 1");
        assertThat(kube.writes).isEqualTo(1);
    }

    @Test
    void whatWasOnlyLookedAtWasNotChanged() {
        kafka.has("clicks", 2, Map.of());
        kube.apply("clicks", spec -> spec.adoption = Adoption.Observe);
        settle();

        assertThat(status("clicks").lastChange).isNull();
        assertThat(status("clicks").leaderSkew).isZero();
    }

    private String lastChange() {
        return status("orders").lastChange.change;
    }

    /** To so many times a hundred million bytes a replica, and looked at. */
    private void grown(double hundredMillions) {
        kafka.bytes = (long) (hundredMillions * 100_000_000);
        kafka.topics.get("orders").records = 1;
        clock.pass(Duration.ofMinutes(2));
        scan();
    }
}
