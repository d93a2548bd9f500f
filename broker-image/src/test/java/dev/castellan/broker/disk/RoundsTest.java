package dev.castellan.broker.disk;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RoundsTest {
    @Test
    void aRoundThatFailsIsNotTheLast() throws Exception {
        // Given
        var rounds = new CountDownLatch(3);

        // When
        try (var clock = Rounds.start(
                () -> {
                    rounds.countDown();
                    throw new OutOfMemoryError("unable to create native thread");
                },
                Duration.ofMillis(1))) {
            // Then
            assertThat(rounds.await(1, TimeUnit.MINUTES)).isTrue();
            clock.shutdownNow();
        }
    }
}
