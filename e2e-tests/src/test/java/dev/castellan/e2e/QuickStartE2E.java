package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Example;
import dev.castellan.e2e.harness.Scene;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** The first thing that anybody tries. */
@E2E
@Order(1)
class QuickStartE2E {
    private static Example example;

    @BeforeAll
    static void apply(Scene scene) {
        example = Example.apply(scene, "01-quick-start");
    }

    @Test
    @Order(1)
    void threeBrokersAreTheirOwnControllers() {
        var cluster = example.kafka().awaitSettled();

        assertThat(example.kafka().podUids())
                .containsOnlyKeys("events-brokers-0", "events-brokers-1", "events-brokers-2");
        assertThat(example.kafka().ask("quorum").get("voters")).matches("0:[^,]+,1:[^,]+,2:[^,]+");
        assertThat(example.kafka().awaitAnswer("brokers", "logDirs", "0:1,1:1,2:1"))
                .containsEntry("cluster", cluster.getStatus().clusterId);
    }

    @Test
    @Order(2)
    void statusTellsWhatIs() {
        var status = example.kafka().awaitDone().getStatus();

        assertThat(status.version).isEqualTo("4.4.0");
        assertThat(status.metadataVersion).startsWith("4.4");
        assertThat(status.replicas).isEqualTo(3);
        assertThat(status.brokers).extracting(broker -> broker.state).containsOnly("Running");
        assertThat(status.quorum.voters).containsExactly(0, 1, 2);
        assertThat(status.quorum.leader).isIn(0, 1, 2);
        assertThat(status.health.offline).isZero();
        assertThat(status.health.underMinIsr).isZero();
    }

    @Test
    @Order(3)
    void theTopicIsAsDeclared() {
        var topic = example.topic("orders").awaitReady();

        assertThat(topic.getStatus().partitions).isEqualTo(6);
        assertThat(topic.getStatus().replicationFactor).isEqualTo(3);
        example.kafka()
                .awaitTopic("orders", Map.of("partitions", "6", "replicas", "3", "id", topic.getStatus().topicId));
    }

    @Test
    @Order(4)
    void brokersHaveNoWayIntoKubernetes() {
        assertThat(example.kafka().podList()).allSatisfy(pod -> {
            assertThat(pod.getSpec().getAutomountServiceAccountToken()).isFalse();
            assertThat(pod.getSpec().getVolumes()).noneMatch(volume -> volume.getProjected() != null);
        });
    }
}
