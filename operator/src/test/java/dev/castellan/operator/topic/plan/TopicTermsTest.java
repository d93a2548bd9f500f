package dev.castellan.operator.topic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import dev.castellan.api.v1beta1.Topics;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class TopicTermsTest {
    private final Topics topics = new Topics();

    @Test
    void ownNamespaceNeedsNoLeave() {
        assertThat(terms().allow("infra", "orders")).isTrue();
        assertThat(terms().allow("shop", "orders")).isFalse();
    }

    @Test
    void aStarStandsForAnyCharacters() {
        topics.allowedNamespaces = List.of(allowed("team-*"), allowed("a.b"));

        assertThat(terms().allow("team-red", "orders")).isTrue();
        assertThat(terms().allow("my-team-red", "orders")).isFalse();
        assertThat(terms().allow("axb", "orders")).isFalse();
    }

    @Test
    void leaveMayBeForSomeNamesOnly() {
        topics.allowedNamespaces = List.of(allowed("shop", "shop.", "web."), allowed("shop", "old-"));

        assertThat(terms().allow("shop", "web.clicks")).isTrue();
        assertThat(terms().allow("shop", "old-clicks")).isTrue();
        assertThat(terms().refusal("events", "shop", "clicks")).hasValueSatisfying(text -> assertThat(text)
                .contains("old- or shop. or web.", "spec.topics.allowedNamespaces", "infra/events"));
    }

    @Test
    void theTopicsOwnConfigGoesBeforeTheClusters() {
        topics.defaults = new Topics.Defaults();
        topics.defaults.config = Map.of("retention.ms", number(1), "segment.ms", number(2));

        var spec = spec(declared -> declared.config = Map.of("retention.ms", number(3)));

        assertThat(spec.config()).isEqualTo(Map.of("retention.ms", "3", "segment.ms", "2"));
    }

    @Test
    void whatIsNotDeclaredIsChosenWithinTheBounds() {
        topics.policy = new Topics.Policy();
        topics.policy.partitions = bounds(6, null);
        topics.policy.replicationFactor = bounds(null, 2);

        var spec = spec(declared -> {});

        assertThat(spec.violation()).isEmpty();
        assertThat(spec.newPartitions()).isEqualTo(6);
        assertThat(spec.newReplicationFactor(5)).isEqualTo(2);
    }

    @Test
    void everyRuleNamesItselfAndTheValue() {
        topics.policy = new Topics.Policy();
        topics.policy.partitions = bounds(2, 10);
        topics.policy.replicationFactor = bounds(2, null);
        topics.policy.minInsyncReplicas = bounds(2, null);
        topics.policy.retention = new Topics.Retention();
        topics.policy.retention.min = "1h";
        topics.policy.retention.max = "7d";
        topics.policy.namePattern = "[a-z]+";

        assertViolates(spec -> spec.topicName = "Orders", "namePattern", "Orders");
        assertViolates(spec -> spec.partitions = 1, "policy.partitions", "1", "min: 2");
        assertViolates(spec -> spec.partitions = 11, "policy.partitions", "11", "max: 10");
        assertViolates(spec -> spec.replicationFactor = 1, "policy.replicationFactor", "min: 2");
        assertViolates(spec -> spec.config = Map.of("min.insync.replicas", number(1)), "policy.minInsyncReplicas");
        assertViolates(spec -> spec.config = Map.of("retention.ms", number(3_599_999)), "policy.retention", "min: 1h");
        assertViolates(spec -> spec.config = Map.of("retention.ms", number(604_800_001)), "policy.retention", "7d");
        assertViolates(spec -> spec.config = Map.of("retention.ms", number(-1)), "for ever", "max: 7d");
        assertThat(spec(spec -> spec.config = Map.of("retention.ms", number(604_800_000)))
                        .violation())
                .isEmpty();
    }

    @Test
    void aPatternThatIsNoneIsTheOwnersToMend() {
        topics.policy = new Topics.Policy();
        topics.policy.namePattern = "[a-z";

        assertViolates(spec -> {}, "spec.topics.policy.namePattern", "no regular expression");
    }

    private void assertViolates(Consumer<KafkaTopicSpec> declare, String... words) {
        assertThat(spec(declare).violation())
                .hasValueSatisfying(text -> assertThat(text).contains(words));
    }

    private TopicSpec spec(Consumer<KafkaTopicSpec> declare) {
        var topic = new KafkaTopic();
        topic.setMetadata(new ObjectMetaBuilder()
                .withNamespace("infra")
                .withName("orders")
                .build());
        topic.setSpec(new KafkaTopicSpec());
        topic.getSpec().clusterRef = new KafkaTopicSpec.ClusterRef();
        topic.getSpec().clusterRef.name = "events";
        declare.accept(topic.getSpec());
        return TopicSpec.of(topic, terms());
    }

    private TopicTerms terms() {
        var cluster = new KafkaCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withNamespace("infra")
                .withName("events")
                .build());
        cluster.setSpec(new KafkaClusterSpec());
        cluster.getSpec().topics = topics;
        return TopicTerms.of(cluster);
    }

    private static Topics.AllowedNamespace allowed(String namespace, String... prefixes) {
        var allowed = new Topics.AllowedNamespace();
        allowed.namespace = namespace;
        allowed.namePrefixes = List.of(prefixes);
        return allowed;
    }

    private static Topics.Bounds bounds(Integer min, Integer max) {
        var bounds = new Topics.Bounds();
        bounds.min = min;
        bounds.max = max;
        return bounds;
    }

    private static com.fasterxml.jackson.databind.JsonNode number(long value) {
        return JsonNodeFactory.instance.numberNode(value);
    }
}
