package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * More is produced to a new broker than its copies are let go at: they end all the same, though the operator dies on the way.
 *
 * <p>Three quarters of all that is produced, 190 KiB a second, are for the fourth broker: more than the throttle, and less than
 * twice as much, also where a machine that is short of processor produces a fourth less.
 */
@E2E
class OutrunE2E {
    private static final Logger LOG = LoggerFactory.getLogger(OutrunE2E.class);
    private static final String RATE = "follower.replication.throttled.rate";
    private static final int PARTITIONS = 12;
    private static final int RECORD = 2_500;
    private static final long THROTTLE = 128 * 1024;
    private static final long MAX_THROTTLE = 1024 * 1024;
    private static final Set<Integer> ALL = Set.of(0, 1, 2, 3);

    private static Kafka kafka;
    private static Traffic traffic;

    /** Of a partition brokers take little at a time, or they would take more than their throttle says. */
    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("outrun");
        kafka.apply("""
                brokers: {replicas: 3}
                rebalance: {onScale: false, throttle: 128Ki, maxThrottle: 1Mi}
                config: {replica.fetch.max.bytes: 16384}
                """);
        traffic = scene.trafficThrough(kafka, PARTITIONS, RECORD);
        kafka.awaitSettled();
        traffic.checkpoint();
        traffic.pause();
        kafka.edit(spec -> spec.brokers.replicas = 4);
        kafka.await("with a fourth broker that has nothing", cluster -> Kafka.isDoneWith(cluster, ALL));
    }

    @Test
    void copiesThatAreOutrunEndAlthoughTheOperatorDies(Scene scene) {
        traffic.resume();
        var start = Instant.now();
        kafka.edit(spec -> spec.rebalance.request = "now");
        kafka.awaitBrokerConfig(RATE, rates -> rates.values().stream().noneMatch(String::isEmpty));
        operatorDies(scene);
        assertThat(fastest()).isLessThanOrEqualTo(THROTTLE);

        kafka.awaitBrokerConfig(
                RATE,
                rates -> rates.size() == 4
                        && rates.values().stream().noneMatch(String::isEmpty)
                        && rates.values().stream().allMatch(rate -> Long.parseLong(rate) > THROTTLE));
        var raised = fastest();
        LOG.info("  raised to {} a second after {} s", raised, seconds(start));
        assertThat(raised).isLessThanOrEqualTo(MAX_THROTTLE);
        kafka.await("tells of it", cluster -> Kafka.isDoing(cluster, "the throttle of 128Ki a second was raised to"));
        operatorDies(scene);
        assertThat(kafka.brokerConfig(RATE).values())
                .as("as before, or the copies have ended meanwhile")
                .allMatch(rate ->
                        rate.isEmpty() || (Long.parseLong(rate) >= raised && Long.parseLong(rate) <= MAX_THROTTLE));

        kafka.await("even", cluster -> Kafka.isDoneWith(cluster, ALL));
        LOG.info("  even after {} s: {}; {}", seconds(start), kafka.replicas(), traffic.waits());
        assertThat(kafka.replicas().get(3)).isPositive();
        kafka.awaitInSync();
        kafka.awaitBrokerConfig(RATE, "");
        kafka.awaitUnthrottled("e2e-traffic");
        traffic.readAgain();
    }

    private static void operatorDies(Scene scene) {
        scene.operator().kill();
        traffic.checkpoint();
        scene.operator().awaitAvailable();
    }

    private static long fastest() {
        return kafka.brokerConfig(RATE).values().stream()
                .filter(rate -> !rate.isEmpty())
                .mapToLong(Long::parseLong)
                .max()
                .orElseThrow();
    }

    private static long seconds(Instant start) {
        return Duration.between(start, Instant.now()).toSeconds();
    }
}
