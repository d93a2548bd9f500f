package dev.castellan.operator.cluster.report;

import dev.castellan.api.v1beta1.KafkaClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** What the status says when a reconcile could not be finished: what was known, and that nothing newer is. */
public final class FailureStatus {
    private FailureStatus() {}

    /**
     * @param before a copy of the last status, which is changed; null if there was none
     * @param failure not all have a message, but the API server takes no condition without one
     */
    public static KafkaClusterStatus of(KafkaClusterStatus before, long generation, Throwable failure, Instant now) {
        var message = Objects.requireNonNullElse(
                failure.getMessage(), failure.getClass().getSimpleName());
        var status = before == null ? new KafkaClusterStatus() : before;
        var conditions = new ArrayList<Condition>(new Conditions(status.conditions, generation, now)
                .add("Ready", "Unknown", Reason.ReconcileFailed.name(), message)
                .list());
        others(status).forEach(conditions::add);
        status.conditions = conditions;
        return status;
    }

    private static List<Condition> others(KafkaClusterStatus status) {
        return status.conditions == null
                ? List.of()
                : status.conditions.stream()
                        .filter(condition -> !List.of("Ready", "Hibernating").contains(condition.getType()))
                        .toList();
    }
}
