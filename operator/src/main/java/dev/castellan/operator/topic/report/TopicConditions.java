package dev.castellan.operator.topic.report;

import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.topic.plan.Differences;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicStep.Difference;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The conditions of a KafkaTopic: one that says the same as before keeps its time. */
final class TopicConditions {
    static final String READY = "Ready";
    private static final String RECONCILING = "Reconciling";
    private static final String STALLED = "Stalled";
    private static final String DRIFTED = "Drifted";

    /** The topic is there as declared, but would not be made so now. */
    private static final String POLICY_VIOLATED = "PolicyViolated";

    private TopicConditions() {}

    static List<Condition> of(
            KafkaTopicStatus before,
            Instant now,
            long generation,
            TopicReason reason,
            String ready,
            String message,
            Collection<Difference> drift,
            Optional<String> violation) {
        var types = new ArrayList<String>();
        if ("False".equals(ready)) {
            types.add(isWaiting(reason) ? RECONCILING : STALLED);
        }
        var conditions = new ArrayList<Condition>();
        conditions.add(condition(before, now, generation, READY, ready, reason.name(), message));
        for (var type : types) {
            conditions.add(condition(before, now, generation, type, "True", reason.name(), message));
        }
        if (!drift.isEmpty()) {
            var told = "Not as declared: " + Differences.text(drift);
            conditions.add(condition(before, now, generation, DRIFTED, "True", TopicReason.Drifted.name(), told));
        }
        violation.ifPresent(rule -> conditions.add(
                condition(before, now, generation, POLICY_VIOLATED, "True", TopicReason.PolicyViolated.name(), rule)));
        return List.copyOf(conditions);
    }

    private static boolean isWaiting(TopicReason reason) {
        return switch (reason) {
            case Creating, Applying, Reassigning, WaitingForCluster, NotFound, Deleting -> true;
            default -> false;
        };
    }

    private static Condition condition(
            KafkaTopicStatus before,
            Instant now,
            long generation,
            String type,
            String status,
            String reason,
            String message) {
        var since = of(before).stream()
                .filter(c -> c.getType().equals(type) && c.getStatus().equals(status))
                .findFirst()
                .map(Condition::getLastTransitionTime)
                .orElseGet(() -> now.truncatedTo(ChronoUnit.SECONDS).toString());
        return new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation)
                .withLastTransitionTime(since)
                .build();
    }

    static List<Condition> of(KafkaTopicStatus status) {
        return status.conditions == null ? List.of() : status.conditions;
    }
}
