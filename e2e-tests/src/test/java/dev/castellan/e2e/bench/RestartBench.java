package dev.castellan.e2e.bench;

import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long a broker is away that is restarted: by its pod's deletion, as the operator does it, and in place, where its process ends and
 * the kubelet starts its container again. They take turns, in one cluster, under traffic.
 */
@E2E
@Tag("bench")
@Order(4)
class RestartBench {
    private static final int RUNS = Integer.getInteger("bench.restart.runs", 3);
    private static final List<String> BROKERS =
            List.of("restarted-brokers-0", "restarted-brokers-1", "restarted-brokers-2");
    private static final Figures FIGURES = new Figures(RestartBench.class);

    private Kafka kafka;

    @Test
    void inTurns(Scene scene) {
        kafka = scene.kafka("restarted");
        kafka.apply("brokers: {replicas: 3}");
        scene.trafficThrough(kafka);
        kafka.awaitSettled();
        var deleted = new ArrayList<Double>();
        var inPlace = new ArrayList<Double>();
        var again = new ArrayList<Double>();
        for (int run = 0; run < RUNS; run++) {
            for (var broker : BROKERS) {
                deleted.add(delete(broker));
                inPlace.add(endProcess(scene, broker));
                again.add(endProcess(scene, broker));
            }
        }
        FIGURES.tell(Figure.median(
                "a broker's pod deleted → Ready, and all in sync", "s", Bar.atMost(8), Samples.of(deleted)));
        FIGURES.tell(Figure.median(
                "its process ended → Ready in the same pod, and all in sync", "s", Bar.NONE, Samples.of(inPlace)));
        FIGURES.tell(Figure.median("the same, in the same pod once more", "s", Bar.NONE, Samples.of(again)));
    }

    private double delete(String broker) {
        var uid = Map.of(broker, kafka.podUids().get(broker));
        var start = Instant.now();
        kafka.pod(broker).delete();
        kafka.awaitReplaced(uid);
        return secondsUntilInSync(start);
    }

    private double endProcess(Scene scene, String broker) {
        var pod = kafka.pod(broker).require();
        var restarts = restarts(pod);
        var start = Instant.now();
        scene.endProcess(pod);
        Await.until(
                kafka.pod(broker),
                "another process in pod " + broker,
                Kafka.PATIENCE,
                now -> restarts(now) > restarts && Readiness.isPodReady(now));
        return secondsUntilInSync(start);
    }

    private double secondsUntilInSync(Instant start) {
        kafka.awaitInSync();
        var seconds = Duration.between(start, Instant.now()).toMillis() / 1000.0;
        kafka.awaitSettled();
        return seconds;
    }

    private static int restarts(Pod pod) {
        return pod.getStatus().getContainerStatuses().getFirst().getRestartCount();
    }
}
