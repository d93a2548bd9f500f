package dev.castellan.broker.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.broker.agent.NodeFacts.Phase;
import java.time.Instant;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LivenessTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Set<Long> NONE = Set.of();

    private final Liveness liveness = new Liveness();

    private String after(long seconds, Phase phase, Set<Long> deadlocked) {
        return liveness.complaint(phase, deadlocked, START.plusSeconds(seconds));
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTING", "STARTED", "STOPPING"})
    void hasPatienceWithoutEndWhileTheServerLives(Phase phase) {
        // Given
        after(0, phase, NONE);

        // Then
        assertThat(after(86_400, phase, NONE)).isEmpty();
    }

    @Test
    void complainsOfAProcessThatOutlivesItsServer() {
        // Given
        assertThat(after(0, Phase.ENDED, NONE)).isEmpty();
        assertThat(after(59, Phase.ENDED, NONE)).isEmpty();

        // Then
        assertThat(after(60, Phase.ENDED, NONE)).contains("ended");
    }

    @Test
    void complainsOfThreadsThatStayDeadlocked() {
        // Given
        assertThat(after(0, Phase.STARTED, Set.of(1L, 2L))).isEmpty();
        assertThat(after(30, Phase.STARTED, Set.of(1L, 2L, 3L))).isEmpty();

        // Then
        assertThat(after(61, Phase.STARTED, Set.of(1L, 2L, 3L))).contains("3 threads");
    }

    @Test
    void forgetsADeadlockThatResolved() {
        // Given
        after(0, Phase.STARTED, Set.of(1L, 2L));
        after(30, Phase.STARTED, NONE);

        // Then
        assertThat(after(61, Phase.STARTED, Set.of(1L, 2L))).isEmpty();
    }

    @Test
    void seesNoDeadlockInAHealthyProcess() {
        assertThat(liveness.complaint(Phase.STARTED, START)).isEmpty();
    }
}
