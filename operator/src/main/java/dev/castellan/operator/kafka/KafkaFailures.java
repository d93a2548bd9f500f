package dev.castellan.operator.kafka;

import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.DisconnectException;
import org.apache.kafka.common.errors.InvalidPartitionsException;
import org.apache.kafka.common.errors.InvalidReplicationFactorException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.PolicyViolationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.ThrottlingQuotaExceededException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicExistsException;

/** Sorts what kafka-clients throws into the operator's own kinds: unavailable, refused, to be tried again. */
final class KafkaFailures {
    private KafkaFailures() {}

    static RuntimeException of(String what, Throwable thrown) {
        var cause = unwrapped(thrown);
        return isRefusal(cause)
                ? new KafkaRejected(what + ": " + message(cause), cause)
                : new KafkaUnavailable(what + ": " + message(cause), cause);
    }

    static Outcome outcomeOf(Throwable thrown) {
        var cause = unwrapped(thrown);
        return isRefusal(cause) && !isStaleView(cause)
                ? new Outcome.Rejected(message(cause))
                : new Outcome.Retry(message(cause));
    }

    /**
     * What the refusal of a trial creation says. The controller looks first at whether the topic exists, then at who could
     * have its replicas, then at what its policy says, and last at quotas: whoever is refused for one of these does not exist,
     * and neither does what has a bad name, or one that collides with another's. That order is read from Kafka 4.2 to 4.4
     * ({@code ReplicationControlManager.createTopics}). A policy may also fail in ways of its own, which say nothing.
     */
    static Existence existence(Throwable refusal) {
        return switch (unwrapped(refusal)) {
            case TopicExistsException exists -> new Existence.Exists();
            case InvalidTopicException named -> new Existence.Absent();
            case InvalidReplicationFactorException placed -> new Existence.Absent();
            case PolicyViolationException judged -> new Existence.Absent();
            case ThrottlingQuotaExceededException counted -> new Existence.Absent();
            case Throwable other -> new Existence.Untold(message(other));
        };
    }

    /** Kafka's answer shows that the topic is not as we last saw it: brokers lag behind the controller. */
    private static boolean isStaleView(Throwable cause) {
        return cause instanceof TopicExistsException || cause instanceof InvalidPartitionsException;
    }

    /** Bad credentials and certificates count as unreachable: they mend without a change of the request. */
    private static boolean isRefusal(Throwable cause) {
        return cause instanceof ApiException
                && !(cause instanceof RetriableException)
                && !(cause instanceof AuthenticationException)
                && !(cause instanceof ConfigException);
    }

    static Throwable unwrapped(Throwable thrown) {
        var cause = thrown;
        while ((cause instanceof ExecutionException || cause instanceof CompletionException || isBare(cause))
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause;
    }

    /** KafkaException itself says nothing ("Failed to create new KafkaAdminClient"); its cause does. */
    private static boolean isBare(Throwable cause) {
        return cause.getClass() == KafkaException.class;
    }

    /** In words that stay the same while the failure does: the client's own tell of times and of the number of tries. */
    private static String message(Throwable cause) {
        if (cause instanceof TimeoutException && cause.getCause() != null) {
            return "no answer in time, " + message(cause.getCause());
        }
        if (cause instanceof DisconnectException) {
            return "the connection was lost";
        }
        var message = cause.getMessage();
        return message == null || message.isBlank() ? cause.getClass().getSimpleName() : message;
    }
}
