package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
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
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Brokers come and go under traffic and transactions, and the operator dies on the way; the data stays. */
@E2E
class ScaleE2E {
    private static final Logger LOG = LoggerFactory.getLogger(ScaleE2E.class);
    private static final String CORDON = "cordoned.log.dirs";
    private static final String FOLLOWERS = "follower.replication.throttled.";

    private static Kafka kafka;
    private static Traffic traffic;
    private static Traffic transactions;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("scaled");
        kafka.apply("brokers: {replicas: 3}\nrebalance: {throttle: 1Mi}");
        traffic = scene.trafficThrough(kafka);
        transactions = scene.transactionsThrough(kafka);
        kafka.awaitSettled();
        kafka.applyTopic("wide", "{partitions: 24, replicationFactor: 3, config: {min.insync.replicas: 2}}")
                .awaitReady();
        traffic.checkpoint();
    }

    @Test
    @Order(1)
    void newBrokersGetTheirShareAlthoughTheOperatorDies(Scene scene) {
        var start = Instant.now();
        kafka.edit(spec -> spec.brokers.replicas = 4);
        operatorDies(scene);
        awaitFilling(4);
        operatorDies(scene);

        awaitScaled(4, start);
    }

    @Test
    @Order(2)
    void othersGetNoneBeforeTheyAreAskedFor(Scene scene) {
        kafka.edit(spec -> {
            spec.brokers.replicas = 6;
            spec.rebalance.onScale = false;
        });
        kafka.await(
                "six brokers",
                cluster ->
                        Kafka.isSettled(cluster) && cluster.getStatus().brokers.size() == 6);
        assertThat(kafka.awaitReplicas(Set.of(0, 1, 2, 3, 4, 5)))
                .containsEntry(4, 0)
                .containsEntry(5, 0);

        var start = Instant.now();
        kafka.edit(spec -> spec.rebalance.request = "now");
        operatorDies(scene);
        awaitFilling(6);
        operatorDies(scene);

        awaitScaled(6, start);
        kafka.edit(spec -> spec.rebalance.onScale = true);
        traffic.readAgain();
        transactions.readAgain();
    }

    @Test
    @Order(3)
    void aTopicWithMoreReplicasThanBrokersWouldBeLeftIsInTheWay() {
        var topic = kafka.applyTopic("four", "{partitions: 1, replicationFactor: 4}");
        topic.awaitReady();

        kafka.edit(spec -> spec.brokers.replicas = 3);

        var refused = kafka.awaitCondition("Stalled", "True", "ScaleDownBlocked");
        assertThat(Kafka.condition(refused, "Stalled").orElseThrow().getMessage())
                .contains("four (4)");
        assertThat(kafka.podUids()).hasSize(6);
        traffic.checkpoint();

        kafka.edit(spec -> spec.brokers.replicas = 6);
        topic.edit(spec -> spec.replicationFactor = 3);
        topic.awaitReady();
        awaitScaled(6, Instant.now());
    }

    @Test
    @Order(4)
    void whoStaysAfterAllGetsItsShareAgain(Scene scene) {
        var pods = kafka.podUids();

        kafka.edit(spec -> spec.brokers.replicas = 3);
        kafka.await("moving replicas", cluster -> Kafka.isDoing(cluster, "brokers 3, 4, 5 are to hold nothing"));
        kafka.awaitBrokerConfig(CORDON, Map.of("0", "", "1", "", "2", "", "3", "*", "4", "*", "5", "*"));
        for (var late : List.of("late-1", "late-2", "late-3")) {
            kafka.ask("create-topic", late);
            assertThat(kafka.awaitTopic(late, "exists", "true")).containsEntry("brokers", "0,1,2");
        }
        var start = Instant.now();
        kafka.edit(spec -> spec.brokers.replicas = 6);
        operatorDies(scene);

        awaitScaled(6, start);
        assertThat(kafka.podUids()).isEqualTo(pods);
        traffic.checkpoint();
    }

    @Test
    @Order(5)
    void brokersLeaveAlthoughTheOperatorDies(Scene scene) {
        var pods = kafka.podUids();
        for (int brokers : new int[] {4, 3}) {
            var start = Instant.now();
            kafka.edit(spec -> spec.brokers.replicas = brokers);
            operatorDies(scene);
            awaitLeaving(brokers, "to hold nothing", "nothing any more", "nothing, as was seen");
            operatorDies(scene);
            awaitLeaving(brokers, "nothing any more", "nothing, as was seen");
            operatorDies(scene);

            awaitScaled(brokers, start);
            assertThat(pods).containsAllEntriesOf(kafka.podUids());
        }
        traffic.readAgain();
        transactions.readAgain();
    }

    private static void operatorDies(Scene scene) {
        scene.operator().kill();
        traffic.checkpoint();
        scene.operator().awaitAvailable();
    }

    /** It may be over before the operator that died is back. */
    private static void awaitFilling(int brokers) {
        kafka.await(
                "replicas being moved to new brokers, or moved",
                cluster -> Kafka.isDoing(cluster, "to get a share of the replicas") || isScaled(cluster, brokers));
    }

    private static void awaitLeaving(int brokers, String... words) {
        kafka.await(
                "brokers leaving, or gone",
                cluster ->
                        isScaled(cluster, brokers) || Stream.of(words).anyMatch(word -> Kafka.isDoing(cluster, word)));
    }

    private static boolean isScaled(KafkaCluster cluster, int brokers) {
        return Kafka.isSettled(cluster)
                && cluster.getStatus().brokers.size() == brokers
                && "Done".equals(cluster.getStatus().plan.step);
    }

    private static void awaitScaled(int brokers, Instant start) {
        kafka.await("settled with " + brokers + " brokers", cluster -> isScaled(cluster, brokers));
        LOG.info(
                "  {} brokers after {} s; {}",
                brokers,
                Duration.between(start, Instant.now()).toSeconds(),
                traffic.waits());
        kafka.awaitInSync();
        assertThat(kafka.podUids()).hasSize(brokers);
        var replicas = kafka.awaitReplicas(IntStream.range(0, brokers).boxed().collect(Collectors.toSet()));
        LOG.info("  replicas: {}", replicas);
        assertThat(Collections.max(replicas.values()) - Collections.min(replicas.values()))
                .isLessThanOrEqualTo(1);
        kafka.awaitBrokerConfig(FOLLOWERS + "rate", "");
        kafka.awaitBrokerConfig(CORDON, "");
        kafka.awaitUnthrottled("wide");
    }
}
