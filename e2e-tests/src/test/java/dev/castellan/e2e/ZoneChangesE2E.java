package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A zone goes and comes back under traffic, and the operator dies on the way. */
@E2E
class ZoneChangesE2E {
    private static final Logger LOG = LoggerFactory.getLogger(ZoneChangesE2E.class);

    /** Node ids of each zone. */
    private static final int THOUSAND = 1000;

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("moved");
        kafka.apply("""
                brokers: {replicas: 3, zones: [z1, z2, z3]}
                controllers: {replicas: 1, zones: [z1]}
                rebalance: {throttle: 1Mi}
                """);
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        kafka.applyTopic("wide", "{partitions: 24, replicationFactor: 2, config: {min.insync.replicas: 1}}")
                .awaitReady();
        traffic.checkpoint();
    }

    @Test
    @Order(1)
    void dataMovesOutOfAZoneThatGoes(Scene scene) {
        var start = edit(List.of("z1", "z2"));
        operatorDies(scene);
        kafka.await("moving replicas", cluster -> Kafka.isDoing(cluster, "broker 2000 is to hold nothing"));
        operatorDies(scene);
        kafka.awaitProvedEmpty(Set.of(0, 1, 1000));
        operatorDies(scene);

        awaitBrokers(start, Set.of(0, 1, 1000));
        assertThat(scene.client()
                        .apps()
                        .statefulSets()
                        .inNamespace(kafka.namespace())
                        .withName("moved-brokers-z3")
                        .get())
                .isNull();
        traffic.readAgain();
    }

    @Test
    @Order(2)
    void dataMovesIntoAZoneThatComes(Scene scene) {
        var start = edit(List.of("z1", "z2", "z3"));
        operatorDies(scene);
        kafka.await("moving replicas", cluster -> Kafka.isDoing(cluster, "broker 1 is to hold nothing"));
        operatorDies(scene);

        awaitBrokers(start, Set.of(0, 1000, 2000));
        kafka.awaitAnswer("brokers", "racks", "0:z1,1000:z2,2000:z3");
        traffic.readAgain();
    }

    private static Instant edit(List<String> zones) {
        kafka.edit(spec -> spec.brokers.zones = zones);
        return Instant.now();
    }

    private static void operatorDies(Scene scene) {
        scene.operator().kill();
        traffic.checkpoint();
        scene.operator().awaitAvailable();
    }

    private static void awaitBrokers(Instant start, Set<Integer> brokers) {
        kafka.await("settled with brokers " + brokers, cluster -> Kafka.isDoneWith(cluster, brokers));
        LOG.info(
                "  brokers {} after {} s; {}",
                brokers,
                Duration.between(start, Instant.now()).toSeconds(),
                traffic.waits());
        kafka.awaitInSync();
        var replicas = kafka.awaitReplicas(brokers);
        LOG.info("  replicas: {}", replicas);
        assertEven(replicas);
    }

    /** By zone: where one has fewer brokers than another, they have more each, since replicas lie in different zones. */
    private static void assertEven(Map<Integer, Integer> replicas) {
        var byZone = replicas.entrySet().stream()
                .collect(Collectors.groupingBy(
                        broker -> broker.getKey() / THOUSAND,
                        Collectors.mapping(Map.Entry::getValue, Collectors.toList())));
        assertThat(byZone.values()).allSatisfy(zone -> assertThat(Collections.max(zone) - Collections.min(zone))
                .isLessThanOrEqualTo(1));
        if (byZone.size() == replicas.size()) {
            assertThat(Collections.max(replicas.values()) - Collections.min(replicas.values()))
                    .isLessThanOrEqualTo(1);
        }
    }
}
