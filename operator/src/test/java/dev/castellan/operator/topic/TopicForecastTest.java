package dev.castellan.operator.topic;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Drift;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import dev.castellan.operator.kafka.TopicTrial;
import dev.castellan.operator.topic.forecast.Changes;
import dev.castellan.operator.topic.forecast.TopicForecast;
import dev.castellan.operator.topic.forecast.TopicForecast.Outlook;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is foretold of KafkaTopics, and what then happens. */
class TopicForecastTest extends InRounds {
    private static final List<String> NAMES = List.of("audit", "clicks", "orders", "payments");
    private static final List<String> KEYS = List.of("retention.ms", "segment.ms", "no.such.key");
    private static final Set<String> READS =
            Set.of("describe", "existence", "topics", "brokers", "reassignments", "clusterConfig", "holdRecords");

    private boolean prune;

    @Test
    void tellsOfEachChangeInAWord() {
        // Given
        kafka.has("clicks", 6, Map.of("retention.ms", "1000", "segment.ms", "50"));
        kafka.has("payments", 3, Map.of());
        kafka.has("audit", 3, Map.of("retention.ms", "7"));
        declare("payments", spec -> {
            spec.partitions = 3;
            spec.deletionPolicy = DeletionPolicy.Delete;
            spec.config = config("retention.ms", 5);
        });
        declare("audit", spec -> spec.deletionPolicy = DeletionPolicy.Retain);
        settle();
        prune = true;
        // When
        var outlooks = forecast(
                manifest("clicks", spec -> {
                    spec.partitions = 12;
                    spec.replicationFactor = 2;
                    spec.config = config("retention.ms", 2000);
                }),
                manifest("orders", spec -> {
                    spec.partitions = 4;
                    spec.config = config("retention.ms", 9);
                }),
                manifest("faulty", spec -> spec.config = config("no.such.key", 1)));
        // Then
        assertThat(outlooks)
                .extracting(outlook -> outlook.ref().name(), Outlook::changes, Outlook::problem)
                .containsExactlyInAnyOrder(
                        tuple(
                                "clicks",
                                List.of(
                                        "~ partitions: 6 → 12; records of a key may go to another partition than before",
                                        "~ replicationFactor: 3 → 2",
                                        "~ retention.ms: 1000 → 2000"),
                                Optional.empty()),
                        tuple(
                                "orders",
                                List.of("+ created: partitions=4, replicationFactor=3, retention.ms=9"),
                                Optional.empty()),
                        tuple("faulty", List.of(), Optional.of("KafkaRefused: Unknown topic config name: no.such.key")),
                        tuple("payments", List.of("- deleted, with all its records"), Optional.empty()),
                        tuple("audit", List.of("- not declared any more; the topic stays as it is"), Optional.empty()));
    }

