package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Rolls;
import dev.castellan.e2e.harness.Rolls.Rolled;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A change that needs restarts reaches six brokers in three zones, a zone at a time, and no client is the worse for it, nor any transaction. */
@E2E
class RollE2E {
    private static final Logger LOG = LoggerFactory.getLogger(RollE2E.class);
    private static final int KILLS = 10;

    private static Rolls rolls;

    @BeforeAll
    static void found(Scene scene) {
        rolls = Rolls.found(scene, 6);
    }

    @Test
    @Order(1)
    void rollsZoneByZoneAfterATrial() {
        var first = roll("by zones", () -> {});

        assertThat(first.mostAtOnce()).isEqualTo(2);
        assertThat(first.rounds()).isEqualTo(4);
    }

    @Test
    @Order(2)
    void rollsOneByOneWhereTheUserSaysSo() {
        rolls.oneByOne();

        var slow = roll("one by one", () -> {});

        assertThat(slow.mostAtOnce()).isEqualTo(1);
        assertThat(slow.rounds()).isEqualTo(6);
        rolls.kafka().edit(spec -> spec.rollout = null);
    }

    @Test
    @Order(3)
    void restartsNoBrokerTwiceThoughTheOperatorDiesAgainAndAgain(Scene scene) {
        var seed = System.nanoTime();
        LOG.info("  seed {}", seed);

        roll("operator killed " + KILLS + " times", () -> killAgainAndAgain(scene, new Random(seed)));
    }

    private static Rolled roll(String how, Runnable meanwhile) {
        var before = rolls.kafka().podList();
        var rolled = rolls.roll(meanwhile);
        LOG.info(
                "  {} brokers, {}: {} rounds, {} s; pods back after {} to {} s; {}; transactions: {}",
                before.size(),
                how,
                rolled.rounds(),
                seconds(rolled.took()),
                seconds(rolled.returns().getFirst()),
                seconds(rolled.returns().getLast()),
                rolled.records(),
                rolled.transactions());
        assertThat(rolled.replacements()).isEqualTo(onceEach(before));
        assertThat(rolls.kafka().brokerConfig(Rolls.STATIC).values()).containsOnly(Integer.toString(rolled.value()));
        rolls.readAgain();
        return rolled;
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
