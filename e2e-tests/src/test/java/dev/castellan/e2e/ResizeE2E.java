package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** CPU and memory reach brokers while they run, by the real kubelet; and what it cannot give harms nobody. */
@E2E
class ResizeE2E {
    private static final Logger LOG = LoggerFactory.getLogger(ResizeE2E.class);
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private static Kafka kafka;
    private static Traffic traffic;
    private static Map<String, String> pods;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("resized");
        kafka.apply("brokers: {replicas: 3, jvm: {heap: 128Mi},"
                + " resources: {requests: {cpu: 50m}, limits: {cpu: 1500m, memory: 448Mi}}}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        kafka.awaitInSync();
        pods = kafka.podUids();
    }

    @AfterEach
    void restartsNobodyAndLosesNothing() {
        assertThat(kafka.podUids()).isEqualTo(pods);
        assertThat(kafka.podList())
                .allSatisfy(pod -> assertThat(kafka(pod).getRestartCount()).isZero());
        LOG.info("  {}", traffic.waits());
        traffic.checkpoint();
    }

    @Test
    @Order(1)
    void moreOfBothReachesEveryBrokerWhileItRuns(Scene scene) throws Exception {
        var start = Instant.now();

        resources(Map.of("cpu", "60m"), Map.of("cpu", "1700m", "memory", "512Mi"));

        kafka.awaitDone();
        LOG.info("  resized after {} ms", Duration.between(start, Instant.now()).toMillis());
        assertHas("cpu", "60m", "1700m");
        assertHas("memory", "384Mi", "512Mi");
        for (var pod : pods.keySet()) {
            assertThat(memoryLimit(scene, pod)).isEqualTo(String.valueOf(512L << 20));
        }
    }

    @Test
    @Order(2)
    void moreThanANodeHasIsToldOfAndTriedOnOneBrokerAlone() {
        resources(Map.of("cpu", "500"), Map.of("cpu", "500", "memory", "512Mi"));

        var stalled = kafka.awaitCondition("Stalled", "True", "ResizeRefused");

        var message = Kafka.condition(stalled, "Stalled").orElseThrow().getMessage();
        LOG.info("  {}", message);
        assertThat(message).contains("runs on as it was", "cpu, requested: 500000");
        assertThat(kafka.podList())
                .filteredOn(pod -> pod.getSpec()
                        .getContainers()
                        .getFirst()
                        .getResources()
                        .getRequests()
                        .get("cpu")
                        .equals(new Quantity("500")))
                .hasSize(1);
        assertHas("cpu", "60m", "1700m");
    }

    @Test
    @Order(3)
    void aCorrectedSpecGoesOnAtOnceAndTheWayBackIsAsShort() {
        resources(Map.of("cpu", "50m"), Map.of("cpu", "1500m", "memory", "512Mi"));

        kafka.awaitDone();

        assertHas("cpu", "50m", "1500m");
    }

    private static void resources(Map<String, String> requests, Map<String, String> limits) {
        kafka.edit(spec -> {
            requests.forEach(
                    (name, amount) -> spec.brokers.resources.getRequests().put(name, new Quantity(amount)));
            limits.forEach((name, amount) -> spec.brokers.resources.getLimits().put(name, new Quantity(amount)));
        });
    }

    /** As the kubelet read it from the container runtime. */
    private static void assertHas(String resource, String request, String limit) {
        for (var name : pods.keySet()) {
            Await.until(kafka.pod(name), name + " has " + resource + " " + limit, PATIENCE, pod -> {
                var has = kafka(pod).getResources();
                return new Quantity(request).equals(has.getRequests().get(resource))
                        && new Quantity(limit).equals(has.getLimits().get(resource));
            });
        }
    }

    /** By the kernel's word, of whichever version of cgroups. */
    private static String memoryLimit(Scene scene, String pod) throws Exception {
        var out = new ByteArrayOutputStream();
        try (var exec = scene.client()
                .pods()
                .inNamespace(kafka.namespace())
                .withName(pod)
                .writingOutput(out)
                .exec("cat", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")) {
            exec.exitCode().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        }
        return out.toString(StandardCharsets.UTF_8).strip();
    }

    private static ContainerStatus kafka(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst();
    }
}
