package dev.castellan.operator.cluster.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class FullDisksTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:10:00Z");

    @Test
    void aNodeThatWaitsToBeStartedAgainMayBeDownForItsDisk() {
        var crashing = new ContainerStateBuilder()
                .withNewWaiting()
                .withReason("CrashLoopBackOff")
                .endWaiting()
                .build();

        assertThat(FullDisks.mayBeDown(node(crashing, false), NOW)).isTrue();
        assertThat(node(crashing, false).endedWithFullDisk()).isTrue();
    }

    /** Whatever it said when it ended before: why it is not ready now is another matter. */
    @Test
    void oneThatHasRunForLongIsNotDownForWhatItSaidBefore() {
        assertThat(FullDisks.mayBeDown(node(running("2026-01-01T00:09:00Z"), false), NOW))
                .isTrue();
        assertThat(FullDisks.mayBeDown(node(running("2026-01-01T00:07:00Z"), false), NOW))
                .isFalse();
    }

    @Test
    void norIsOneThatIsToGo() {
        assertThat(FullDisks.mayBeDown(node(running("2026-01-01T00:09:00Z"), true), NOW))
                .isFalse();
    }

    private static ContainerState running(String since) {
        return new ContainerStateBuilder()
                .withNewRunning()
                .withStartedAt(since)
                .endRunning()
                .build();
    }

    private static ObservedNode node(ContainerState state, boolean terminating) {
        // @formatter:off
        var pod = new PodBuilder()
                .withNewMetadata()
                .withDeletionTimestamp(terminating ? NOW.toString() : null)
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withState(state)
                .withLastState(new ContainerStateBuilder()
                        .withNewTerminated()
                        .withExitCode(1)
                        .withMessage("FULL: disk /var/lib/kafka/data/kafka-log is full: 1000 bytes")
                        .endTerminated()
                        .build())
                .endContainerStatus()
                .endStatus()
                .build();
        // @formatter:on
        return ObservedNodeTest.node(Optional.of(pod));
    }
}
