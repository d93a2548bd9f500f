package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import io.fabric8.generator.annotation.ValidationRule;
import java.util.Map;

/** What a user declares of a topic. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@ValidationRule(
        value = "(has(self.partitions) ? self.partitions : 1) >= (has(oldSelf.partitions) ? oldSelf.partitions : 1)",
        messageExpression =
                "'spec.partitions cannot be lowered, from %d to %d: Kafka never removes partitions; set it back'.format(["
                        + "has(oldSelf.partitions) ? oldSelf.partitions : 1, has(self.partitions) ? self.partitions : 1])",
        message = "spec.partitions cannot be lowered: Kafka never removes partitions")
public class KafkaTopicSpec {
    @JsonPropertyDescription("The KafkaCluster that the topic belongs to. Cannot be changed.")
    @Required
    @ValidationRule(
            value = "self.name == oldSelf.name && has(self.__namespace__) == has(oldSelf.__namespace__) && "
                    + "(!has(self.__namespace__) || self.__namespace__ == oldSelf.__namespace__)",
            message =
                    "spec.clusterRef cannot be changed: a topic does not move between clusters; make another KafkaTopic")
    public ClusterRef clusterRef;

    @JsonPropertyDescription("Name of the topic in Kafka, for names that Kubernetes does not allow, for example"
            + " Orders_v1. Default: metadata.name. Cannot be changed.")
    @Size(min = 1, max = 249)
    @Pattern("^[a-zA-Z0-9._-]+$")
    @ValidationRule(
            value = "!(self in ['.', '..', '__consumer_offsets', '__transaction_state', '__share_group_state',"
                    + " '__cluster_metadata'])",
            messageExpression =
                    "'spec.topicName ' + self + ' is out of reach: Kafka looks after its internal topics itself'",
            message = "spec.topicName: Kafka's internal topics are out of reach")
    public String topicName;

    @JsonPropertyDescription("Number of partitions, for example 12. It may be raised: then records of a key may go to"
            + " another partition than before. Never lower. Default: what the KafkaCluster's spec.topics.defaults say when"
            + " the topic is created, else 1; a topic of this KafkaTopic keeps what it has.")
    @Min(1)
    @Max(10000)
    public Integer partitions;

    @JsonPropertyDescription(
            "Replicas of each partition, for example 3. It may be changed at any time: replicas are then copied to"
                    + " other brokers, or taken away, a few partitions at a time, and setting it back ends that. Default:"
                    + " what the KafkaCluster's spec.topics.defaults say when the topic is created, else 3, or the number"
                    + " of brokers if there are fewer; a topic that exists keeps what it has.")
    @Min(1)
    @Max(100)
    public Integer replicationFactor;

    @JsonPropertyDescription("Kafka's own topic properties, for example `{retention.ms: 604800000, cleanup.policy:"
            + " compact}`. Values are strings, numbers or booleans. Exactly the properties named here are managed,"
            + " see drift; one that is removed here goes back to the cluster's default. Default: spec.topics.defaults.config"
            + " of the KafkaCluster, property by property.")
    @Size(max = 100)
    public Map<String, JsonNode> config;

    @JsonPropertyDescription("What happens to the topic when this KafkaTopic is deleted. Retain: topic and data stay."
            + " Delete: the topic is deleted with all its data. DeleteIfEmpty: it is deleted if it holds no records, else"
            + " it stays. Default: Retain. May be changed at any time.")
    public DeletionPolicy deletionPolicy;

    @JsonPropertyDescription("What happens if the topic exists already. Adopt: it is taken over, if it has no more"
            + " partitions than declared. FailIfExists: it is left alone, and Ready is False. Observe: it is only ever"
            + " looked at; differences are reported in status.drift, nothing is created or changed. Default: Adopt.")
    public Adoption adoption;

    @JsonPropertyDescription(
            "What becomes of properties that others change on the topic. Report: they stay, and status.drift tells of them;"
                    + " declared ones are set again when this KafkaTopic or the KafkaCluster's defaults are changed."
                    + " Revert: declared ones are set back, and those that are not declared are taken away. Default:"
                    + " declared ones are set back, others stay and are told of. Replication throttles are never touched,"
                    + " and with adoption Observe nothing is.")
    public Drift drift;

    @JsonPropertyDescription(
            "Id of this KafkaTopic's topic that somebody deleted, as status.topicId and the condition TopicLost have it:"
                    + " an empty topic is made in its place. One that is there under the name is treated as adoption says."
                    + " This is leave for that one loss; a topic that is made anew has another id. Default: nothing is made"
                    + " in place of a topic that is lost.")
    @Size(min = 1, max = 64)
    @ValidationRule(
            value = "self.matches('^[A-Za-z0-9_-]{22}$')",
            message = "spec.recreate is the id of the lost topic, 22 characters: set it to what the condition TopicLost"
                    + " tells")
    public String recreate;

    /** The KafkaCluster of a topic. */
    public static class ClusterRef {
        @JsonPropertyDescription("Name of the KafkaCluster.")
        @Required
        @Size(min = 1, max = 40)
        public String name;

        @JsonPropertyDescription(
                "Namespace of the KafkaCluster, if it is another one; then the cluster's owner must allow"
                        + " this KafkaTopic's namespace in spec.topics.allowedNamespaces of the KafkaCluster. Default: the"
                        + " KafkaTopic's own.")
        @Size(min = 1, max = 63)
        public String namespace;
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

    /** What becomes of properties that others change. */
    public enum Drift {
        /** They stay, and status tells of them. */
        Report,
        /** They are as declared again, or gone. */
        Revert
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
