package dev.castellan.e2e.bench;

import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** From nothing to messages: what somebody waits for who has just applied a KafkaCluster. */
@E2E
@Tag("bench")
@Order(1)
class StartBench {
    private static final int RUNS = Integer.getInteger("bench.start.runs", 7);
    private static final Figures FIGURES = new Figures(StartBench.class);

    @Test
    void aClusterFromNothing(Scene scene) {
        var ready = new ArrayList<Double>();
        var acknowledged = new ArrayList<Double>();
        for (int run = 1; run <= RUNS; run++) {
            var kafka = scene.kafka("events-" + run);
            var applied = Instant.now();
            kafka.applyExactly("version: 4.4.0\nbrokers: {replicas: 3}");
            var traffic = scene.trafficThrough(kafka);
            kafka.awaitReady();
            ready.add(seconds(applied, Instant.now()));
            acknowledged.add(seconds(applied, traffic.firstAcknowledged()));
            traffic.stop();
            takeAway(scene, kafka);
        }
        FIGURES.tell(Figure.median("cluster of 3: applied → Ready", "s", Bar.atMost(20), Samples.of(ready)));
        FIGURES.tell(Figure.median(
                "cluster of 3: applied → first message acknowledged", "s", Bar.atMost(20), Samples.of(acknowledged)));
        FIGURES.tell(Figure.single(
                "cluster of 3: the slowest of these",
                "s",
                Bar.atMost(20),
                Math.max(Samples.of(ready).max(), Samples.of(acknowledged).max())));
    }

    /** With its disks: the next cluster shall not share the machine with this one. */
    private static void takeAway(Scene scene, Kafka kafka) {
        var pods = kafka.podList();
        kafka.handle().delete();
        for (Pod pod : pods) {
            Await.untilGone(kafka.pod(pod.getMetadata().getName()), "pod of " + kafka.name(), Kafka.PATIENCE);
        }
        scene.client()
                .persistentVolumeClaims()
                .inNamespace(scene.namespace())
                .withLabel("castellan.dev/cluster", kafka.name())
                .delete();
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
