package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Example;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Brokers in the zones that the user names. */
@E2E
class ZonesE2E {
    private static Example example;

    @BeforeAll
    static void apply(Scene scene) {
        example = Example.apply(scene, "03-zones");
        example.kafka().awaitSettled();
    }

    @Test
    void brokersAreSpreadEvenlyAndTheFirstZoneGetsOneMore() {
        assertThat(example.kafka().podUids())
                .containsOnlyKeys(
                        "spread-brokers-z1-0",
                        "spread-brokers-z1-1",
                        "spread-brokers-z2-1000",
                        "spread-brokers-z3-2000");
    }

    @Test
    void aBrokerRunsInItsZoneAndTellsItAsItsRack(Scene scene) {
        assertThat(example.kafka().podList()).allSatisfy(pod -> assertThat(zoneOfNode(scene, pod))
                .isEqualTo(pod.getMetadata().getLabels().get("castellan.dev/zone")));
        example.kafka().awaitAnswer("brokers", "racks", "0:z1,1000:z2,1:z1,2000:z3");
    }

    @Test
    void eachZoneHasAController() {
        assertThat(example.kafka().ask("quorum").get("voters")).matches("0:[^,]+,1000:[^,]+,2000:[^,]+");
    }

    @Test
    void aTopicIsThereAsDeclared() {
        example.topic("payments").awaitReady();

        example.kafka().awaitTopic("payments", Map.of("partitions", "3", "config.min.insync.replicas", "2"));
    }

    private static String zoneOfNode(Scene scene, Pod pod) {
        return scene.client()
                .nodes()
                .withName(pod.getSpec().getNodeName())
                .get()
                .getMetadata()
                .getLabels()
                .get("topology.kubernetes.io/zone");
    }
}
