package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * Random topics, users, outsiders, faults and crashes. Whatever happens: what the operator may never do it never does,
 * and once the world is quiet, all topics are as declared or say why not, and nothing is written any more.
 */
class TopicSimulationTest {
    private static final long FIRST = Long.getLong("simulation.first", 0);
    private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);

    @Test
    void convergesAndHarmsNothing() {
        long reassignments = 0;
        long progress = 0;
        for (long seed = FIRST; seed < FIRST + SEEDS; seed++) {
            var world = run(seed);
            reassignments += world.kafka.requests.getOrDefault("reassign", 0);
            progress += world.progress;
        }
        assertThat(reassignments).as("replicas were moved").isGreaterThan(SEEDS / 10);
        assertThat(progress).as("was told as it got on").isGreaterThan(SEEDS / 10);
    }

    private static TopicWorld run(long seed) {
        var world = new TopicWorld(seed);
        try {
            world.happen();
            world.calmDown();
            assertThat(world.violations).isEmpty();
            return world;
        } catch (AssertionError | RuntimeException e) {
            throw new AssertionError("Seed " + seed + ":\n" + String.join("\n", world.story), e);
        }
    }
}
