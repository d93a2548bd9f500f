package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyDescription;
import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.generator.annotation.Max;
import io.fabric8.generator.annotation.Min;
import io.fabric8.generator.annotation.Pattern;
import io.fabric8.generator.annotation.Required;
import io.fabric8.generator.annotation.Size;
import java.util.List;
import java.util.Map;

/** What the cluster's owner says about all topics. */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class Topics {
    @JsonPropertyDescription(
            "Other namespaces whose KafkaTopics may name this cluster in spec.clusterRef. Default: none,"
                    + " only the cluster's own namespace. Taking an entry away changes no topic in Kafka: its KafkaTopics only"
                    + " lose their say.")
    @Size(max = 100)
    public List<AllowedNamespace> allowedNamespaces;

    @JsonPropertyDescription("What a KafkaTopic of this cluster means that does not say otherwise. Default: nothing.")
    public Defaults defaults;

    @JsonPropertyDescription(
            "Bounds that KafkaTopics of this cluster must keep. A topic that is there already and breaks"
                    + " one stays as it is, and says so; no change is made to it until it keeps them. Default: none.")
    public Policy policy;

    /** A namespace whose KafkaTopics are heard. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public static class AllowedNamespace {
        @JsonPropertyDescription("Name of the namespace, for example shop; * stands for any characters, as in team-*.")
        @Required
        @Size(min = 1, max = 63)
        @Pattern("^[a-z0-9*]([-a-z0-9*]*[a-z0-9*])?$")
        public String namespace;

        @JsonPropertyDescription("What names of its topics in Kafka must begin with, one of these, for example"
                + " `[shop., web.]`. Default: any name.")
        @Size(min = 1, max = 100)
        public List<String> namePrefixes;
    }

    /** What holds where a KafkaTopic says nothing. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public static class Defaults {
        @JsonPropertyDescription("Partitions of a topic that is created. Default: 1. A change is for later topics.")
        @Min(1)
        @Max(10000)
        public Integer partitions;

        @JsonPropertyDescription(
                "Replicas of a topic that is created. Default: 3, or the number of brokers if there are"
                        + " fewer. A change is for later topics.")
        @Min(1)
        @Max(100)
        public Integer replicationFactor;

        @JsonPropertyDescription(
                "Kafka's own topic properties, for example `{retention.ms: 604800000}`. They hold as if"
                        + " each KafkaTopic declared them, and a change reaches topics that are there already; a property that"
                        + " a KafkaTopic declares itself goes before. Default: none.")
        @Size(max = 100)
        public Map<String, JsonNode> config;
    }

    /** Bounds for what KafkaTopics may declare. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public static class Policy {
        @JsonPropertyDescription("Fewest and most partitions of a topic. Default: any number.")
        public Bounds partitions;

        @JsonPropertyDescription("Lowest and highest replication factor. Default: any.")
        public Bounds replicationFactor;

        @JsonPropertyDescription("Lowest and highest min.insync.replicas that a KafkaTopic may declare. Default: any.")
        public Bounds minInsyncReplicas;

        @JsonPropertyDescription("Shortest and longest retention.ms that a KafkaTopic may declare. Default: any.")
        public Retention retention;

        @JsonPropertyDescription("Regular expression for the whole name of a topic in Kafka, for example"
                + " `[a-z]+([.-][a-z0-9]+)*`. Default: any name.")
        @Size(min = 1, max = 250)
        public String namePattern;
    }

    /** From and to, both included. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public static class Bounds {
        @JsonPropertyDescription("The lowest number that is allowed. Default: any.")
        @Min(1)
        public Integer min;

        @JsonPropertyDescription("The highest number that is allowed. Default: any.")
        @Min(1)
        public Integer max;
    }

    /** Times that records are kept. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public static class Retention {
        @JsonPropertyDescription(
                "The shortest that is allowed, for example 1h: a number and s, m, h or d. Default: any.")
        @Pattern("^[1-9][0-9]{0,8}[smhd]$")
        public String min;

        @JsonPropertyDescription(
                "The longest that is allowed, for example 30d; then keeping records for ever, -1, is not"
                        + " allowed either. Default: any.")
        @Pattern("^[1-9][0-9]{0,8}[smhd]$")
        public String max;
    }
}
