package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Drift;
import dev.castellan.api.v1beta1.Topics;
import dev.castellan.e2e.harness.Command;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Example;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;

/** Topics as resources. */
@E2E
class TopicsE2E {
    private static final String WATCHED = "{config: {retention.ms: 3600000}}";
    private static final String LEFT = "{config: {retention.ms: 3600000}, drift: Report}";

    private static Example example;
    private static Kafka kafka;

    @BeforeAll
    static void apply(Scene scene) {
        example = Example.apply(scene, "06-topics");
        kafka = example.kafka();
        kafka.awaitSettled();
    }

    @Test
    @Order(1)
    void topicsAreCreatedAsDeclared() {
        var clicks = example.topic("clicks").awaitReady().getStatus();
        var customers = example.topic("customers").awaitReady().getStatus();
        var deadLetters = example.topic("orders-dead-letters").awaitReady().getStatus();

        assertThat(clicks.partitions).isEqualTo(1);
        assertThat(clicks.replicationFactor).isEqualTo(1);
        kafka.awaitTopic("clicks", "id", clicks.topicId);
        assertThat(customers.partitions).isEqualTo(12);
        kafka.awaitTopic(
                "customers",
                Map.of("partitions", "12", "config.cleanup.policy", "compact", "config.segment.ms", "3600000"));
        assertThat(deadLetters.topicName).isEqualTo("orders.DLQ_v1");
        kafka.awaitTopic("orders.DLQ_v1", "exists", "true");
    }

    @Test
    @Order(2)
    void aTopicThatIsOnlyObservedIsNotCreated() {
        example.topic("legacy").awaitCondition("Ready", "False", "NotFound");

        assertThat(kafka.topic("legacy")).containsEntry("exists", "false");
    }

    @Test
    @Order(3)
    void partitionsAreAdded() {
        example.topic("clicks").edit(spec -> spec.partitions = 4);

        assertThat(example.topic("clicks").awaitReady().getStatus().partitions).isEqualTo(4);
        kafka.awaitTopic("clicks", "partitions", "4");
    }

    @Test
    @Order(4)
    void configIsChangedAndWhatIsRemovedGoesBackToTheDefault() {
        example.topic("customers").edit(spec -> {
            spec.config.put("segment.ms", IntNode.valueOf(7_200_000));
            spec.config.remove("min.cleanable.dirty.ratio");
        });

        example.topic("customers").awaitReady();
        assertThat(kafka.awaitTopic("customers", "config.segment.ms", "7200000"))
                .containsEntry("config.cleanup.policy", "compact")
                .doesNotContainKey("config.min.cleanable.dirty.ratio");
    }

    @Test
    @Order(5)
    void aConfigThatKafkaRefusesIsReportedAndMended() {
        example.topic("clicks")
                .edit(spec -> spec.config =
                        new java.util.HashMap<>(java.util.Map.of("retention.ms", TextNode.valueOf("a week"))));

        var refused = example.topic("clicks").awaitCondition("Ready", "False", "KafkaRefused");
        assertThat(refused.getStatus().conditions)
                .anySatisfy(condition -> assertThat(condition.getMessage()).contains("retention.ms"));

        example.topic("clicks").edit(spec -> spec.config.put("retention.ms", IntNode.valueOf(604_800_000)));
        example.topic("clicks").awaitReady();
        kafka.awaitTopic("clicks", "config.retention.ms", "604800000");
    }

    @Test
    @Order(6)
    void aDeletedResourceKeepsItsTopicUnlessItSaysOtherwise() {
        example.topic("customers").deleteAndWait();
        assertThat(kafka.topic("customers")).containsEntry("exists", "true");

        var doomed = kafka.applyTopic("doomed", "{partitions: 2, deletionPolicy: Delete}");
        doomed.awaitReady();
        doomed.deleteAndWait();
        kafka.awaitTopic("doomed", "exists", "false");
    }

    @Test
    @Order(7)
    void deleteIfEmptyKeepsATopicWithRecords() {
        example.topic("orders-dead-letters").deleteAndWait();
        kafka.awaitTopic("orders.DLQ_v1", "exists", "false");

        var traffic = kafka.applyTopic("e2e-traffic", "{partitions: 3, deletionPolicy: DeleteIfEmpty}");
        traffic.awaitReady();
        traffic.deleteAndWait();
        assertThat(kafka.topic("e2e-traffic")).containsEntry("exists", "true");
    }

