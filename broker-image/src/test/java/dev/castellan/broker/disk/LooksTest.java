package dev.castellan.broker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LooksTest {
    private static final Path SOUND = Path.of("/sound");
    private static final Path HANGING = Path.of("/hanging");
    private static final Instant BEGIN = Instant.parse("2026-01-01T00:00:00Z");
    private static final Duration AMPLE = Duration.ofMinutes(1);

    private final Semaphore answers = new Semaphore(0);
    private final AtomicInteger threads = new AtomicInteger();
    private volatile Instant now = BEGIN;

    private final Looks<String> one = looks(HANGING);
    private final Looks<String> both = looks(SOUND, HANGING);

    private Looks<String> looks(Path... directories) {
        return new Looks<>(List.of(directories), this::look, () -> now);
    }

    /** Uninterruptible, as the kernel's are. */
    private String look(Path directory) {
        int number = threads.incrementAndGet();
        if (directory.equals(HANGING)) {
            answers.acquireUninterruptibly();
        }
        return "answer " + number;
    }

    @AfterEach
    void end() {
        answers.release(1_000);
    }

    @Test
    @Timeout(60)
    void tellsWhatOthersSayWhileOneHangs() {
        // Given
        both.begin();
        while (!both.found().containsKey(SOUND)) {
            Thread.onSpinWait();
        }

        // When
        now = BEGIN.plusSeconds(30);
        var found = both.found();

        // Then
        assertThat(found.keySet()).isEqualTo(Set.of(SOUND));
        assertThat(both.hanging()).isEqualTo(Map.of(HANGING, BEGIN));
    }

    @Test
    void neverHasASecondLookOutstanding() {
        // When
        for (int i = 0; i < 100; i++) {
            assertThat(one.found(Duration.ZERO)).isEmpty();
            now = now.plusSeconds(10);
        }

        // Then
        answers.release();
        assertThat(one.await(AMPLE)).isTrue();
        assertThat(threads).hasValue(1);
    }

    /** What it said before is the newest that there is. */
    @Test
    void aSlowDiskDoesNotHang() {
        // Given
        answers.release();
        assertThat(one.found(AMPLE)).isEqualTo(Map.of(HANGING, "answer 1"));

        // When
        one.begin();
        now = BEGIN.plusSeconds(29);

        // Then
        assertThat(one.found(Duration.ZERO)).isEqualTo(Map.of(HANGING, "answer 1"));
        assertThat(one.hanging()).isEmpty();
    }

    @Test
    void aDiskThatAnswersAgainHangsNoMore() {
        // Given
        one.begin();
        now = BEGIN.plusSeconds(3_600);
        assertThat(one.hanging()).isEqualTo(Map.of(HANGING, BEGIN));

        // When
        answers.release();

        // Then
        assertThat(one.await(AMPLE)).isTrue();
        assertThat(one.hanging()).isEmpty();
        assertThat(one.found()).isEqualTo(Map.of(HANGING, "answer 1"));
    }

    @Test
    void aLookThatFailsIsNoAnswer() {
        // Given
        var failing = new Looks<String>(List.of(SOUND), directory -> {
            throw new IllegalStateException("no such thing");
        });

        // Then
        assertThat(failing.found(AMPLE)).isEmpty();
        assertThat(failing.hanging()).isEmpty();
    }
}
