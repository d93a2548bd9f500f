package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.castellan.api.v1beta1.Rollout;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.PodWatch;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A change that needs restarts reaches six brokers in three zones, a zone at a time, and no client is the worse for it, nor any transaction. */
@E2E
class RollE2E {
    private static final Logger LOG = LoggerFactory.getLogger(RollE2E.class);
    private static final int KILLS = 10;

    /** Read by a broker at its start only. */
    private static final String STATIC = "queued.max.requests";

    private static Kafka kafka;
    private static Traffic traffic;
    private static Traffic transactions;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("rolled");
        kafka.apply("brokers: {replicas: 6, zones: [z1, z2, z3]}");
        kafka.awaitSettled();
        // Kafka spreads topics, its own too, over the zones that it knows when they are made; and zones make rounds.
        traffic = scene.trafficThrough(kafka);
        transactions = scene.transactionsThrough(kafka);
        kafka.applyTopic("wide", "{partitions: 30, replicationFactor: 3, config: {min.insync.replicas: 2}}")
                .awaitReady();
        traffic.checkpoint();
        transactions.checkpoint();
    }

    @BeforeEach
    void startFromHealth() {
        kafka.awaitInSync();
        kafka.awaitSettled();
        traffic.waits();
        transactions.waits();
    }

    @Test
    @Order(1)
    void rollsZoneByZoneAfterATrial() {
        var first = roll("by zones", () -> {}, 601);

        assertThat(first.mostAtOnce()).isEqualTo(2);
        assertThat(first.rounds()).isEqualTo(4);
    }

    @Test
    @Order(2)
    void rollsOneByOneWhereTheUserSaysSo() {
        kafka.edit(spec -> {
            spec.rollout = new Rollout();
            spec.rollout.maxUnavailable = new IntOrString(1);
        });

        var slow = roll("one by one", () -> {}, 602);

        assertThat(slow.mostAtOnce()).isEqualTo(1);
        assertThat(slow.rounds()).isEqualTo(6);
        kafka.edit(spec -> spec.rollout = null);
    }

    @Test
    @Order(3)
    void restartsNoBrokerTwiceThoughTheOperatorDiesAgainAndAgain(Scene scene) {
        var seed = System.nanoTime();
        LOG.info("  seed {}", seed);

        roll("operator killed " + KILLS + " times", () -> killAgainAndAgain(scene, new Random(seed)), 603);
    }

    /** @param mostAtOnce pods being replaced at the worst moment */
    private record Rolled(int rounds, int mostAtOnce) {}

    private Rolled roll(String how, Runnable meanwhile, int value) {
        var before = kafka.podList();
        try (var watch = PodWatch.of(kafka)) {
            var start = Instant.now();
            kafka.edit(spec -> spec.config.put(STATIC, IntNode.valueOf(value)));
            meanwhile.run();
            kafka.awaitDone();
            kafka.awaitInSync();
            var took = Duration.between(start, Instant.now());
            LOG.info(
                    "  {} brokers, {}: {} rounds, {} s; pods back after {} to {} s; {}; transactions: {}",
                    before.size(),
                    how,
                    watch.rounds(),
                    seconds(took),
                    seconds(watch.returns().getFirst()),
                    seconds(watch.returns().getLast()),
                    traffic.waits(),
                    transactions.waits());
            assertThat(watch.replacements()).isEqualTo(onceEach(before));
            assertThat(kafka.brokerConfig(STATIC).values()).containsOnly(Integer.toString(value));
            traffic.readAgain();
            transactions.readAgain();
            return new Rolled(watch.rounds(), watch.mostReplacedAtOnce());
        }
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }

    private static Map<String, Integer> onceEach(Iterable<Pod> pods) {
        var once = new TreeMap<String, Integer>();
        pods.forEach(pod -> once.put(pod.getMetadata().getName(), 1));
        return once;
    }

    private static void killAgainAndAgain(Scene scene, Random random) {
        try {
            for (int i = 0; i < KILLS; i++) {
                scene.operator().awaitAvailable();
                TimeUnit.MILLISECONDS.sleep(random.nextInt(3_000));
                scene.operator().kill();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
