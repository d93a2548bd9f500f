package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Rebalance;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Bytes are spread evenly, not only replicas: when the user has said so, and for a broker that comes. */
@E2E
class SkewE2E {
    private static final Logger LOG = LoggerFactory.getLogger(SkewE2E.class);
    private static final int TOPICS = 12;
    private static final int LARGE = 4 * 1024;
    private static final int SMALL = 64;
    private static final double TENTH = 0.1;

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("skewed");
        kafka.apply("brokers: {replicas: 3}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        traffic.checkpoint(); // Then its clients know the way.
        for (int i = 0; i < TOPICS; i++) {
            ballast("large-" + i, "0,1", LARGE);
            ballast("small-" + i, i % 2 == 0 ? "2,0" : "2,1", SMALL);
        }
        traffic.checkpoint();
    }

    @Test
    @Order(1)
    void brokersExchangeReplicasUntilBytesAreEven(Scene scene) {
        var before = skew();
        assertThat(before).isGreaterThan(0.2);
        var start = Instant.now();

        kafka.edit(spec -> {
            spec.rebalance = new Rebalance();
            spec.rebalance.whenSkewAbove = 20;
        });

        kafka.await("tells why", cluster -> Kafka.isDoing(cluster, "to get a share"));
        scene.operator().kill();
        traffic.checkpoint();
        scene.operator().awaitAvailable();
        kafka.await("is even", SkewE2E::isDone);
        LOG.info(
                "  the fullest broker held {} % more than the average, and {} % after {} s; {}",
                percent(before),
                percent(skew()),
                Duration.between(start, Instant.now()).toSeconds(),
                traffic.waits());
        assertThat(skew()).isLessThanOrEqualTo(TENTH);
        nothingIsSlowedDown();
    }

    @Test
    @Order(2)
    void aBrokerThatComesGetsItsShareOfBytes() {
        var start = Instant.now();

        kafka.edit(spec -> spec.brokers.replicas = 4);

        kafka.await("has four brokers", cluster -> cluster.getStatus().replicas == 4);
        kafka.await("is even", SkewE2E::isDone);
        LOG.info(
                "  with a fourth broker the fullest holds {} % more than the average after {} s: {}",
                percent(skew()), Duration.between(start, Instant.now()).toSeconds(), kafka.ask("bytes"));
        assertThat(skew()).isLessThanOrEqualTo(TENTH);
        assertThat(Math.abs(share("3") - 1)).isLessThanOrEqualTo(TENTH);
        nothingIsSlowedDown();
        traffic.readAgain();
    }

    @Test
    @Order(3)
    void allAreEvenOnceTheUserAsksForIt() {
        kafka.edit(spec -> spec.rebalance.request = "after the fourth");

        kafka.await(
                "is even",
                cluster -> isDone(cluster)
                        && cluster.getStatus()
                                .observedGeneration
                                .equals(cluster.getMetadata().getGeneration()));
        assertThat(skew()).isLessThanOrEqualTo(TENTH);
        nothingIsSlowedDown();
        traffic.readAgain();
    }

    private static boolean isDone(KafkaCluster cluster) {
        return Kafka.isSettled(cluster) && "Done".equals(cluster.getStatus().plan.step);
    }

    private static void ballast(String topic, String brokers, int kilobytes) {
        kafka.ask("ballast", Map.of("topic", topic, "brokers", brokers, "kilobytes", Integer.toString(kilobytes)));
    }

    /** What the broker holds, as a multiple of the average. */
    private static double share(String broker) {
        var bytes = kafka.ask("bytes");
        return Long.parseLong(bytes.get(broker))
                / bytes.values().stream().mapToLong(Long::parseLong).average().orElseThrow();
    }

    /** By what part of the average the fullest broker holds more. */
    private static double skew() {
        var bytes =
                kafka.ask("bytes").values().stream().mapToLong(Long::parseLong).summaryStatistics();
        return bytes.getMax() / bytes.getAverage() - 1;
    }

    private static void nothingIsSlowedDown() {
        kafka.awaitBrokerConfig("follower.replication.throttled.rate", "");
    }

    private static long percent(double part) {
        return Math.round(100 * part);
    }
}
