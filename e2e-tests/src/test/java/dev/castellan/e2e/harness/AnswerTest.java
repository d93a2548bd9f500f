package dev.castellan.e2e.harness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class AnswerTest {
    private static final Map<String, String> NOW = Map.of("value", "new");

    /** As it is where the host of one of three is cut off. */
    @Test
    void anApiServerThatIsAwayForAMomentIsAskedAgain() {
        // Given
        var asked = new AtomicInteger();
        // When
        var answer = Answer.await(
                "value",
                Duration.ofMinutes(1),
                () -> switch (asked.incrementAndGet()) {
                    case 1 -> throw new KubernetesClientException("connection refused");
                    case 2 -> throw new IllegalStateException("no broker answers");
                    case 3 -> Map.of("value", "old");
                    default -> NOW;
                },
                NOW::equals);
        // Then
        assertThat(answer).isEqualTo(NOW);
    }

    @Test
    void whatNeverComesIsToldWithTheLastAnswer() {
        assertThatThrownBy(() -> Answer.await("value", Duration.ZERO, () -> Map.of("value", "old"), NOW::equals))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("value=old");
    }

    @Test
    void whereNobodyAnswersNobodySaysSo() {
        assertThat(Answer.isOfAll(Map.of(), "1")).isFalse();
        assertThat(Answer.isOfAll(Map.of("0", "1", "1", "2"), "1")).isFalse();
        assertThat(Answer.isOfAll(Map.of("0", "1", "1", "1"), "1")).isTrue();
    }
}
