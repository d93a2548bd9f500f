package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Topic;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All nodes go to sleep in the middle of traffic, and wake with all that was acknowledged; the operator dies on the way. */
@E2E
class HibernateE2E {
    private static final Logger LOG = LoggerFactory.getLogger(HibernateE2E.class);

    private static Kafka kafka;
    private static Traffic traffic;
    private static Topic topic;
    private static Topic late;
    private static Map<String, String> disks;
    private static String clusterId;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("sleepy");
        kafka.apply("brokers: {replicas: 3}");
        traffic = scene.trafficThrough(kafka);
        topic = kafka.applyTopic("orders", "{partitions: 3, replicationFactor: 3}");
        topic.awaitReady();
        kafka.awaitSettled();
        traffic.checkpoint();
        disks = disks(scene);
        clusterId = kafka.now().getStatus().clusterId;
    }

    @Test
    @Order(1)
    void sleepsInTheMiddleOfTrafficAndWakesAsItFellAsleep(Scene scene) {
        fallsAsleep(scene);
        doesNothingButWait(scene);
        wakes(scene);
    }

    private static void fallsAsleep(Scene scene) {
        var start = Instant.now();

        kafka.edit(spec -> spec.hibernate = true);
        scene.operator().kill();

        awaitAsleep();
        LOG.info("  asleep after {} s", seconds(start));
        assertThat(kafka.podUids()).isEmpty();
        assertThat(disks(scene)).isEqualTo(disks);
        scene.operator().awaitAvailable();
    }

    /** What it is told meanwhile it does when it is awake; a topic that is there stays known, and one that comes waits. */
    private static void doesNothingButWait(Scene scene) {
        var written = set(scene).getMetadata().getGeneration();

        kafka.edit(spec -> spec.config.put("log.segment.delete.delay.ms", new TextNode("30000")));
        late = kafka.applyTopic("late", "{partitions: 1, replicationFactor: 3}");

        late.awaitCondition("Ready", "False", "WaitingForCluster");
        awaitAsleep();
        assertThat(late.handle().get().getStatus().conditions)
                .anyMatch(condition -> condition.getMessage().contains("all nodes are stopped"));
        assertThat(Topic.isReady(topic.handle().get())).isTrue();
        assertThat(set(scene).getMetadata().getGeneration()).isEqualTo(written);
        assertThat(kafka.podUids()).isEmpty();
    }

    private static void wakes(Scene scene) {
        var start = Instant.now();

        kafka.edit(spec -> spec.hibernate = null);
        kafka.await("starts its nodes", cluster -> cluster.getStatus().replicas > 0);
        scene.operator().kill();

        kafka.awaitReady();
        LOG.info("  awake after {} s", seconds(start));
        traffic.checkpoint();
        LOG.info("  records flow after {} s", seconds(start));
        scene.operator().awaitAvailable();
        kafka.awaitDone();
        LOG.info("  and up to date after {} s", seconds(start));
        kafka.awaitBrokerConfig("log.segment.delete.delay.ms", "30000");
        late.awaitReady();
        assertThat(disks(scene)).isEqualTo(disks);
        assertThat(kafka.ask("brokers")).containsEntry("cluster", clusterId);
        traffic.readAgain();
    }

    /** Controllers in pods of their own see the brokers off, and find each other again. */
    @Test
    @Order(2)
    void dedicatedControllersGoLast(Scene scene) {
        var dedicated = scene.kafka("dedicated");
        dedicated.apply("""
                brokers: {replicas: 2}
                controllers: {replicas: 3}
                """);
        dedicated.awaitSettled();
        var start = Instant.now();

        dedicated.edit(spec -> spec.hibernate = true);

        dedicated.await(
                "stops its controllers last",
                cluster -> Kafka.isDoing(cluster, "all controllers are stopped")
                        || Kafka.isDoing(cluster, "controllers shut down"));
        assertThat(dedicated.podUids().keySet()).allMatch(pod -> pod.contains("-controllers-"));
        dedicated.awaitCondition("Hibernating", "True", "Hibernating");
        LOG.info("  with dedicated controllers: asleep after {} s", seconds(start));
        dedicated.edit(spec -> spec.hibernate = false);
        dedicated.awaitDone();
        assertThat(dedicated.podUids()).hasSize(5);
    }

    private static void awaitAsleep() {
        kafka.await("asleep as declared", HibernateE2E::isAsleep);
    }

    private static boolean isAsleep(KafkaCluster cluster) {
        return cluster.getMetadata().getGeneration().equals(cluster.getStatus().observedGeneration)
                && Kafka.condition(cluster, "Hibernating").isPresent()
                && Kafka.condition(cluster, "Reconciling").isEmpty();
    }

    private static StatefulSet set(Scene scene) {
        return scene.client()
                .apps()
                .statefulSets()
                .inNamespace(scene.namespace())
                .withName("sleepy-brokers")
                .require();
    }

    /** The claims of the cluster, and the volumes behind them. */
    private static Map<String, String> disks(Scene scene) {
        List<PersistentVolumeClaim> claims = scene.client()
                .persistentVolumeClaims()
                .inNamespace(scene.namespace())
                .withLabel("castellan.dev/cluster", "sleepy")
                .list()
                .getItems();
        return claims.stream()
                .collect(Collectors.toMap(claim -> claim.getMetadata().getName(), claim -> claim.getSpec()
                        .getVolumeName()));
    }

    private static long seconds(Instant start) {
        return Duration.between(start, Instant.now()).toSeconds();
    }
}
