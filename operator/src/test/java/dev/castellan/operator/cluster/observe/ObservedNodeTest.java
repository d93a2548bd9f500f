package dev.castellan.operator.cluster.observe;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.observe.ObservedNode.Duty;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ObservedNodeTest {
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 137, 143})
    void aProcessThatHasJustEndedIsStartedAgainAtOnce(int exitCode) {
        var node = node(new ContainerStateBuilder()
                .withNewTerminated()
                .withExitCode(exitCode)
                .endTerminated()
                .build());

        assertThat(node.isFailing()).isFalse();
        assertThat(node.notReadyBecause()).isEqualTo("Kafka is starting");
    }

    /** So the kubelet tells of a container that is made and not started yet. */
    @Test
    void aContainerThatWaitsForNothingIsOnItsWay() {
        var node =
                node(new ContainerStateBuilder().withNewWaiting().endWaiting().build());

        assertThat(node.isFailing()).isFalse();
        assertThat(node.waiting()).isEmpty();
        assertThat(node.notReadyBecause()).isEqualTo("Kafka is starting");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ContainerCreating", "PodInitializing"})
    void whatIsOnItsWayDoesNotFail(String reason) {
        assertThat(node(waiting(reason)).isFailing()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"CrashLoopBackOff", "ImagePullBackOff", "CreateContainerConfigError"})
    void whatCannotRunFails(String reason) {
        var node = node(waiting(reason));

        assertThat(node.isFailing()).isTrue();
        assertThat(node.notReadyBecause()).isEqualTo(reason);
    }

    /** Before its kubelet has told anything of it. */
    @Test
    void aPodWithoutAStatusIsOnItsWay() {
        var node = node(
                Optional.of(new PodBuilder().withNewMetadata().endMetadata().build()));

        assertThat(node.isFailing()).isFalse();
        assertThat(node.isReady()).isFalse();
        assertThat(node.restarts()).isZero();
    }

    /** That a disk is full need not be why it ended. */
    @Test
    void ofTheLaunchersOwnWordsAllAreShown() {
        var node = ended("FATAL: node.id is missing\nFULL: disk /var/lib/kafka/b/kafka-log is full: 1000 bytes\n");

        assertThat(node.notReadyBecause())
                .isEqualTo("CrashLoopBackOff, last exit 1 Error: FATAL: node.id is missing;"
                        + " FULL: disk /var/lib/kafka/b/kafka-log is full: 1000 bytes");
        assertThat(node.fatalWords()).hasValue("FATAL: node.id is missing");
    }

    @Test
    void ofAnybodyElsesWordsTheLast() {
        var node = ended("java.io.IOException: no\n\tat dev.Kafka.main(Kafka.java)\nKafka gives up\n");

        assertThat(node.notReadyBecause()).isEqualTo("CrashLoopBackOff, last exit 1 Error: Kafka gives up");
        assertThat(node.fatalWords()).isEmpty();
    }

    private static ObservedNode ended(String message) {
        // @formatter:off
        return node(Optional.of(new PodBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withState(waiting("CrashLoopBackOff"))
                .withNewLastState()
                .withNewTerminated()
                .withExitCode(1)
                .withReason("Error")
                .withMessage(message)
                .endTerminated()
                .endLastState()
                .endContainerStatus()
                .endStatus()
                .build()));
        // @formatter:on
    }

    private static ContainerState waiting(String reason) {
        return new ContainerStateBuilder()
                .withNewWaiting()
                .withReason(reason)
                .endWaiting()
                .build();
    }

    private static ObservedNode node(ContainerState state) {
        // @formatter:off
        return node(Optional.of(new PodBuilder()
                .withNewMetadata()
                .endMetadata()
                .withNewStatus()
                .addNewContainerStatus()
                .withState(state)
                .endContainerStatus()
                .endStatus()
                .build()));
        // @formatter:on
    }

    static ObservedNode node(Optional<Pod> pod) {
        return new ObservedNode(
                1,
                null,
                pod,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Duty.controller,
                false,
                Optional.empty(),
                Optional.empty());
    }
}
