package dev.castellan.operator.topic.plan;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What is to be done next about one topic. */
public sealed interface TopicStep {

    /** Steps that change nothing: they end a round, and status tells of them. */
    sealed interface Rest extends TopicStep {}

    /** As declared. */
    record InSync() implements Rest {}

    /** Looked at only. */
    record Observed(List<Difference> differences) implements Rest {}

    /**
     * Not yet.
     *
     * @param quiet too short or too common to be told in status
     */
    record Wait(TopicReason reason, String message, Duration recheck, boolean quiet) implements Rest {}

    /** Only a change by the user helps. */
    record Refuse(TopicReason reason, String message, List<Difference> differences) implements Rest {}

    /** Being deleted, and no business of ours. */
    record Nothing() implements Rest {}

    /** Ask the controller whether there is really no such topic. */
    record AskController() implements TopicStep {}

    /** Ask whether the topic holds records. */
    record CountRecords() implements TopicStep {}

    /** Put the finalizer on. */
    record Hold() implements TopicStep {}

    /**
     * Take the finalizer off.
     *
     * @param kept why the topic stays in Kafka; empty if nobody has to be told
     */
    record Release(String kept) implements TopicStep {}

    /** Write into status that the topic will be created: should we die then, it is known to be ours. */
    record Announce() implements TopicStep {}

    record Create(NewTopic topic) implements TopicStep {}

    record AddPartitions(int from, int to) implements TopicStep {}

    record ChangeConfig(ConfigChange change) implements TopicStep {}

    /** Ask which brokers there are, and what is being moved already. */
    record LookAtReplicas() implements TopicStep {}

    /** Bring the next partitions to so many replicas. */
    record Reassign(int replicationFactor) implements TopicStep {}

    /** These partitions keep the replicas that they had before we began. */
    record TakeBack(Set<Integer> partitions) implements TopicStep {}

    /** Nothing of ours is being copied any more. */
    record Unthrottle(ConfigChange change) implements TopicStep {}

    record Delete(String topicId) implements TopicStep {}

    /** A property of the topic that is not as declared. */
    record Difference(String key, String declared, String observed) {}

    static TopicStep refuse(TopicReason reason, String message) {
        return new Refuse(reason, message, List.of());
    }

    static TopicStep waiting(TopicSpec spec, String why, boolean quiet) {
        var message = "Waiting for KafkaCluster " + spec.clusterName() + ": " + why;
        return new Wait(TopicReason.WaitingForCluster, message, Duration.ofSeconds(2), quiet);
    }

    static Wait applying(String message) {
        return new Wait(TopicReason.Applying, message, Duration.ofMillis(200), true);
    }
}
