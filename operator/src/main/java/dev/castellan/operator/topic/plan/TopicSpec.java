package dev.castellan.operator.topic.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a KafkaTopic declares, with defaults filled in and without nulls. */
public record TopicSpec(
        String clusterName,
        String topicName,
        int partitions,
        Optional<Integer> replicationFactor,
        SortedMap<String, String> config,
        DeletionPolicy deletionPolicy,
        Adoption adoption,
        Optional<String> problem) {

    public static TopicSpec of(KafkaTopic topic) {
        var spec = topic.getSpec();
        var config = Objects.requireNonNullElse(spec.config, Map.<String, JsonNode>of());
        return new TopicSpec(
                spec.clusterRef.name,
                nameInKafka(topic),
                Objects.requireNonNullElse(spec.partitions, 1),
                Optional.ofNullable(spec.replicationFactor),
                texts(config),
                Objects.requireNonNullElse(spec.deletionPolicy, DeletionPolicy.Retain),
                Objects.requireNonNullElse(spec.adoption, Adoption.Adopt),
                problem(config));
    }

    public static String nameInKafka(KafkaTopic topic) {
        return Optional.ofNullable(topic.getSpec())
                .map((KafkaTopicSpec spec) -> spec.topicName)
                .orElse(topic.getMetadata().getName());
    }

    /** A finalizer holds a KafkaTopic back only where its deletion must reach Kafka. */
    boolean needsFinalizer() {
        return deletionPolicy != DeletionPolicy.Retain && adoption != Adoption.Observe;
    }

    private static SortedMap<String, String> texts(Map<String, JsonNode> config) {
        var texts = new TreeMap<String, String>();
        config.forEach((key, value) -> texts.put(key, value.asText()));
        return texts;
    }

    /** The schema cannot say "a string, a number or a boolean". */
    private static Optional<String> problem(Map<String, JsonNode> config) {
        return new TreeMap<>(config)
                .entrySet().stream()
                        .filter(property -> !property.getValue().isValueNode()
                                || property.getValue().isNull())
                        .map(property -> "spec.config." + property.getKey()
                                + " is not a string, a number or a boolean: write it as Kafka's documentation does")
                        .findFirst();
    }
}
