package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;

/** What the operator observed of a topic. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class KafkaTopicStatus {
    @JsonPropertyDescription("Generation of the spec that this status tells of; -1 before the operator has seen it.")
    public Long observedGeneration;

    @JsonPropertyDescription("Facts in Kubernetes' own form. Ready: the topic is in Kafka as declared. Reconciling: the"
            + " operator is at work. Stalled: only a change by you can help; the message says which.")
    public List<Condition> conditions;

    @JsonPropertyDescription("Name of the topic in Kafka.")
    public String topicName;

    @JsonPropertyDescription("Kafka's id of the topic; a topic that is deleted and made again has another.")
    public String topicId;

    @JsonPropertyDescription("Kafka's id of the cluster that the topic is in; a KafkaCluster that is made anew on empty"
            + " disks has another.")
    public String clusterId;

    @JsonPropertyDescription("Partitions that the topic has in Kafka.")
    public Integer partitions;

    @JsonPropertyDescription("Replicas that its partitions have in Kafka; the lowest where they differ.")
    public Integer replicationFactor;

    @JsonPropertyDescription("How far a change of the replication factor has come; only while there is one.")
    public Reassignment reassignment;

    @JsonPropertyDescription("Partitions with fewer replicas in sync than assigned.")
    public Integer underReplicated;

    @JsonPropertyDescription("Partitions with fewer replicas in sync than min.insync.replicas: producers with acks=all"
            + " are refused there.")
    public Integer underMinIsr;

    @JsonPropertyDescription("Leaders that would have to be on other brokers, for all brokers that hold replicas of the"
            + " topic to lead equally many of its partitions; 0: they do.")
    public Integer leaderSkew;

    @JsonPropertyDescription("What all replicas of the topic together take on the brokers' disks, as measured at"
            + " bytesAsOf. A topic that is written to changes all the time: it is told again when it has doubled or"
            + " halved (less than 256Mi counts as 256Mi), and along with whatever else has changed. Absent before it was"
            + " first told.")
    public Long bytes;

    @JsonPropertyDescription("When bytes were measured. Since then they have neither doubled nor halved, or are less"
            + " than 512Mi: they are looked at every two minutes.")
    public String bytesAsOf;

    @JsonPropertyDescription("What the operator last changed of the topic in Kafka.")
    public LastChange lastChange;

    @JsonPropertyDescription(
            "What of the topic is not as declared and stays so, and properties that others have set and"
                    + " that are not declared; at most the first 20.")
    public List<Drift> drift;

    @JsonPropertyDescription(
            "Properties that have been set by this KafkaTopic, and that go back to the cluster's default"
                    + " once they are no longer declared.")
    public List<String> managedConfig;

    @JsonPropertyDescription(
            "With drift Report: a fingerprint of the declared properties once the topic has had all of them;"
                    + " what differs afterwards is the doing of others.")
    public String configHash;

    /** A change of the replication factor that is under way. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Reassignment {
        @JsonPropertyDescription("Partitions that do not have the declared number of replicas yet.")
        public Integer partitionsLeft;

        @JsonPropertyDescription("Those of them whose replicas are being copied now.")
        public Integer copying;

        @JsonPropertyDescription("What is to be copied in all: of every partition, so many times as it is to have more"
                + " replicas than replicationFactor tells. Absent while nothing is copied, and before all brokers"
                + " concerned have told how much they hold.")
        public Long bytesToCopy;

        @JsonPropertyDescription("How much of that is copied.")
        public Long bytesCopied;

        @JsonPropertyDescription("Percent of bytesToCopy that are copied. Progress is told again"
                + " with each further partition or percent, at most every five seconds.")
        public Integer percentCopied;

        @JsonPropertyDescription("When all will be copied if that goes on as fast as it did of late; absent before that"
                + " was measured twice, and while nothing gets on.")
        public String expectedEnd;
    }

    /** A change of ours. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class LastChange {
        @JsonPropertyDescription("When it was made.")
        public String time;

        @JsonPropertyDescription("What it was, for example retention.ms 86400000 → 604800000.")
        public String change;
    }

    /** A property that is not as declared, or not declared. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Drift {
        @JsonPropertyDescription("Property, for example retention.ms; also partitions and replicationFactor.")
        public String key;

        @JsonPropertyDescription(
                "Value in spec, or in the KafkaCluster's spec.topics.defaults; absent if there is none.")
        public String declared;

        @JsonPropertyDescription(
                "Value that is set on the topic in Kafka, cut after 200 characters; absent if none is.")
        public String observed;

        @JsonPropertyDescription("Where what holds for the topic comes from. Topic: it is set on the topic itself."
                + " Cluster: it is not, and the brokers' own value holds.")
        public Source source;
    }

    /** Where a topic has a property from. */
    public enum Source {
        /** Set on the topic. */
        Topic,
        /** Set for all topics. */
        Cluster
    }
}