    @Test
    void whoIsNotTheOwnerChangesNothing() {
        // Given
        kafka.has("orders", 3, Map.of());
        declare("orders", spec -> spec.partitions = 3);
        settle();
        clock.pass(Duration.ofMinutes(1));
        // When
        var outlooks = forecast(manifest("orders", spec -> spec.partitions = 3), manifest("another", spec -> {
            spec.topicName = "orders";
            spec.config = config("retention.ms", 9);
        }));
        // Then
        assertThat(outlooks).allSatisfy(outlook -> assertThat(outlook.changes()).isEmpty());
        assertThat(outlooks)
                .filteredOn(outlook -> outlook.problem().isPresent())
                .singleElement()
                .satisfies(outlook -> assertThat(outlook.problem().orElseThrow())
                        .startsWith("ClaimedByAnother: KafkaTopic orders is older"));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_000, 2_000, 3_000})
    void whatIsForetoldIsWhatHappens(long from) {
        for (long seed = from; seed < from + 1_000; seed++) {
            new TopicForecastTest().foretells(seed);
        }
    }

    private void foretells(long seed) {
        // Given
        var random = new Random(seed);
        pick(random)
                .forEach(
                        name -> kafka.has(name, 1 + random.nextInt(4), properties(random)).records = random.nextInt(2));
        pick(random).forEach(name -> declare(name, spec(random)));
        comeToRest();
        pick(random).stream()
                .map(kafka.topics::get)
                .filter(topic -> topic != null)
                .forEach(topic -> {
                    switch (random.nextInt(3)) {
                        case 0 -> topic.config.putAll(properties(random));
                        case 1 -> kafka.topics.remove(topic.name);
                        default -> {}
                    }
                });
        prune = random.nextBoolean();
        var manifests =
                pick(random).stream().map(name -> manifest(name, spec(random))).toArray(KafkaTopic[]::new);
        var before = truth();
        kafka.requests.clear();
        // When
        var outlooks = forecast(manifests);
        // Then
        assertThat(truth()).as("seed " + seed).isEqualTo(before);
        assertThat(READS).as("seed " + seed).containsAll(kafka.requests.keySet());
        // When
        apply(manifests);
        comeToRest();
        // Then
        for (var outlook : outlooks) {
            var name = outlook.topicName();
            var then = Optional.ofNullable(kube.topics.get(name));
            var changes =
                    Changes.between(Optional.ofNullable(before.get(name)), Optional.ofNullable(truth().get(name)));
            assertThat(outlook.problem().map(problem -> problem.substring(0, problem.indexOf(':'))))
                    .as("problem of %s, seed %d", outlook, seed)
                    .isEqualTo(then.map(topic -> condition(topic.getStatus(), "Ready"))
                            .filter(ready -> !ready.getStatus().equals("True"))
                            .map(ready -> ready.getReason()));
            assertThat(outlook.changes())
                    .as("seed %d, %s", seed, outlook)
                    .isEqualTo(
                            then.isEmpty() && changes.isEmpty()
                                    ? List.of("- not declared any more; the topic stays as it is")
                                    : changes);
        }
    }

    private static List<String> pick(Random random) {
        return NAMES.stream().filter(name -> random.nextBoolean()).toList();
    }

    private static Map<String, String> properties(Random random) {
        return random.nextBoolean() ? Map.of() : Map.of("retention.ms", "" + random.nextInt(3));
    }

    private static Consumer<KafkaTopicSpec> spec(Random random) {
        return spec -> {
            spec.partitions = random.nextInt(3) == 0 ? null : 1 + random.nextInt(5);
            spec.replicationFactor = random.nextInt(2) == 0 ? null : 1 + random.nextInt(4);
            spec.deletionPolicy = one(random, DeletionPolicy.values());
            spec.adoption = random.nextInt(3) == 0 ? one(random, Adoption.values()) : null;
            spec.drift = random.nextInt(3) == 0 ? one(random, Drift.values()) : null;
            var config = new TreeMap<String, JsonNode>();
            for (var key : KEYS) {
                if (random.nextInt(key.startsWith("no") ? 8 : 3) == 0) {
                    config.put(key, TextNode.valueOf("" + random.nextInt(3)));
                }
            }
            spec.config = config;
        };
    }

    private static <T> T one(Random random, T[] values) {
        return values[random.nextInt(values.length)];
    }

    private void declare(String name, Consumer<KafkaTopicSpec> spec) {
        kube.apply(name, spec);
    }

    private KafkaTopic manifest(String name, Consumer<KafkaTopicSpec> spec) {
        var kubectl = new FakeKubeTopics();
        var manifest = FakeKubeTopics.copy(kubectl.apply(name, spec));
        manifest.setStatus(null);
        return manifest;
    }

    private List<Outlook> forecast(KafkaTopic... manifests) {
        return TopicForecast.of(
                FakeKubeTopics.CLUSTER,
                kube.cluster,
                kube.terms(FakeKubeTopics.CLUSTER),
                List.copyOf(kube.topics.values()),
                List.of(manifests),
                prune,
                kafka,
                new Trial(),
                clock.instant());
    }

    private void apply(KafkaTopic... manifests) {
        var names = List.of(manifests).stream()
                .map(topic -> topic.getMetadata().getName())
                .toList();
        if (prune) {
            List.copyOf(kube.topics.keySet()).stream()
                    .filter(name -> !names.contains(name))
                    .forEach(kube::delete);
        }
        for (var manifest : manifests) {
            kube.apply(manifest.getMetadata().getName(), spec -> {
                spec.partitions = manifest.getSpec().partitions;
                spec.replicationFactor = manifest.getSpec().replicationFactor;
                spec.config = manifest.getSpec().config;
                spec.deletionPolicy = manifest.getSpec().deletionPolicy;
                spec.adoption = manifest.getSpec().adoption;
                spec.drift = manifest.getSpec().drift;
            });
        }
    }

    /** Copies come to their end meanwhile. */
    private void comeToRest() {
        for (int i = 0; i < 4; i++) {
            scan();
            kafka.copyAll();
        }
        scan();
    }

    private Map<String, TopicDetails> truth() {
        return new TreeMap<>(kafka.topics.entrySet().stream()
                .collect(toMap(Map.Entry::getKey, topic -> topic.getValue().details())));
    }

    /** As Kafka tries it. */
    private final class Trial implements TopicTrial {
        private final FakeTopicKafka copy = new FakeTopicKafka();

        private FakeTopicKafka asItIs() {
            copy.topics.clear();
            kafka.topics.forEach((name, topic) -> {
                var same = topic.copy();
                same.partitions = new ArrayList<>(same.partitions);
                copy.topics.put(name, same);
            });
            return copy;
        }

        @Override
        public Map<String, Outcome> create(Collection<NewTopic> topics) {
            var outcomes = asItIs().create(topics);
            outcomes.replaceAll((name, outcome) ->
                    outcome instanceof Outcome.Created ? new Outcome.Created("imagined-" + name) : outcome);
            return outcomes;
        }

        @Override
        public Map<String, Outcome> addPartitions(Map<String, Integer> totals) {
            return asItIs().addPartitions(totals);
        }

        @Override
        public Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes) {
            return asItIs().alterConfigs(changes);
        }
    }
}
