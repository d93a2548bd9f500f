package dev.castellan.operator.topic.report;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.topic.plan.TopicFacts;
import dev.castellan.operator.topic.plan.TopicReason;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.Objects;
import java.util.Optional;

/** What a status, as it was written, says of its topic. */
public final class TopicStanding {
    private TopicStanding() {}

    /** The topic that status says is ours. One that is only looked at is not. */
    public static Optional<TopicFacts.Known> known(KafkaTopicStatus status) {
        return Optional.ofNullable(status)
                .filter(s -> s.topicId != null && s.clusterId != null)
                .filter(s -> !isLookedAt(s))
                .map(s -> new TopicFacts.Known(s.clusterId, s.topicId));
    }

    /** What status tells of the topic then is no sign that it is ours, nor ever becomes one. */
    static boolean isLookedAt(KafkaTopicStatus status) {
        return hasReady(status, TopicReason.Observed) || hasReady(status, TopicReason.NotFound);
    }

    /** Announced: the cluster's id is there, the topic's is not yet. */
    public static boolean isAnnounced(KafkaTopicStatus status, String clusterId) {
        return status != null && status.topicId == null && clusterId.equals(status.clusterId);
    }

    public static boolean isSynced(KafkaTopic topic) {
        return tellsOfThisSpec(topic)
                && (hasReady(topic.getStatus(), TopicReason.InSync)
                        || hasReady(topic.getStatus(), TopicReason.Drifted)
                        || hasReady(topic.getStatus(), TopicReason.Observed));
    }

    public static boolean isRefused(KafkaTopic topic) {
        return tellsOfThisSpec(topic) && hasReady(topic.getStatus(), TopicReason.KafkaRefused);
    }

    /** Of what this generation of the spec declares, if the topic has had all of it. */
    public static Optional<String> configHash(KafkaTopic topic) {
        return tellsOfThisSpec(topic) ? Optional.ofNullable(topic.getStatus().configHash) : Optional.empty();
    }

    private static boolean tellsOfThisSpec(KafkaTopic topic) {
        return topic.getStatus() != null
                && Objects.equals(
                        topic.getStatus().observedGeneration,
                        topic.getMetadata().getGeneration());
    }

    public static boolean hasReady(KafkaTopicStatus status, TopicReason reason) {
        return Optional.ofNullable(status)
                .flatMap(TopicStanding::ready)
                .filter(ready -> reason.name().equals(ready.getReason()))
                .isPresent();
    }

    /** Empty while nothing has been told yet. */
    public static Optional<Condition> ready(KafkaTopicStatus status) {
        return TopicConditions.of(status).stream()
                .filter(c -> TopicConditions.READY.equals(c.getType()))
                .findFirst();
    }
}
