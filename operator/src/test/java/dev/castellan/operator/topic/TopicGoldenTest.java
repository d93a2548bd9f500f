package dev.castellan.operator.topic;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.Topics;
import dev.castellan.operator.cluster.desired.CrdSchema;
import dev.castellan.operator.cluster.desired.GoldenFolder;
import dev.castellan.operator.topic.plan.ClusterFacts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** A KafkaTopic and what is there before it in; status, topic in Kafka and events out, once all has come to rest. */
class TopicGoldenTest {
    private static final Path FOLDER = Path.of("src/test/resources/golden/topic");
    private static final ObjectMapper JSON = new ObjectMapper().setSerializationInclusion(JsonInclude.Include.NON_NULL);

    @TestFactory
    Stream<DynamicTest> statusesAndTopics() throws IOException {
        try (var folders = Files.list(FOLDER)) {
            return folders
                    .sorted()
                    .map(folder -> DynamicTest.dynamicTest(
                            folder.getFileName().toString(), () -> check(new GoldenFolder(folder))))
                    .toList()
                    .stream();
        }
    }

    private static void check(GoldenFolder folder) throws IOException {
        var input = folder.input();
        CrdSchema.ofKafkaTopic().check(input.get("kafkaTopic"));
        var kafka = kafka(input);
        var kube = kube(input);
        var clock = new FakeClock();
        var round = new TopicRound(
                FakeKubeTopics.CLUSTER, kube, () -> kafka, clock, requests -> requests.forEach(Runnable::run));

        var ref = TopicRef.of(kube.topics.values().iterator().next());
        for (int i = 0; i < 10; i++) {
            round.run(Set.of(ref));
            clock.pass(Duration.ofSeconds(1));
        }

        folder.compare(made(kube, kafka));
    }

    private static FakeTopicKafka kafka(JsonNode input) {
        var kafka = new FakeTopicKafka();
        input.path("topics").properties().forEach(entry -> {
            var topic = kafka.has(
                    entry.getKey(),
                    entry.getValue().get("partitions").asInt(),
                    JSON.convertValue(entry.getValue().path("config"), Map.class));
            topic.partitions.clear();
            kafka.spread(
                    topic,
                    entry.getValue().get("partitions").asInt(),
                    entry.getValue().get("replicationFactor").asInt());
        });
        return kafka;
    }

    private static FakeKubeTopics kube(JsonNode input) {
        var kube = new FakeKubeTopics();
        if (input.has("waitingFor")) {
            kube.cluster = new ClusterFacts.Forming(input.get("waitingFor").asText());
        }
        if (input.has("clusterSays")) {
            kube.terms = JSON.convertValue(input.get("clusterSays"), Topics.class);
        }
        var declared = JSON.convertValue(input.get("kafkaTopic"), KafkaTopic.class);
        var namespace = declared.getMetadata().getNamespace();
        var name = declared.getMetadata().getName();
        var topic = kube.apply(namespace == null ? name : namespace + "/" + name, spec -> {});
        topic.setSpec(declared.getSpec());
        Optional.ofNullable(declared.getStatus()).ifPresent(topic::setStatus);
        return kube;
    }

    private static TreeMap<String, String> made(FakeKubeTopics kube, FakeTopicKafka kafka) throws IOException {
        var made = new TreeMap<String, String>();
        made.put(
                "status.yaml",
                GoldenFolder.yaml(kube.topics.values().iterator().next().getStatus()));
        var topics = new TreeMap<String, Object>();
        kafka.topics.forEach((name, topic) -> {
            var fields = new LinkedHashMap<String, Object>();
            fields.put("partitions", topic.partitions());
            fields.put("replicationFactor", topic.factor());
            fields.put("config", topic.config);
            topics.put(name, fields);
        });
        made.put("topics.yaml", GoldenFolder.yaml(topics));
        made.put("events.txt", String.join("\n", kube.events) + "\n");
        return made;
    }
}
