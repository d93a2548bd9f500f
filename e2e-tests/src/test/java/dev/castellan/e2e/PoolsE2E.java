package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.BrokerPool;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brokers move to other machines: a pool comes, another goes, under traffic, and the operator dies on the way. */
@E2E
class PoolsE2E {
    private static final Logger LOG = LoggerFactory.getLogger(PoolsE2E.class);

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("pooled");
        kafka.apply("""
                brokers: {replicas: 3, pools: [{name: old, replicas: 2}]}
                controllers: {replicas: 1}
                rebalance: {throttle: 1Mi}
                """);
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        kafka.applyTopic("wide", "{partitions: 24, replicationFactor: 3, config: {min.insync.replicas: 2}}")
                .awaitReady();
        traffic.checkpoint();
    }

    @Test
    @Order(1)
    void dataMovesFromAPoolToTheOneThatTakesItsPlaceAlthoughTheOperatorDies(Scene scene) {
        var start = Instant.now();
        edit("new", 2);
        operatorDies(scene);
        kafka.await("moving replicas", cluster -> Kafka.isDoing(cluster, "to hold nothing"));
        kafka.awaitAnswer("brokers", facts -> Stream.of("3000:", "3001:").allMatch(facts.get("racks")::contains));
        operatorDies(scene);
        kafka.awaitProvedEmpty(Set.of(0, 1, 2, 3000, 3001));
        operatorDies(scene);

        awaitBrokers(start, Set.of(0, 1, 2, 3000, 3001));
        assertIsGone(scene, "old");
        assertThat(claims(scene)).contains("data-pooled-old-1000", "data-pooled-old-1001");
        traffic.readAgain();
    }

    @Test
    @Order(2)
    void aPoolThatIsSetBackHalfWayStays(Scene scene) {
        var pods = kafka.podUids();

        edit("new", 0);
        kafka.await("moving replicas", cluster -> Kafka.isDoing(cluster, "brokers 3000, 3001 are to hold nothing"));
        var start = Instant.now();
        edit("new", 2);
        operatorDies(scene);

        awaitBrokers(start, Set.of(0, 1, 2, 3000, 3001));
        assertThat(kafka.podUids()).isEqualTo(pods);
        traffic.checkpoint();
    }

    @Test
    @Order(3)
    void aPoolComesBackToItsDisks(Scene scene) {
        var start = Instant.now();
        edit("old", 2);
        kafka.await("moving replicas", cluster -> Kafka.isDoing(cluster, "to hold nothing"));
        operatorDies(scene);

        awaitBrokers(start, Set.of(0, 1, 2, 1000, 1001));
        assertIsGone(scene, "new");
        traffic.readAgain();
    }

    /** The only pool beside the brokers that have no name; 0: there is none. */
    private static void edit(String name, int replicas) {
        var pool = new BrokerPool();
        pool.name = name;
        pool.replicas = replicas;
        kafka.edit(spec -> spec.brokers.pools = replicas == 0 ? null : List.of(pool));
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
        assertThat(Collections.max(replicas.values()) - Collections.min(replicas.values()))
                .isLessThanOrEqualTo(1);
        kafka.awaitBrokerConfig("follower.replication.throttled.rate", "");
        kafka.awaitUnthrottled("wide");
    }

    private static void assertIsGone(Scene scene, String pool) {
        var name = "pooled-" + pool;
        assertThat(scene.client()
                        .apps()
                        .statefulSets()
                        .inNamespace(kafka.namespace())
                        .withName(name)
                        .get())
                .isNull();
        assertThat(kafka.podUids().keySet()).noneMatch(pod -> pod.startsWith(name + "-"));
        assertThat(scene.client()
                        .services()
                        .inNamespace(kafka.namespace())
                        .list()
                        .getItems())
                .noneMatch(service -> service.getMetadata().getName().startsWith(name + "-"));
    }

    private static List<String> claims(Scene scene) {
        return scene.client().persistentVolumeClaims().inNamespace(kafka.namespace()).list().getItems().stream()
                .map(claim -> claim.getMetadata().getName())
                .toList();
    }
}
