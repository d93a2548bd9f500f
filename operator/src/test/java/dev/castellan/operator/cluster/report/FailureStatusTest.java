package dev.castellan.operator.cluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FailureStatusTest {
    private static final Instant BEFORE = Instant.parse("2026-01-01T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-01T00:01:00Z");

    @Test
    void keepsWhatWasKnownAndSaysThatNothingNewerIs() {
        // Given
        var known = new KafkaClusterStatus();
        known.observedGeneration = 1L;
        known.clusterId = "4L6g3nShT-eMCtK--X86sw";
        known.conditions = new Conditions(null, 1, BEFORE)
                .add("Ready", "True", "Serving", "clients are served")
                .add("Degraded", "True", "NodesDown", "node 2 is down")
                .list();

        // When
        var status = FailureStatus.of(
                known, 2, new IllegalStateException("Cannot apply Service events-nodes: timeout"), NOW);

        // Then
        assertThat(status.clusterId).isEqualTo("4L6g3nShT-eMCtK--X86sw");
        assertThat(status.observedGeneration)
                .as("the new spec was not dealt with")
                .isEqualTo(1L);
        assertThat(status.conditions).extracting(Condition::getType).containsExactly("Ready", "Degraded");
        assertThat(status.conditions.getFirst())
                .extracting(
                        Condition::getStatus,
                        Condition::getReason,
                        Condition::getMessage,
                        Condition::getLastTransitionTime)
                .containsExactly(
                        "Unknown",
                        "ReconcileFailed",
                        "Cannot apply Service events-nodes: timeout",
                        "2026-01-01T00:01:00Z");
    }

    @Test
    void tellsOfAFailureBeforeAnythingElseCouldBeTold() {
        var status = FailureStatus.of(null, 1, new IllegalStateException("the API server is busy"), NOW);

        assertThat(status.conditions)
                .singleElement()
                .extracting(Condition::getType, Condition::getStatus)
                .containsExactly("Ready", "Unknown");
    }

    @Test
    void aFailureThatLastsKeepsItsTime() {
        var first = FailureStatus.of(null, 1, new IllegalStateException("the API server is busy"), BEFORE);

        var second = FailureStatus.of(first, 1, new IllegalStateException("the API server is busy"), NOW);

        assertThat(second.conditions.getFirst().getLastTransitionTime()).isEqualTo("2026-01-01T00:00:00Z");
    }

    @Test
    void aFailureWithoutWordsIsNamedByItsKind() {
        var status = FailureStatus.of(null, 1, new NullPointerException(), NOW);

        assertThat(status.conditions.getFirst().getMessage()).isEqualTo("NullPointerException");
    }
}
