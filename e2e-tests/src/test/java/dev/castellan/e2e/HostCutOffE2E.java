package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.castellan.api.v1beta1.Healing;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A Kubernetes node is cut off from all others. Its broker runs on there, and knows nothing of the one that has taken its place and
 * its id.
 */
@E2E
class HostCutOffE2E {
    private static final Logger LOG = LoggerFactory.getLogger(HostCutOffE2E.class);

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        assumeThat(scene.mortalHosts())
                .as("Kubernetes nodes that may be cut off")
                .isNotEmpty();
        kafka = scene.kafka("lonely");
        kafka.apply("brokers: {replicas: 3}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        kafka.edit(spec -> {
            spec.healing = new Healing();
            spec.healing.brokerGrace = "10s";
        });
        kafka.awaitInSync();
        kafka.awaitSettled();
        traffic.waits();
    }

    @Test
    void isDoneWithoutAndItsBrokerDoesNoHarmWhenItIsBack(Scene scene) {
        var host = hostWithoutTheOperator(scene);
        var broker = brokerOn(host);
        scene.cutOff(host);
        var cut = Instant.now();
        try {
            kafka.awaitReplaced(
                    Map.of(broker.getMetadata().getName(), broker.getMetadata().getUid()));
            var ready = Instant.now();
            kafka.awaitInSync();
            LOG.info(
                    "  a Kubernetes node cut off: its broker Ready elsewhere after {} s, in sync after {} s; {}",
                    Duration.between(cut, ready).toSeconds(),
                    Duration.between(cut, Instant.now()).toSeconds(),
                    traffic.waits());
            assertThat(hostOf(kafka.pod(broker.getMetadata().getName()).require()))
                    .isNotEqualTo(host);
            traffic.checkpoint();
        } finally {
            scene.reconnect(host);
        }
        kafka.awaitInSync();
        kafka.awaitSettled();
        assertThat(kafka.podList()).hasSize(3);
        LOG.info("  and back: {}", traffic.waits());
        traffic.readAgain();
    }

    /** Cut off, the replica that works would end, and not come up again: that is another test's. */
    private static String hostWithoutTheOperator(Scene scene) {
        var leads = hostOf(scene.operator().leader());
        return scene.mortalHosts().stream()
                .filter(host -> !host.equals(leads))
                .findFirst()
                .orElseThrow();
    }

    private static Pod brokerOn(String host) {
        return kafka.podList().stream()
                .filter(pod -> host.equals(hostOf(pod)))
                .findFirst()
                .orElseThrow();
    }

    private static String hostOf(Pod pod) {
        return pod.getSpec().getNodeName();
    }
}
