package dev.castellan.broker;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.broker.Handover.QuorumPulse;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class HandoverTest {
    private final QuorumPulse pulse = new QuorumPulse(Duration.ofSeconds(9));

    private boolean isLost(long highWatermark, long seconds) {
        return pulse.isLost(highWatermark, TimeUnit.SECONDS.toNanos(seconds));
    }

    @Test
    void hearsTheQuorumAsLongAsItWrites() {
        assertThat(isLost(10, 0)).isFalse();
        assertThat(isLost(11, 8)).isFalse();
        assertThat(isLost(12, 16)).isFalse();
    }

    @Test
    void takesALongSilenceForALoss() {
        assertThat(isLost(10, 0)).isFalse();
        assertThat(isLost(10, 8)).isFalse();
        assertThat(isLost(10, 9)).isTrue();
    }

    @Test
    void givesUpWhenNobodyAnswers() throws InterruptedException {
        // Given
        var givenUp = new CountDownLatch(1);

        // When
        try (var handover = new Handover(Duration.ZERO, () -> 1, givenUp::countDown)) {
            // Then
            assertThat(givenUp.await(5, TimeUnit.SECONDS)).isTrue();
        }
    }
}
