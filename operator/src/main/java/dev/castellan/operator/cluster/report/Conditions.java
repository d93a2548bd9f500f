package dev.castellan.operator.cluster.report;

import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Builds the list of conditions; a condition that stays as it was keeps the time of its last transition. */
final class Conditions {
    private final List<Condition> before;
    /** Below 0: none was seen yet, which a condition cannot say in numbers. */
    private final long generation;

    private final Instant now;
    private final List<Condition> after = new ArrayList<>();

    Conditions(List<Condition> before, long generation, Instant now) {
        this.before = before == null ? List.of() : before;
        this.generation = generation;
        this.now = now.truncatedTo(ChronoUnit.SECONDS);
    }

    Conditions add(String type, String status, String reason, String message) {
        var since = find(type)
                .filter(c -> status.equals(c.getStatus()))
                .map(Condition::getLastTransitionTime)
                .orElseGet(now::toString);
        after.add(new ConditionBuilder()
                .withType(type)
                .withStatus(status)
                .withReason(reason)
                .withMessage(message)
                .withObservedGeneration(generation < 0 ? null : generation)
                .withLastTransitionTime(since)
                .build());
        return this;
    }

    List<Condition> list() {
        return List.copyOf(after);
    }

    private Optional<Condition> find(String type) {
        return before.stream().filter(c -> c.getType().equals(type)).findFirst();
    }
}