    /** What others do to some topics the operator hears of when it next looks at all of them. */
    @Test
    @Order(8)
    void aTopicDeletedBehindOurBackIsLostAndMadeAgainOnlyWhereItIsNamed() {
        var topic = kafka.applyTopic("precious", "{partitions: 1}");
        kafka.applyTopic("watched", WATCHED).awaitReady();
        kafka.applyTopic("left", LEFT).awaitReady();
        var lost = topic.awaitReady().getStatus().topicId;

        kafka.setTopicConfig("watched", "retention.ms", "7200000");
        kafka.setTopicConfig("watched", "max.message.bytes", "1000000");
        kafka.setTopicConfig("left", "retention.ms", "7200000");
        kafka.ask("delete-topic", "precious");

        topic.awaitCondition("Ready", "False", "TopicLost");
        kafka.awaitTopic("precious", "exists", "false");

        topic.edit(spec -> spec.recreate = lost);
        var anew = topic.awaitReady().getStatus().topicId;
        assertThat(anew).isNotEqualTo(lost);
        kafka.awaitTopic("precious", "id", anew);

        kafka.ask("delete-topic", "precious");
        topic.edit(spec -> spec.partitions = 2);
        topic.awaitCondition("Ready", "False", "TopicLost");
        kafka.awaitTopic("precious", "exists", "false");
    }

    @Test
    @Order(9)
    void whatOthersChangeIsSetBackOrLeftAsDeclared() {
        var topic = kafka.applyTopic("watched", WATCHED);
        var drifted = topic.awaitCondition("Drifted", "True", "Drifted").getStatus();
        assertThat(drifted.drift).extracting(drift -> drift.key).containsExactly("max.message.bytes");
        assertThat(kafka.awaitTopic("watched", "config.retention.ms", "3600000"))
                .containsEntry("config.max.message.bytes", "1000000");

        topic.edit(spec -> spec.drift = Drift.Revert);
        topic.await("without drift", now -> now.getStatus().drift == null);
        kafka.awaitTopic(
                "watched",
                facts -> "true".equals(facts.get("exists")) && !facts.containsKey("config.max.message.bytes"));

        kafka.applyTopic("left", LEFT).awaitCondition("Ready", "True", "Drifted");
        assertThat(kafka.topic("left")).containsEntry("config.retention.ms", "7200000");
    }

    @Test
    @Order(10)
    void aTopicThatExistsIsAdoptedOrLeftAlone() {
        kafka.ask("create-topic", "found");
        var id = kafka.awaitTopic("found", "exists", "true").get("id");

        assertThat(kafka.applyTopic("found", "{partitions: 1}").awaitReady().getStatus().topicId)
                .isEqualTo(id);

        kafka.ask("create-topic", "taken");
        kafka.applyTopic("taken", "{partitions: 1, adoption: FailIfExists}")
                .awaitCondition("Ready", "False", "AlreadyExists");
    }

    /** By the operator's image, as a user would: what it writes is applied as it is. */
    @Test
    @Order(11)
    void topicsAreImported(Scene scene) {
        kafka.ask("create-topic", "Grown_up");
        kafka.setTopicConfig("Grown_up", "retention.ms", "7200000");
        var before = kafka.awaitTopic("Grown_up", "config.retention.ms", "7200000");

        var yaml = scene.operator()
                .command(
                        "topics",
                        "import",
                        "--cluster=" + kafka.name(),
                        "--bootstrap-server=" + kafka.bootstrap(),
                        "--topics=Grown.*");
        kafka.applyTopicFrom(yaml).awaitReady();

        assertThat(kafka.topic("Grown_up")).isEqualTo(before);
    }

