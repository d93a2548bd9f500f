package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Edit;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.PodWatch;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.Watcher;
import io.fabric8.kubernetes.client.WatcherException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Two Kubernetes nodes are drained at once, as kubectl drain does it, and taken back when they are empty. */
@E2E
class DrainE2E {
    private static final Logger LOG = LoggerFactory.getLogger(DrainE2E.class);

    /** What kubectl would wait is five seconds. */
    private static final Duration BETWEEN_EVICTIONS = Duration.ofMillis(300);

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("drained");
        kafka.apply("brokers: {replicas: 3}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        kafka.awaitInSync();
        traffic.checkpoint();
    }

    @Test
    void podsGoOneByOneAndTheNextOnlyWhenTheDataCanSpareIt(Scene scene) throws Exception {
        var before = kafka.podUids();
        var worst = new AtomicInteger();
        traffic.waits();
        try (var pods = PodWatch.of(kafka);
                var health = kafka.handle().watch(underMinIsr(worst))) {
            var first = drain(scene.client(), "drained-brokers-0");
            var second = drain(scene.client(), "drained-brokers-1");
            int refused = refusals(first) + refusals(second);

            kafka.awaitReplaced(Map.of(
                    "drained-brokers-0", before.get("drained-brokers-0"),
                    "drained-brokers-1", before.get("drained-brokers-1")));
            kafka.awaitInSync();
            kafka.awaitSettled();

            LOG.info("  two nodes drained: {} evictions refused; {}", refused, traffic.waits());
            assertThat(refused).as("evictions refused for now").isPositive();
            assertThat(pods.mostOutOfService()).isEqualTo(1);
            assertThat(pods.replacements())
                    .isEqualTo(Map.of("drained-brokers-0", 1, "drained-brokers-1", 1, "drained-brokers-2", 0));
        }
        assertThat(worst).as("partitions under min.insync.replicas").hasValue(0);
        traffic.readAgain();
    }

    /** Ends when the pod has gone and its node is taken back, with the number of times that it was not let go. */
    private static CompletableFuture<Integer> drain(KubernetesClient client, String pod) {
        return CompletableFuture.supplyAsync(
                () -> {
                    var seen = kafka.pod(pod).require();
                    setSchedulable(client, seen.getSpec().getNodeName(), false);
                    try {
                        int refused = evict(client, pod);
                        Await.until(kafka.pod(pod), "pod " + pod + " gone", Kafka.PATIENCE, now -> !now.getMetadata()
                                .getUid()
                                .equals(seen.getMetadata().getUid()));
                        return refused;
                    } finally {
                        setSchedulable(client, seen.getSpec().getNodeName(), true);
                    }
                },
                task -> Thread.ofVirtual().start(task));
    }

    /** As kubectl does it: asked again until the budget lets it go. The client is not to ask again by itself. */
    private static int evict(KubernetesClient client, String pod) {
        var config = new ConfigBuilder(client.getConfiguration())
                .withRequestRetryBackoffLimit(0)
                .build();
        var end = Instant.now().plus(Kafka.PATIENCE);
        try (var once = new KubernetesClientBuilder().withConfig(config).build()) {
            var evicted = once.pods().inNamespace(kafka.namespace()).withName(pod);
            int refused = 0;
            while (!evicted.evict()) {
                refused++;
                assertThat(Instant.now()).as("pod %s is let go", pod).isBefore(end);
                LockSupport.parkNanos(BETWEEN_EVICTIONS.toNanos());
            }
            return refused;
        }
    }

    private static void setSchedulable(KubernetesClient client, String node, boolean schedulable) {
        Edit.of(client.nodes().withName(node), seen -> seen.getSpec().setUnschedulable(schedulable ? null : true));
    }

    private static int refusals(CompletableFuture<Integer> drain) throws Exception {
        return drain.get(2 * Kafka.PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    private static Watcher<KafkaCluster> underMinIsr(AtomicInteger worst) {
        return new Watcher<>() {
            @Override
            public void eventReceived(Action action, KafkaCluster cluster) {
                if (cluster.getStatus() != null && cluster.getStatus().health != null) {
                    worst.accumulateAndGet(cluster.getStatus().health.underMinIsr, Math::max);
                }
            }

            @Override
            public void onClose(WatcherException cause) {
                // The test's own end.
            }
        };
    }
}
