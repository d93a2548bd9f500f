package dev.castellan.operator.cluster.report;

import dev.castellan.api.v1beta1.KafkaClusterStatus;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;

/** What a user should hear of without looking: a stall when it begins, and when its reason becomes another. Pure. */
public final class StallNews {
    private StallNews() {}

    /** @param before null: nothing was said yet */
    public static Optional<String> of(KafkaClusterStatus before, KafkaClusterStatus after) {
        var known = before == null ? Optional.<String>empty() : stall(before);
        return stall(after).filter(words -> !known.equals(Optional.of(words)));
    }

    private static Optional<String> stall(KafkaClusterStatus status) {
        return Optional.ofNullable(status.conditions).orElse(List.of()).stream()
                .filter(condition -> "Stalled".equals(condition.getType()) && "True".equals(condition.getStatus()))
                .map(StallNews::words)
                .findFirst();
    }

    private static String words(Condition condition) {
        return condition.getReason() + ": " + condition.getMessage();
    }
}