    /** By the operator's image, as one that may read KafkaTopics: it tells, changes nothing, and then that is what happens. */
    @Test
    @Order(11)
    void whatApplyingWouldChangeIsToldBefore(Scene scene) {
        kafka.applyTopic("planned", "{partitions: 2, config: {retention.ms: 7200000, segment.ms: 3600000}}")
                .awaitReady();
        var before = kafka.awaitTopic(
                "planned", Map.of("partitions", "2", "config.retention.ms", "7200000", "config.segment.ms", "3600000"));
        var planned = manifest("planned", "{partitions: 4, config: {retention.ms: 3600000}}");
        var fresh = manifest("fresh", "{partitions: 3, replicationFactor: 1}");

        var plan = plan(scene, planned, fresh, manifest("faulty", "{config: {retention.ms: soon}}"));
        assertThat(plan.written())
                .contains("/planned\n  ~ partitions: 2 → 4; records of a key may go to another partition than before\n")
                .contains("  ~ retention.ms: 7200000 → 3600000\n  ~ segment.ms: 3600000 → the cluster's default\n")
                .contains("/fresh\n  + created: partitions=3, replicationFactor=1\n")
                .contains("/faulty\n  ! KafkaRefused: Invalid value soon for configuration retention.ms")
                .endsWith("3 KafkaTopics: 2 would change something, 1 would not come to be as declared\n");
        assertThat(plan.exitCode()).isEqualTo(1);
        assertThat(plan(scene, planned, fresh).exitCode()).isEqualTo(3);
        assertThat(kafka.topic("planned")).isEqualTo(before);
        assertThat(kafka.topic("fresh")).containsEntry("exists", "false");
        assertThat(kafka.topic("faulty")).containsEntry("exists", "false");

        kafka.applyTopicFrom(planned).awaitReady();
        kafka.applyTopicFrom(fresh).awaitReady();
        kafka.awaitTopic("planned", Map.of("partitions", "4", "config.retention.ms", "3600000"));
        var again = plan(scene, planned, fresh);
        assertThat(again.written())
                .endsWith("2 KafkaTopics: 0 would change something, 0 would not come to be as declared\n");
        assertThat(again.exitCode()).isZero();
    }

    private static String manifest(String topic, String spec) {
        return """
                apiVersion: castellan.dev/v1beta1
                kind: KafkaTopic
                metadata: {name: %s}
                spec: {clusterRef: {name: %s}, %s
                """.formatted(topic, kafka.name(), spec.substring(1));
    }

    private static Command.Ended plan(Scene scene, String... manifests) {
        return scene.operator()
                .commandOn(List.of(manifests), "topics", "plan", "--namespace=" + kafka.namespace(), Command.MANIFESTS);
    }

    @Test
    @Order(12)
    void topicsOfAnotherNamespaceNeedTheLeaveOfTheClustersOwner(Scene scene) {
        var neighbour = scene.neighbour();
        var topic = kafka.applyTopicIn(neighbour, "shared", "{partitions: 2, deletionPolicy: Delete}");
        topic.awaitCondition("Ready", "False", "NotAllowed");
        assertThat(kafka.topic("shared")).containsEntry("exists", "false");

        kafka.edit(spec -> {
            spec.topics = new Topics();
            var allowed = new Topics.AllowedNamespace();
            allowed.namespace = neighbour;
            allowed.namePrefixes = List.of("sh");
            spec.topics.allowedNamespaces = List.of(allowed);
        });
        topic.awaitReady();
        kafka.awaitTopic("shared", "partitions", "2");
        kafka.applyTopicIn(neighbour, "other", "{}").awaitCondition("Ready", "False", "NotAllowed");

        kafka.edit(spec -> spec.topics = null);
        topic.awaitCondition("Ready", "False", "NotAllowed");
        topic.deleteAndWait();
        assertThat(kafka.topic("shared")).containsEntry("exists", "true");
    }

    @Test
    @Order(13)
    void theClustersDefaultsAndBoundsHoldForItsTopics() {
        var before = kafka.applyTopic("before", "{partitions: 3, config: {retention.ms: -1}}");
        before.awaitReady();

        kafka.edit(spec -> {
            spec.topics = new Topics();
            spec.topics.defaults = new Topics.Defaults();
            spec.topics.defaults.partitions = 5;
            spec.topics.defaults.config = Map.of("segment.ms", IntNode.valueOf(7_000_000));
            spec.topics.policy = new Topics.Policy();
            spec.topics.policy.retention = new Topics.Retention();
            spec.topics.policy.retention.max = "7d";
        });
        kafka.applyTopic("after", "{}").awaitReady();
        kafka.awaitTopic("after", Map.of("partitions", "5", "config.segment.ms", "7000000"));
        kafka.applyTopic("for-ever", "{config: {retention.ms: -1}}").awaitCondition("Ready", "False", "PolicyViolated");
        assertThat(kafka.topic("for-ever")).containsEntry("exists", "false");

        kafka.edit(spec -> spec.topics.defaults = null);
        before.awaitCondition("PolicyViolated", "True", "PolicyViolated");
        before.awaitReady();
        assertThat(kafka.topic("before")).containsEntry("config.retention.ms", "-1");
        kafka.edit(spec -> spec.topics = null);
    }

    @Test
    @Order(14)
    void aTopicGoesWithItsClusterWithoutHanging(Scene scene) {
        var last = kafka.applyTopic("last", "{partitions: 1, deletionPolicy: Delete}");
        last.awaitReady();
        scene.trafficThrough(kafka).stop();

        kafka.handle().delete();
        last.deleteAndWait();
    }
}
