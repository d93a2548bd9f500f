package dev.castellan.operator.topic.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec.ClusterRef;
import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TopicManifestsTest {
    @Test
    void aTopicIsDeclaredAsItIs() {
        var config = Map.of(
                "retention.ms", "-1",
                "cleanup.policy", "compact",
                "unclean.leader.election.enable", "false",
                "min.cleanable.dirty.ratio", "0.10",
                "compression.type", "007",
                "leader.replication.throttled.replicas", "*");

        assertThat(Serialization.asYaml(manifest(topic("Orders_v1", config, 3, 3))))
                .isEqualTo("""
                ---
                apiVersion: "castellan.dev/v1beta1"
                kind: "KafkaTopic"
                metadata:
                  name: "orders-v1"
                spec:
                  clusterRef:
                    name: "events"
                  topicName: "Orders_v1"
                  partitions: 2
                  replicationFactor: 3
                  config:
                    cleanup.policy: "compact"
                    compression.type: "007"
                    min.cleanable.dirty.ratio: "0.10"
                    retention.ms: -1
                    unclean.leader.election.enable: false
                """);
    }

    @Test
    void partitionsOfDifferentReplicationStayWhatTheyAre() {
        assertThat(manifest(topic("orders", Map.of(), 2, 3)).getSpec().replicationFactor)
                .isNull();
    }

    @Test
    void kafkasOwnTopicsAreLeftOut() {
        var internal = new TopicDetails(new TopicPartitions("__consumer_offsets", "id", true, 1, List.of()), Map.of());

        assertThat(TopicManifests.of(List.of(internal), new ClusterRef(), Optional.empty()))
                .isEmpty();
    }

    @Test
    void everyTopicGetsANameOfItsOwnThatKubernetesAllows() {
        var topics = List.of(
                "orders.v1",
                "Orders_v1",
                "orders-v1",
                "ORDERS-V1",
                "a..b",
                "-x-.y_",
                "___",
                "z".repeat(249),
                "Z".repeat(249));

        var names = ObjectNames.of(topics);

        assertThat(names).containsEntry("orders.v1", "orders.v1").containsEntry("orders-v1", "orders-v1");
        assertThat(names.get("Orders_v1")).matches("orders-v1-[0-9a-f]{8}");
        assertThat(names.get("a..b")).isEqualTo("a.b");
        assertThat(names.get("-x-.y_")).isEqualTo("x.y");
        assertThat(names.get("___")).isEqualTo("topic");
        assertThat(names.values()).doesNotHaveDuplicates().allSatisfy(name -> assertThat(name)
                .matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*")
                .hasSizeLessThanOrEqualTo(253));
    }

    private static KafkaTopic manifest(TopicDetails topic) {
        var ref = new ClusterRef();
        ref.name = "events";
        return TopicManifests.of(List.of(topic), ref, Optional.empty()).getFirst();
    }

    /** @param copies of each partition */
    private static TopicDetails topic(String name, Map<String, String> config, int... copies) {
        var partitions = IntStream.range(0, copies.length)
                .mapToObj(id -> new Partition(id, 0, brokers(copies[id]), brokers(copies[id])))
                .toList();
        return new TopicDetails(new TopicPartitions(name, "id", false, 1, partitions), config);
    }

    private static List<Integer> brokers(int count) {
        return Stream.iterate(0, id -> id + 1).limit(count).toList();
    }
}
