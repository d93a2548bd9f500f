package dev.castellan.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.act.StepExecutor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Thousands of random clusters and their misfortunes, each from a seed of its own; a failure tells its seed and what
 * happened. -Dsimulation.seed=N replays one, -Dsimulation.seeds=N runs so many, -Dsimulation.from=N begins at another.
 */
class SimulationTest {
    private static final long SEEDS = Long.getLong("simulation.seeds", 10_000);
    private static final long OTHERS = 20;
    private static final long FROM = Long.getLong("simulation.from", 0);

    /** Held, or the level would be forgotten with it. */
    private static final Logger STEPS = Logger.getLogger(StepExecutor.class.getName());

    @BeforeAll
    static void silence() {
        STEPS.setLevel(Level.WARNING);
    }

    @AfterAll
    static void speak() {
        STEPS.setLevel(null);
    }

    @Test
    void everyClusterSurvivesAndSettles() {
        // Given
        var one = Long.getLong("simulation.seed");
        var next = new AtomicLong(one == null ? FROM : one);
        long end = one == null ? FROM + SEEDS : one + 1;
        // When
        long reconciles = IntStream.range(0, Runtime.getRuntime().availableProcessors())
                .parallel()
                .mapToLong(worker -> run(next, end))
                .sum();
        // Then
        assertThat(reconciles).isPositive();
    }

    /** Each worker takes the next seed when it is done with one, so that none stands idle while another has many left. */
    private static long run(AtomicLong next, long end) {
        long reconciles = 0;
        for (long seed = next.getAndIncrement(); seed < end; seed = next.getAndIncrement()) {
            try {
                reconciles += new Simulation(seed).run();
            } catch (AssertionError e) {
                next.set(end);
                throw e;
            }
        }
        return reconciles;
    }

    @Test
    void aSeedLivesTheSameLifeAloneAsAfterOthers() {
        // Given
        var known = new Memo.Answers();
        LongStream.range(OTHERS, 2 * OTHERS).forEach(seed -> life(seed, known));
        for (long seed = 0; seed < OTHERS; seed++) {
            // When
            var life = life(seed, known);
            // Then
            assertThat(life).as("seed " + seed).isEqualTo(life(seed, new Memo.Answers()));
        }
    }

    private static List<String> life(long seed, Memo.Answers known) {
        var life = new ArrayList<String>();
        new Simulation(seed, known, what -> life.add(what.get())).run();
        return life;
    }
}
