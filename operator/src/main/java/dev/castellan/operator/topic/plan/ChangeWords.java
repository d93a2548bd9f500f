package dev.castellan.operator.topic.plan;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What a step changes of a topic in Kafka, in words. */
public final class ChangeWords {
    private static final int TOLD = 5;

    private ChangeWords() {}

    /** Empty of what changes nothing of it, or only how fast it is copied. */
    public static Optional<String> of(TopicStep step, KafkaFacts before) {
        return switch (step) {
            case TopicStep.Create(var topic) ->
                Optional.of("created: partitions " + topic.partitions()
                        + topic.replicationFactor()
                                .map(factor -> ", replicationFactor " + factor)
                                .orElse(""));
            case TopicStep.AddPartitions(var from, var to) -> Optional.of("partitions " + from + " → " + to);
            case TopicStep.Reassign(var factor)
            when before instanceof Present present ->
                Optional.of("replicationFactor " + Differences.replicationFactor(present) + " → " + factor);
            case TopicStep.TakeBack(var partitions) ->
                Optional.of("no more replicas for " + partitions.size() + " partitions");
            case TopicStep.ChangeConfig(var change)
            when before instanceof Present present ->
                Optional.of(properties(change, present.details().config()));
            default -> Optional.empty();
        };
    }

    private static String properties(ConfigChange change, Map<String, String> before) {
        var keys = new TreeSet<>(change.set().keySet());
        keys.addAll(change.unset());
        var told = keys.stream()
                .limit(TOLD)
                .map(key -> key + " " + value(before.get(key)) + " → "
                        + value(change.set().get(key)))
                .collect(Collectors.joining(", "));
        return keys.size() > TOLD ? told + " and " + (keys.size() - TOLD) + " more" : told;
    }

    private static String value(String value) {
        return value == null ? "not set" : Differences.cut(value);
    }
}
