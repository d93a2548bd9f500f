package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/** What a user declares of a topic. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class KafkaTopicSpec {
    /** The KafkaCluster, in the same namespace. Immutable. */
    public ClusterRef clusterRef;

    /** Name in Kafka; default metadata.name. Immutable. */
    public String topicName;

    /** Default 1; never lower. */
    public Integer partitions;

    /** Default min(3, brokers), decided at creation. Cannot be changed in this version. */
    public Integer replicationFactor;

    /** Topic properties; exactly these keys are managed. Values are scalars. */
    public Map<String, JsonNode> config;

    /** Default Retain. */
    public DeletionPolicy deletionPolicy;

    /** Default Adopt. */
    public Adoption adoption;

    /** The KafkaCluster of a topic. */
    public static class ClusterRef {
        public String name;
    }

    /** What happens to the topic when its KafkaTopic is deleted. */
    public enum DeletionPolicy {
        /** The topic and its data stay. */
        Retain,
        /** The topic is deleted with all its data. */
        Delete,
        /** The topic is deleted if it holds no records, else it stays. */
        DeleteIfEmpty
    }

    /** What happens when the topic exists already. */
    public enum Adoption {
        /** Take it over if its number of partitions is not above the declared one. */
        Adopt,
        /** Refuse. */
        FailIfExists,
        /** Observe and report differences; change nothing, create nothing. */
        Observe
    }
}
