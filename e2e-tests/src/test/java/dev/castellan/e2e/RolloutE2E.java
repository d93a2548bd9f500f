package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Rollout;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** A restart waits for whoever has a say in it. One broker shows it as well as many. */
@E2E
class RolloutE2E {
    /** Read by a broker at its start only. */
    private static final String STATIC = "queued.max.requests";

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("held");
        kafka.apply("brokers: {replicas: 1}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        traffic.checkpoint();
    }

    @Test
    @Order(1)
    void waitsForApprovalAndIsReadyMeanwhile() {
        var pods = kafka.podUids();

        kafka.edit(spec -> {
            spec.rollout = new Rollout();
            spec.rollout.approval = Rollout.Approval.manual;
            spec.config.put(STATIC, IntNode.valueOf(604));
        });

        var held = awaitHeld("AwaitingApproval", pods);
        assertThat(held.getStatus().plan.next).anyMatch(line -> line.contains("restart broker 0"));

        kafka.edit(spec -> spec.rollout.approve = held.getStatus().plan.hash);
        kafka.awaitDone();
        assertThat(kafka.brokerConfig(STATIC).values()).containsOnly("604");
        assertThat(kafka.podUids().values()).doesNotContainAnyElementsOf(pods.values());
        traffic.readAgain();
    }

    @Test
    @Order(2)
    void waitsWhilePausedAndThenForTheWindow() {
        var pods = kafka.podUids();

        kafka.edit(spec -> {
            spec.rollout = new Rollout();
            spec.rollout.paused = true;
            spec.config.put(STATIC, IntNode.valueOf(605));
        });

        awaitHeld("RolloutPaused", pods);

        // In one to two minutes: what comes before is to be over by then.
        var opening = Instant.now().plusSeconds(120).truncatedTo(ChronoUnit.MINUTES);
        kafka.edit(spec -> {
            spec.rollout.paused = null;
            spec.rollout.windows = List.of(window(opening));
        });

        awaitHeld("OutsideWindow", pods);

        kafka.await("begins at " + opening, cluster -> Kafka.condition(cluster, "Held")
                .isEmpty());
        kafka.awaitDone();
        assertThat(kafka.brokerConfig(STATIC).values()).containsOnly("605");
        assertThat(kafka.podList())
                .extracting(pod -> Instant.parse(pod.getMetadata().getCreationTimestamp()))
                .allMatch(made -> !made.isBefore(opening));
        traffic.readAgain();
    }

    private static Rollout.Window window(Instant opening) {
        var at = opening.atZone(ZoneOffset.UTC);
        var window = new Rollout.Window();
        window.cron = "%d %d * * *".formatted(at.getMinute(), at.getHour());
        window.duration = "10m";
        return window;
    }

    private KafkaCluster awaitHeld(String why, Map<String, String> pods) {
        var held = kafka.awaitCondition("Held", "True", why);
        assertThat(Kafka.isReady(held)).isTrue();
        assertThat(Kafka.condition(held, "Reconciling")).isEmpty();
        traffic.checkpoint();
        assertThat(kafka.podUids()).isEqualTo(pods);
        return held;
    }
}
