package dev.castellan.operator.topic.plan;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Drift;
import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.kafka.ClusterKey;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a KafkaTopic declares, on the terms of its cluster, without nulls.
 *
 * @param partitions as declared; a topic that exists keeps what it has where this is empty
 * @param config with the cluster's defaults
 * @param recreate id of the topic whose loss is made up for
 * @param problem what makes no sense of it
 * @param refusal why the cluster's owner does not let it have a say
 * @param violation the cluster's rule that it breaks
 */
public record TopicSpec(
        String clusterName,
        String topicName,
        Optional<Integer> partitions,
        Optional<Integer> replicationFactor,
        SortedMap<String, String> config,
        DeletionPolicy deletionPolicy,
        Adoption adoption,
        Optional<Drift> drift,
        Optional<String> recreate,
        Optional<String> problem,
        Optional<String> refusal,
        Optional<String> violation,
        TopicTerms terms) {

    public static TopicSpec of(KafkaTopic topic, TopicTerms terms) {
        var spec = topic.getSpec();
        var name = nameInKafka(topic);
        var partitions = Optional.ofNullable(spec.partitions);
        var factor = Optional.ofNullable(spec.replicationFactor);
        var config = new TreeMap<>(terms.config());
        config.putAll(TopicTerms.texts(spec.config));
        return new TopicSpec(
                spec.clusterRef.name,
                name,
                partitions,
                factor,
                config,
                Objects.requireNonNullElse(spec.deletionPolicy, DeletionPolicy.Retain),
                Objects.requireNonNullElse(spec.adoption, Adoption.Adopt),
                Optional.ofNullable(spec.drift),
                Optional.ofNullable(spec.recreate),
                problem(Objects.requireNonNullElse(spec.config, Map.of())),
                terms.refusal(spec.clusterRef.name, topic.getMetadata().getNamespace(), name),
                terms.policy().violation(name, partitions, factor, config),
                terms);
    }

    public static String nameInKafka(KafkaTopic topic) {
        return Optional.ofNullable(topic.getSpec())
                .map((KafkaTopicSpec spec) -> spec.topicName)
                .orElse(topic.getMetadata().getName());
    }

    /** Empty only for what was written past the schema. */
    public static Optional<ClusterKey> clusterOf(KafkaTopic topic) {
        return Optional.ofNullable(topic.getSpec())
                .map(spec -> spec.clusterRef)
                .map(ref -> new ClusterKey(
                        Objects.requireNonNullElse(
                                ref.namespace, topic.getMetadata().getNamespace()),
                        ref.name));
    }

    /** What it is created with. */
    int newPartitions() {
        return partitions
                .or(terms::partitions)
                .orElseGet(() -> terms.policy().partitions().nearest(1));
    }

    /** What it is created with. */
    int newReplicationFactor(int brokers) {
        return replicationFactor
                .or(terms::replicationFactor)
                .orElseGet(() -> terms.policy().replicationFactor().nearest(Math.min(3, brokers)));
    }

    /** Whether declared properties that others change stay so. */
    public boolean reports() {
        return drift.equals(Optional.of(Drift.Report));
    }

    /** Whether properties that nobody declares are taken away. */
    boolean reverts() {
        return drift.equals(Optional.of(Drift.Revert));
    }

    /** What status remembers of the declared properties. */
    public String configHash() {
        return CanonicalJson.hash(CanonicalJson.write(config));
    }

    /** A finalizer holds a KafkaTopic back only where its deletion must reach Kafka. */
    boolean needsFinalizer() {
        return deletionPolicy != DeletionPolicy.Retain && adoption != Adoption.Observe && refusal.isEmpty();
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
