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

    @JsonPropertyDescription("Declared properties that differ in Kafka; with adoption Observe, or until they are set.")
    public List<Drift> drift;

    @JsonPropertyDescription(
            "Properties that have been set by this KafkaTopic, and that go back to the cluster's default"
                    + " once they are no longer declared.")
    public List<String> managedConfig;

    /** A change of the replication factor that is under way. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Reassignment {
        @JsonPropertyDescription("Partitions that do not have the declared number of replicas yet.")
        public Integer partitionsLeft;

        @JsonPropertyDescription("Those of them whose replicas are being copied now.")
        public Integer copying;
    }

    /** A managed property that is not as declared. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public static class Drift {
        @JsonPropertyDescription("Property, for example retention.ms.")
        public String key;

        @JsonPropertyDescription("Value in spec.")
        public String declared;

        @JsonPropertyDescription("Value in Kafka.")
        public String observed;
    }
}
