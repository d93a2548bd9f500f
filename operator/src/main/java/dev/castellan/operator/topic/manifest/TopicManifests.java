package dev.castellan.operator.topic.manifest;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toSet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Throttle;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** KafkaTopics that declare topics exactly as they are: applying them changes nothing in Kafka. Pure. */
public final class TopicManifests {
    private TopicManifests() {}

    /**
     * Sorted by the topics' names; Kafka's own topics are left out.
     *
     * @param cluster what each names as its cluster
     * @param namespace of the KafkaTopics; empty: whatever they are applied to
     */
    public static List<KafkaTopic> of(
            Collection<TopicDetails> topics, KafkaTopicSpec.ClusterRef cluster, Optional<String> namespace) {
        var own = topics.stream()
                .filter(topic -> !topic.topic().internal())
                .sorted(comparing(topic -> topic.topic().name()))
                .toList();
        var names =
                ObjectNames.of(own.stream().map(topic -> topic.topic().name()).toList());
        return own.stream()
                .map(topic -> manifest(topic, names.get(topic.topic().name()), cluster, namespace))
                .toList();
    }

    private static KafkaTopic manifest(
            TopicDetails details, String name, KafkaTopicSpec.ClusterRef cluster, Optional<String> namespace) {
        var topic = details.topic();
        var manifest = new KafkaTopic();
        manifest.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace.orElse(null))
                .build());
        var spec = new KafkaTopicSpec();
        spec.clusterRef = cluster;
        spec.topicName = name.equals(topic.name()) ? null : topic.name();
        spec.partitions = topic.partitions().size();
        spec.replicationFactor = replicationFactor(topic.partitions());
        spec.config = config(details.config());
        manifest.setSpec(spec);
        return manifest;
    }

    /** Null where partitions differ: declaring one number would change some of them. */
    private static Integer replicationFactor(List<Partition> partitions) {
        var factors = partitions.stream()
                .map(partition -> partition.replicas().size())
                .collect(toSet());
        return factors.size() == 1 ? factors.iterator().next() : null;
    }

    /** Throttles belong to whoever copies replicas just now. */
    private static Map<String, JsonNode> config(Map<String, String> config) {
        var declared = new LinkedHashMap<String, JsonNode>();
        new TreeMap<>(config).forEach((key, value) -> {
            if (!Throttle.isKeyOfTopics(key)) {
                declared.put(key, node(value));
            }
        });
        return declared.isEmpty() ? null : declared;
    }

    /** As one would write it by hand, if Kafka would read the very same value from it. */
    private static JsonNode node(String value) {
        if (value.equals("true") || value.equals("false")) {
            return BooleanNode.valueOf(value.equals("true"));
        }
        return value.matches("0|-?[1-9][0-9]{0,17}")
                ? LongNode.valueOf(Long.parseLong(value))
                : TextNode.valueOf(value);
    }
}
