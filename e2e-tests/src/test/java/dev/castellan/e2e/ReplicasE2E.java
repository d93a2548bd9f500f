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
import java.util.Map;
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

    /** In bytes: several times what a follower fetches at once, throttled or not, and two minutes' work as slowly as may be. */
    private static final long BALLAST = 8 << 20;

    private static Topic topic;

    /** Nobody writes to it any more. */
    private static Topic ballast;

    private static KafkaTopic ballastCopied;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("events");
        kafka.apply("brokers: {replicas: 3}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        traffic.checkpoint();
        topic = kafka.applyTopic("e2e-traffic", "{partitions: 3, replicationFactor: 1}");
        kafka.ask("ballast", Map.of("topic", "ballast", "brokers", "0", "kilobytes", "" + BALLAST / 1024));
        ballast = kafka.applyTopic("ballast", "{partitions: 1, replicationFactor: 1}");
    }

    @Test
    @Order(1)
    void replicasAreTakenAwayDownToTheLeader() {
        topic.awaitReady();

        assertReplicas(1);
        traffic.checkpoint();
    }

    /** Copied as slowly as may be, so that the operator can die between any two steps, until all of that is seen. */
    @Test
    @Order(2)
    void replicasAreAddedAlthoughTheOperatorIsKilledTwice(Scene scene) {
        kafka.edit(spec -> {
            spec.rebalance = new Rebalance();
            spec.rebalance.throttle = new Quantity("64Ki");
        });

        ballast.awaitReady();
        ballast.edit(spec -> spec.replicationFactor = 2);
        topic.edit(spec -> spec.replicationFactor = 3);
        topic.await("being copied", ReplicasE2E::isCopied);
        kafka.awaitTopic("e2e-traffic", facts -> facts.containsKey("config." + FOLLOWERS + "replicas"));
        kafka.awaitBrokerConfig(FOLLOWERS + "rate", "64711");
        scene.operator().kill();
        scene.operator().awaitAvailable();
        traffic.checkpoint();
        scene.operator().kill();
        scene.operator().awaitAvailable();
        assertHowMuchOfTheBallastIsCopied();

        kafka.edit(spec -> spec.rebalance.throttle = null);
        topic.awaitReady();
        assertReplicas(3);
        traffic.checkpoint();
        ballastCopied = ballast.awaitReady();
        var status = ballastCopied.getStatus();
        assertThat(status.reassignment).isNull();
        assertThat(status.lastChange.change).isEqualTo("replicationFactor 1 → 2");
        assertThat(status.leaderSkew).isZero();
        assertThat(status.bytes).isBetween(BALLAST, 2 * BALLAST + BALLAST / 8);
    }

    /** By an operator that has not seen how it began. */
    private static void assertHowMuchOfTheBallastIsCopied() {
        var moving =
                ballast.await("copied in part", ReplicasE2E::isCopiedInPart).getStatus().reassignment;
        assertThat(moving.partitionsLeft).isEqualTo(1);
        assertThat(moving.bytesToCopy).isBetween(BALLAST, BALLAST + BALLAST / 8);
        assertThat(moving.bytesCopied).isBetween(1L, moving.bytesToCopy - 1);
        assertThat((long) moving.percentCopied).isEqualTo(100 * moving.bytesCopied / moving.bytesToCopy);
    }

    private static boolean isCopiedInPart(KafkaTopic topic) {
        var moving = topic.getStatus().reassignment;
        return moving != null && moving.percentCopied != null && moving.percentCopied > 0;
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
        kafka.awaitUnthrottled("e2e-traffic");
        kafka.awaitBrokerConfig(FOLLOWERS + "rate", "");
        kafka.awaitBrokerConfig(LEADERS + "rate", "");
        assertThat(ballast.handle().get().getMetadata().getResourceVersion())
                .as("nothing was written of a topic at rest")
                .isEqualTo(ballastCopied.getMetadata().getResourceVersion());
    }

    /** Nobody asks for anything any more then, and nobody is left who remembers. */
    @Test
    @Order(5)
    void norWhereTheLastKafkaTopicIsDeletedBeforeTheOperatorDies(Scene scene) {
        kafka.edit(spec -> spec.rebalance.throttle = new Quantity("256Ki"));
        ballast.edit(spec -> spec.replicationFactor = 3);
        ballast.await("being copied", ReplicasE2E::isCopied);
        topic.deleteAndWait();
        ballast.deleteAndWait();
        kafka.awaitTopic("ballast", facts -> facts.containsKey("config." + FOLLOWERS + "replicas"));

        scene.operator().kill();
        scene.operator().awaitAvailable();

        kafka.awaitTopic("ballast", "replicas", "3");
        kafka.awaitUnthrottled("ballast");
        kafka.awaitBrokerConfig(FOLLOWERS + "rate", "");
        kafka.awaitBrokerConfig(LEADERS + "rate", "");
        traffic.checkpoint();
    }

    private static boolean isCopied(KafkaTopic topic) {
        return topic.getStatus().reassignment != null;
    }

    private static void assertReplicas(int expected) {
        kafka.awaitTopic("e2e-traffic", "replicas", "" + expected);
        kafka.awaitInSync();
    }
}
