package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.castellan.api.v1beta1.KafkaTopicSpec.ClusterRef;
import dev.castellan.operator.cluster.desired.CrdSchema;
import dev.castellan.operator.topic.manifest.TopicManifests;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What is written of the topics of a cluster is applied to it. */
class ImportedTopicsTest extends InRounds {
    private static final ObjectMapper YAML = new YAMLMapper();

    @Test
    void nothingChangesInKafkaAndAllAreInSync() throws Exception {
        kafka.has("orders", 6, Map.of("retention.ms", "1000", "cleanup.policy", "compact,delete"));
        kafka.has("Orders_v1", 1, Map.of("preallocate", "true"));
        kafka.has("orders-v1", 12, Map.of());
        var before = kafka.describe(List.copyOf(kafka.topics.keySet()));
        var schema = CrdSchema.ofKafkaTopic();
        var ref = new ClusterRef();
        ref.name = FakeKubeTopics.CLUSTER.name();

        for (var topic : TopicManifests.of(before.values(), ref, Optional.of(FakeKubeTopics.CLUSTER.namespace()))) {
            schema.check(YAML.readTree(Serialization.asYaml(topic)));
            kube.apply(topic.getMetadata().getName(), spec -> {
                spec.topicName = topic.getSpec().topicName;
                spec.partitions = topic.getSpec().partitions;
                spec.replicationFactor = topic.getSpec().replicationFactor;
                spec.config = topic.getSpec().config;
            });
        }
        kafka.requests.clear();
        settle();

        assertThat(kube.topics.values()).hasSize(3).allSatisfy(topic -> assertThat(ready(topic.getStatus()))
                .isEqualTo("True InSync"));
        assertThat(kafka.requests.keySet()).containsExactly("describe");
        assertThat(kafka.describe(List.copyOf(kafka.topics.keySet()))).isEqualTo(before);
    }
}
