package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.castellan.api.v1beta1.Jvm;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.Rollout;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.PodWatch;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A spec with which brokers do not come up costs one of them a while, and the cluster nothing. */
@E2E
class RollbackE2E {
    private static final Logger LOG = LoggerFactory.getLogger(RollbackE2E.class);

    /** Read by a broker at its start only, which it refuses if it is 0. */
    private static final String STATIC = "queued.max.requests";

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("tried");
        kafka.apply("""
                brokers: {replicas: 3}
                rollout: {patience: 20s}
                """);
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        kafka.applyTopic("wide", "{partitions: 12, replicationFactor: 3, config: {min.insync.replicas: 2}}")
                .awaitReady();
        traffic.checkpoint();
    }

    @BeforeEach
    void startFromHealth() {
        kafka.awaitInSync();
        kafka.awaitSettled();
    }

    @Test
    @Order(1)
    void anImageThatNobodyHas() {
        var before = kafka.podUids();

        failsAndIsPutBack(
                "missing image",
                spec -> spec.image = "castellan/kafka:none",
                () -> {},
                "image",
                "castellan/kafka:none");
        var putBack = kafka.podUids();

        kafka.edit(spec -> spec.image = null); // taken back: nothing is left to do

        awaitDone();
        assertThat(kafka.podUids()).isEqualTo(putBack);
        assertThat(changed(before, putBack)).isEqualTo(1);
    }

    @Test
    @Order(2)
    void aJvmOptionThatThereIsNot(Scene scene) {
        failsAndIsPutBack(
                "JVM option",
                spec -> spec.brokers.jvm = options("-XX:+MakeItFaster"),
                () -> scene.operator().kill(),
                "jvm",
                "CrashLoopBackOff, last exit 1",
                "MakeItFaster");

        rollsOn("JVM option", spec -> spec.brokers.jvm = options("-XX:MaxGCPauseMillis=50"));
    }

    @Test
    @Order(3)
    void moreMemoryThanAnyNodeHas() {
        failsAndIsPutBack(
                "resources",
                spec -> spec.brokers.resources = resources("4Ti", "4Ti"),
                () -> {},
                "resources.requests.memory",
                "not scheduled");

        rollsOn("resources", spec -> spec.brokers.resources = resources("384Mi", "520Mi"));
    }

    @Test
    @Order(4)
    void aValueWithWhichKafkaDoesNotStart() {
        failsAndIsPutBack(
                "configuration",
                spec -> spec.config.put(STATIC, IntNode.valueOf(0)),
                () -> {},
                "config." + STATIC + " (none) → 0",
                "CrashLoopBackOff, last exit",
                STATIC);

        rollsOn("configuration", spec -> spec.config.put(STATIC, IntNode.valueOf(501)));
        assertThat(kafka.brokerConfig(STATIC).values()).containsOnly("501");
    }

    @Test
    @Order(5)
    void theUserMayWantToLookAtIt() {
        kafka.edit(spec -> spec.rollout.onFailure = Rollout.OnFailure.hold);
        kafka.awaitSettled();
        var before = kafka.podUids();

        try (var watch = PodWatch.of(kafka)) {
            kafka.edit(spec -> spec.config.put(STATIC, IntNode.valueOf(0)));
            var failed = kafka.awaitCondition("Stalled", "True", "TrialFailed");

            assertThat(message(failed)).contains("it stays as it is", STATIC);
            traffic.readAgain();
            var held = kafka.podUids();
            assertThat(changed(before, held)).isEqualTo(1);
            assertThat(kafka.podList())
                    .filteredOn(pod ->
                            pod.getStatus().getContainerStatuses().getFirst().getRestartCount() >= 3)
                    .singleElement()
                    .satisfies(pod -> assertThat(before.values())
                            .doesNotContain(pod.getMetadata().getUid()));

            kafka.edit(spec -> spec.config.put(STATIC, IntNode.valueOf(502)));

            awaitDone();
            assertThat(watch.replacements().values().stream().sorted()).containsExactly(1, 1, 2);
            assertThat(kafka.brokerConfig(STATIC).values()).containsOnly("502");
            traffic.readAgain();
        }
    }

    /** One broker tries it, fails, and is back; nothing else happens. */
    private static void failsAndIsPutBack(
            String what, Consumer<KafkaClusterSpec> change, Runnable meanwhile, String... told) {
        var before = kafka.podUids();
        try (var watch = PodWatch.of(kafka)) {
            var start = Instant.now();
            kafka.edit(change);
            meanwhile.run();
            var failed = kafka.awaitCondition("Stalled", "True", "TrialFailed");
            var noticed = Duration.between(start, Instant.now());
            kafka.await(
                    "put back",
                    cluster -> isAt(cluster, "Stall")
                            && Kafka.condition(cluster, "Degraded").isEmpty());
            kafka.awaitInSync();
            LOG.info(
                    "  {}: told after {} s, all well again after {} s: {}",
                    what,
                    noticed.toSeconds(),
                    Duration.between(start, Instant.now()).toSeconds(),
                    message(failed));
            assertThat(message(failed)).contains(told).contains("goes back to what it ran with before");
            assertThat(watch.replacements().values().stream().sorted()).containsExactly(0, 0, 2);
            assertThat(watch.mostOutOfService()).isEqualTo(1);
            assertThat(changed(before, kafka.podUids())).isEqualTo(1);
            traffic.readAgain();
        }
    }

    /** With a better spec, from where it failed. */
    private static void rollsOn(String what, Consumer<KafkaClusterSpec> cure) {
        try (var watch = PodWatch.of(kafka)) {
            var start = Instant.now();
            kafka.edit(cure);
            awaitDone();
            kafka.awaitInSync();
            LOG.info(
                    "  {}: corrected and rolled in {} s",
                    what,
                    Duration.between(start, Instant.now()).toSeconds());
            assertThat(watch.replacements().values()).containsExactly(1, 1, 1);
            traffic.readAgain();
        }
    }

    private static void awaitDone() {
        kafka.await("as declared", cluster -> Kafka.isSettled(cluster) && isAt(cluster, "Done"));
    }

    private static boolean isAt(KafkaCluster cluster, String step) {
        return cluster.getStatus().plan != null && step.equals(cluster.getStatus().plan.step);
    }

    private static String message(KafkaCluster cluster) {
        return Kafka.condition(cluster, "Stalled").orElseThrow().getMessage();
    }

    private static long changed(Map<String, String> before, Map<String, String> after) {
        var same = new TreeMap<>(after);
        same.entrySet().retainAll(before.entrySet());
        return after.size() - same.size();
    }

    private static Jvm options(String option) {
        var jvm = new Jvm();
        jvm.options = List.of(option);
        return jvm;
    }

    private static ResourceRequirements resources(String requested, String limit) {
        var resources = new ResourceRequirements();
        resources.setRequests(Map.of("memory", new Quantity(requested), "cpu", new Quantity("50m")));
        resources.setLimits(Map.of("memory", new Quantity(limit)));
        return resources;
    }
}
