package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Configuration that Kafka takes while it runs: no broker restarts for it. */
@E2E
class DynamicConfigE2E {
    /** Of every class: replication, retention, threads (further than Kafka goes at a time), the cleaner, sizes, lists. */
    private static final Map<String, String> CHANGED = Map.of(
            "min.insync.replicas", "1",
            "log.retention.ms", "3600000",
            "num.io.threads", "9",
            "log.cleaner.threads", "2",
            "message.max.bytes", "2097152",
            "log.cleanup.policy", "compact,delete",
            "compression.type", "lz4");

    /** Each cleaner has its part of it, which Kafka wants to be larger than a megabyte. */
    private static final String CLEANERS_BUFFER = "log.cleaner.dedupe.buffer.size";

    private static Kafka kafka;
    private static Map<String, String> uids;

    @BeforeAll
    static void apply(Scene scene) {
        kafka = scene.kafka("tuned");
        kafka.apply("brokers: {replicas: 3}");
        kafka.awaitSettled();
        scene.trafficThrough(kafka).checkpoint();
        uids = kafka.podUids();
    }

    @Test
    @Order(1)
    void everyBrokerWorksWithTheNewValuesAndNoneRestarts() {
        kafka.edit(spec -> {
            CHANGED.forEach((key, value) -> spec.config.put(key, new TextNode(value)));
            spec.config.put(CLEANERS_BUFFER, new TextNode("4194304"));
        });

        kafka.awaitSettled();

        CHANGED.forEach(DynamicConfigE2E::assertEverywhere);
        assertThat(kafka.podUids()).isEqualTo(uids);
    }

    @Test
    @Order(2)
    void whatKafkaRefusesIsToldInItsWordsAndHarmsNothing() {
        kafka.edit(spec -> {
            spec.config.put("num.io.threads", new TextNode("0"));
            spec.config.put("log.retention.ms", new TextNode("7200000"));
            spec.config.put("queued.max.requests", new TextNode("400"));
        });

        var stalled = kafka.awaitCondition("Stalled", "True", "ConfigRefused");

        assertThat(Kafka.condition(stalled, "Stalled").orElseThrow().getMessage())
                .contains("spec.config[num.io.threads] is 0", "Kafka refuses", "at least 1");
        assertEverywhere("num.io.threads", "9");
        assertEverywhere("log.retention.ms", "3600000");
        assertThat(kafka.podUids()).isEqualTo(uids);
    }

    @Test
    @Order(3)
    void aCorrectedSpecGoesOnAtOnce() {
        kafka.edit(spec -> {
            spec.config.put("num.io.threads", new TextNode("20")); // further than Kafka goes at a time, there and back
            spec.config.remove("queued.max.requests");
        });

        kafka.awaitSettled();

        assertEverywhere("num.io.threads", "20");
        assertEverywhere("log.retention.ms", "7200000");
        assertThat(kafka.podUids()).isEqualTo(uids);
    }

    @Test
    @Order(4)
    void whatIsTakenAwayGoesBackToKafkasDefault() {
        kafka.edit(spec -> {
            var kept = new HashMap<>(spec.config);
            kept.keySet().removeAll(CHANGED.keySet());
            spec.config = kept;
        });

        kafka.awaitSettled();

        assertEverywhere("min.insync.replicas", "2");
        assertEverywhere("num.io.threads", "8");
        assertEverywhere("message.max.bytes", "1048588");
        assertEverywhere("compression.type", "producer");
        assertThat(kafka.podUids()).isEqualTo(uids);
    }

    /** It hears of all steps at once, and refuses what is too far from what it works with. */
    @Test
    @Order(5)
    void aBrokerThatHangsWhileThreadsComeToAFarNumberIsLedThere(Scene scene) {
        var held = kafka.pod("tuned-brokers-1").get();
        scene.holdProcess(held);
        kafka.edit(spec -> {
            spec.config.put("num.io.threads", new TextNode("40"));
            spec.config.put("log.retention.ms", new TextNode("7200000"));
        });
        awaitWritten(scene, "\"num.io.threads\":\"40\"");

        scene.releaseProcess(held);

        kafka.awaitBrokerConfig("num.io.threads", "40");
        kafka.awaitSettled();
        assertEverywhere("num.io.threads", "40");
        assertEverywhere("log.retention.ms", "7200000");
        assertThat(kafka.podUids()).isEqualTo(uids);
    }

    /** It began with eight, which its file still says, and forty are too far from there. */
    @Test
    @Order(6)
    void aBrokerWhoseProcessStartsAgainWithItsOldFileIsLedThere(Scene scene) {
        var pod = kafka.pod("tuned-brokers-2");
        scene.endProcess(pod.get());
        Await.until(pod, "started again", Kafka.PATIENCE, now -> restarts(now) > 0 && Readiness.isPodReady(now));

        kafka.awaitBrokerConfig("num.io.threads", "40");
        kafka.awaitSettled();

        assertEverywhere("num.io.threads", "40");
        assertEverywhere("log.retention.ms", "7200000");
        assertThat(kafka.podUids()).isEqualTo(uids);
    }

    private static int restarts(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .mapToInt(ContainerStatus::getRestartCount)
                .sum();
    }

    /** Where a broker would start with it: Kafka has been told all of it by then. */
    private static void awaitWritten(Scene scene, String property) {
        var sets = scene.client()
                .apps()
                .statefulSets()
                .inNamespace(kafka.namespace())
                .withName("tuned-brokers");
        Await.until(
                sets,
                "written",
                Kafka.PATIENCE,
                set -> set.getSpec().getTemplate().getMetadata().getAnnotations().values().stream()
                        .anyMatch(value -> value.contains(property)));
    }

    /** Of all three, also where one is fenced for a moment, and is not among those that can be asked. */
    private static void assertEverywhere(String key, String value) {
        var values = kafka.awaitBrokerConfig(key, answers -> answers.size() == 3);
        assertThat(new TreeMap<>(values)).as(key).allSatisfy((broker, actual) -> assertThat(actual)
                .isEqualTo(value));
    }
}
