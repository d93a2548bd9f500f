package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import java.util.List;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidRequestException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownServerException;
import org.junit.jupiter.api.Test;

class KafkaFailuresTest {
    /** As the Admin client words it: with clock times and the number of tries. */
    private static final String CALL =
            "Call(callName=describeMetadataQuorum, deadlineMs=%d, tries=%d, nextAllowedTryMs=-1) timed out at %d after %d attempt(s)";

    @Test
    void theSameFailureIsAlwaysToldInTheSameWords() {
        assertThat(told(timeout(1_000, 7)))
                .isEqualTo(told(timeout(2_000, 9)))
                .isEqualTo("describe quorum: no answer in time, This is not the correct controller for this cluster.");
        assertThat(told(disconnected(17)))
                .isEqualTo(told(disconnected(18)))
                .isEqualTo("describe quorum: the connection was lost");
    }

    @Test
    void whatTheClientKeepsStableIsToldAsItIs() {
        var nobody = "Timed out waiting for a node assignment. Call: describeMetadataQuorum";

        assertThat(told(new TimeoutException(nobody))).isEqualTo("describe quorum: " + nobody);
    }

    @Test
    void aRefusalIsKafkasOwn() {
        var refusal =
                KafkaFailures.of("create", new InvalidReplicationFactorException("larger than available brokers"));

        assertThat(refusal).isInstanceOf(KafkaRejected.class).hasMessage("create: larger than available brokers");
    }

    @Test
    void whatWasSeenTooEarlyIsLookedAtAgain() {
        assertThat(KafkaFailures.outcomeOf(new TopicExistsException("exists"))).isEqualTo(new Outcome.Retry("exists"));
    }

    @Test
    void whoeverIsRefusedForWhatIsLookedAtLaterDoesNotExist() {
        assertThat(List.of(
                        new InvalidTopicException("collides with existing topic: a.b"),
                        new InvalidReplicationFactorException("larger than available brokers"),
                        new PolicyViolationException("names begin with a team's"),
                        new ThrottlingQuotaExceededException("later")))
                .extracting(KafkaFailures::existence)
                .containsOnly(new Existence.Absent());
        assertThat(KafkaFailures.existence(new TopicExistsException("exists"))).isEqualTo(new Existence.Exists());
    }

    @Test
    void whatMayBeSaidBeforeAnythingIsLookedAtProvesNothing() {
        assertThat(List.of(
                        new InvalidRequestException("why"),
                        new TopicAuthorizationException("why"),
                        new UnknownServerException("why"),
                        new NotControllerException("why"),
                        new TimeoutException("why")))
                .extracting(KafkaFailures::existence)
                .containsOnly(new Existence.Untold("why"));
    }

    private static String told(Exception failure) {
        var thrown = KafkaFailures.of("describe quorum", new ExecutionException(failure));
        assertThat(thrown).isInstanceOf(KafkaUnavailable.class);
        return thrown.getMessage();
    }

    private static TimeoutException timeout(long at, int tries) {
        var cause = new NotControllerException("This is not the correct controller for this cluster.");
        return new TimeoutException(CALL.formatted(at, tries, at, tries), cause);
    }

    private static DisconnectException disconnected(int request) {
        return new DisconnectException(
                "Cancelled describeMetadataQuorum request with correlation id %d due to node 1 being disconnected"
                        .formatted(request));
    }
}
