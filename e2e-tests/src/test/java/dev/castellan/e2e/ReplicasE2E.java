package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.Rebalance;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Topic;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.Quantity;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The number of replicas changes under traffic, and the operator dies on the way. */
@E2E
class ReplicasE2E {
    private static final String LEADERS = "leader.replication.throttled.";
    private static final String FOLLOWERS = "follower.replication.throttled.";

    private static Kafka kafka;
    private static Traffic traffic;
    private static Topic topic;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("events");
        kafka.apply("brokers: {replicas: 3}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        traffic.checkpoint();
        topic = kafka.applyTopic("e2e-traffic", "{partitions: 3, replicationFactor: 1}");
    }

    @Test
    @Order(1)
    void replicasAreTakenAwayDownToTheLeader() {
        topic.awaitReady();

        assertReplicas(1);
        traffic.checkpoint();
    }

    /** Copied as slowly as may be, so that the operator can die between any two steps. */
    @Test
    @Order(2)
    void replicasAreAddedAlthoughTheOperatorIsKilledTwice(Scene scene) {
        kafka.edit(spec -> {
            spec.rebalance = new Rebalance();
            spec.rebalance.throttle = new Quantity("64Ki");
        });

        topic.edit(spec -> spec.replicationFactor = 3);
        topic.await("being copied", ReplicasE2E::isCopied);
        assertThat(kafka.topic("e2e-traffic")).containsKey("config." + FOLLOWERS + "replicas");
        assertThat(kafka.brokerConfig(FOLLOWERS + "rate").values()).containsOnly("64711");
        scene.operator().kill();
        scene.operator().awaitAvailable();
        traffic.checkpoint();
        scene.operator().kill();
        scene.operator().awaitAvailable();

        topic.awaitReady();
        assertReplicas(3);
        traffic.checkpoint();
    }

    @Test
    @Order(3)
    void oneIsTakenAwayAgainAlthoughTheOperatorIsKilled(Scene scene) {
        topic.edit(spec -> spec.replicationFactor = 2);
        scene.operator().kill();
        scene.operator().awaitAvailable();

        topic.awaitReady();

        assertReplicas(2);
        traffic.checkpoint();
        traffic.readAgain();
    }

    @Test
    @Order(4)
    void nothingOfTheThrottleIsLeft() {
        topic.edit(spec -> spec.replicationFactor = 3);
        topic.awaitReady();

        assertReplicas(3);
        assertThat(kafka.topic("e2e-traffic").keySet()).noneMatch(key -> key.contains("throttled"));
        kafka.awaitBrokerConfig(FOLLOWERS + "rate", "");
        kafka.awaitBrokerConfig(LEADERS + "rate", "");
    }

    private static boolean isCopied(KafkaTopic topic) {
        return topic.getStatus().reassignment != null;
    }

    private static void assertReplicas(int expected) {
        assertThat(kafka.topic("e2e-traffic")).containsEntry("replicas", "" + expected);
        kafka.awaitInSync();
    }
}
