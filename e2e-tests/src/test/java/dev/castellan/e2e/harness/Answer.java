package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** Waiting for what Kafka can tell, which has no watch: it is asked again and again, through the API server. */
final class Answer {
    private static final Duration BETWEEN_QUESTIONS = Duration.ofMillis(200);

    private Answer() {}

    static Map<String, String> await(
            String what,
            Duration patience,
            Supplier<Map<String, String>> question,
            Predicate<Map<String, String>> condition) {
        var end = Instant.now().plus(patience);
        while (true) {
            String said;
            try {
                var answer = question.get();
                if (condition.test(answer)) {
                    return answer;
                }
                said = answer.toString();
            } catch (IllegalStateException | KubernetesClientException e) { // who was asked, or passes it on, is away
                said = e.getMessage();
            }
            if (Instant.now().isAfter(end)) {
                throw new AssertionError(
                        "%s: not so within %d s; Kafka says %s".formatted(what, patience.toSeconds(), said));
            }
            LockSupport.parkNanos(BETWEEN_QUESTIONS.toNanos());
        }
    }

    /** Where nobody answers nobody says so. */
    static boolean isOfAll(Map<String, String> answers, String value) {
        return !answers.isEmpty() && answers.values().stream().allMatch(value::equals);
    }
}
