package dev.castellan.operator.topic.report;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.api.v1beta1.KafkaTopicStatus.Source;
import dev.castellan.operator.topic.plan.Differences;
import dev.castellan.operator.topic.plan.TopicFacts;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.plan.TopicStep;
import dev.castellan.operator.topic.plan.TopicStep.Difference;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** The status of a KafkaTopic: facts and step in, status out. Equal input gives equal status, times included. */
public final class TopicStatus {
    private static final String LOOKED_AT = "The topic is only looked at, and never changed";

    private static final String LEFT = "Left as others have changed it, since spec.drift is Report: ";

    /** Status is to stay small. */
    private static final int LONGEST_DRIFT = 20;

    /** A topic of less is small, however much less: a new one would double all the time. */
    private static final long SMALL = 256 * 1024 * 1024;

    private TopicStatus() {}

    /** What status is to say; empty where the step is nothing to be told. */
    public static Optional<KafkaTopicStatus> of(KafkaTopic topic, TopicSpec spec, TopicFacts facts, TopicStep step) {
        var before = Objects.requireNonNullElseGet(topic.getStatus(), KafkaTopicStatus::new);
        var generation = topic.getMetadata().getGeneration();
        return switch (step) {
            case TopicStep.InSync() -> Optional.of(inSync(before, generation, facts, spec));
            case TopicStep.Observed(var differences) ->
                Optional.of(
                        with(before, generation, facts, spec, TopicReason.Observed, "True", LOOKED_AT, differences));
            case TopicStep.Refuse(var reason, var message, var differences) ->
                Optional.of(with(before, generation, facts, spec, reason, "False", message, differences));
            case TopicStep.Wait wait
            when !wait.quiet() -> told(before, generation, facts, spec, wait.reason(), wait.message());
            case TopicStep.Announce() ->
                told(before, generation, facts, spec, TopicReason.Creating, "The topic is about to be created");
            default -> Optional.empty();
        };
    }

    private static KafkaTopicStatus inSync(KafkaTopicStatus before, long generation, TopicFacts facts, TopicSpec spec) {
        var left = facts.present()
                .map(present -> Differences.ofConfig(spec, present))
                .orElse(List.of());
        return left.isEmpty()
                ? with(before, generation, facts, spec, TopicReason.InSync, "True", "The topic is as declared", left)
                : with(
                        before,
                        generation,
                        facts,
                        spec,
                        TopicReason.Drifted,
                        "True",
                        LEFT + Differences.text(left),
                        left);
    }

    private static Optional<KafkaTopicStatus> told(
            KafkaTopicStatus before,
            long generation,
            TopicFacts facts,
            TopicSpec spec,
            TopicReason reason,
            String message) {
        return Optional.of(with(before, generation, facts, spec, reason, "False", message, List.of()));
    }

    /**
     * Whether it says anything else. Times do not differ unless something else does, and what grows with traffic is not told
     * all the time: copies percent by percent, and the topic's size when it is another order of magnitude.
     */
    public static boolean isNews(KafkaTopicStatus status, KafkaTopicStatus before) {
        return before == null
                || !content(status).equals(content(before))
                || isOther(weight(status.bytes), weight(before.bytes));
    }

    /** Whether it only says how far the same change of replicas has come since. */
    public static boolean isProgress(KafkaTopicStatus status, KafkaTopicStatus before) {
        return TopicStanding.hasReady(status, TopicReason.Reassigning)
                && TopicStanding.hasReady(before, TopicReason.Reassigning)
                && Objects.equals(status.observedGeneration, before.observedGeneration);
    }

    private static boolean isOther(long bytes, long before) {
        return bytes >= 2 * before || before >= 2 * bytes;
    }

    private static long weight(Long bytes) {
        return bytes == null ? SMALL : Math.max(SMALL, bytes);
    }

    private static List<Object> content(KafkaTopicStatus status) {
        return Arrays.asList(
                status.observedGeneration,
                status.conditions,
                status.topicName,
                status.topicId,
                status.clusterId,
                status.partitions,
                status.replicationFactor,
                status.underReplicated,
                status.underMinIsr,
                status.managedConfig,
                status.configHash,
                status.reassignment == null ? null : status.reassignment.partitionsLeft,
                status.reassignment == null ? null : status.reassignment.copying,
                status.reassignment == null ? null : status.reassignment.percentCopied,
                status.reassignment == null || status.reassignment.expectedEnd == null,
                status.leaderSkew,
                status.lastChange == null ? null : status.lastChange.time,
                status.lastChange == null ? null : status.lastChange.change,
                Objects.requireNonNullElse(status.drift, List.<KafkaTopicStatus.Drift>of()).stream()
                        .map(drift -> new Difference(drift.key, drift.declared, drift.observed))
                        .toList());
    }

    private static KafkaTopicStatus with(
            KafkaTopicStatus before,
            long generation,
            TopicFacts facts,
            TopicSpec spec,
            TopicReason reason,
            String ready,
            String message,
            List<Difference> differences) {
        var drift = new LinkedHashSet<>(differences);
        facts.present()
                .filter(present -> ObservedTopic.isOurs(present, facts, reason))
                .ifPresent(present -> drift.addAll(Differences.left(spec, facts, present)));
        var status = new KafkaTopicStatus();
        status.observedGeneration = generation;
        status.conditions = TopicConditions.of(
                before,
                facts.now(),
                generation,
                reason,
                ready,
                message,
                drift,
                reason == TopicReason.InSync ? spec.violation() : Optional.empty());
        status.topicName = spec.topicName();
        status.drift = drift.isEmpty()
                ? null
                : drift.stream().limit(LONGEST_DRIFT).map(TopicStatus::drift).toList();
        ObservedTopic.tell(status, before, facts, spec, reason);
        return status;
    }

    private static KafkaTopicStatus.Drift drift(Difference difference) {
        var drift = new KafkaTopicStatus.Drift();
        drift.key = difference.key();
        drift.declared = difference.declared();
        drift.observed = difference.observed() == null ? null : Differences.cut(difference.observed());
        drift.source = difference.observed() == null ? Source.Cluster : Source.Topic;
        return drift;
    }
}
