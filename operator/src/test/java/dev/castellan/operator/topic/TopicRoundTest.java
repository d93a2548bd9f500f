package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.topic.plan.ClusterFacts;
import io.fabric8.kubernetes.api.model.Condition;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicRoundTest {
    private final FakeClock clock = new FakeClock();
    private final FakeKubeTopics kube = new FakeKubeTopics();
    private final FakeTopicKafka kafka = new FakeTopicKafka();
    private TopicRound round = newRound();
    private final Map<TopicRef, Duration> again = new HashMap<>();

    @Test
    void createsATopicAndTellsWhatItSaw() {
        kube.apply("orders", spec -> {
            spec.partitions = 6;
            spec.config = config("retention.ms", 1000);
        });

        settle();

        assertThat(kafka.topics.get("orders").partitions).isEqualTo(6);
        assertThat(kafka.topics.get("orders").factor).isEqualTo(3);
        var status = status("orders");
        assertThat(ready(status)).isEqualTo("True InSync");
        assertThat(status.observedGeneration).isEqualTo(1);
        assertThat(status.topicId).isEqualTo(kafka.topics.get("orders").id);
        assertThat(status.clusterId).isEqualTo(FakeTopicKafka.CLUSTER_ID);
        assertThat(status.partitions).isEqualTo(6);
        assertThat(status.replicationFactor).isEqualTo(3);
        assertThat(status.managedConfig).containsExactly("retention.ms");
        assertThat(kube.writes).isEqualTo(1);
    }

    @Test
    void fiveHundredTopicsCostAFewRequestsAndOneWriteEach() {
        IntStream.range(0, 500).forEach(i -> kube.apply("t" + i, spec -> {}));

        settle();

        assertThat(kafka.requests).isEqualTo(Map.of("describe", 2, "create", 1));
        assertThat(kube.writes).isEqualTo(500);
    }

    @Test
    void aScanOfWhatIsInSyncWritesNothing() {
        IntStream.range(0, 50).forEach(i -> kube.apply("t" + i, spec -> {}));
        settle();
        kafka.requests.clear();
        kube.writes = 0;

        scan();

        assertThat(kafka.requests).isEqualTo(Map.of("describe", 1));
        assertThat(kube.writes).isZero();
    }

    @Test
    void aNewOperatorWritesNothing() {
        kube.apply("orders", spec -> spec.config = config("retention.ms", 1000));
        settle();
        kube.writes = 0;

        round = newRound();
        scan();

        assertThat(kube.writes).isZero();
    }

    @Test
    void addsPartitionsAndWarnsThatKeysMove() {
        kube.apply("orders", spec -> spec.partitions = 3);
        settle();

        kube.apply("orders", spec -> spec.partitions = 6);
        settle();

        assertThat(kafka.topics.get("orders").partitions).isEqualTo(6);
        assertThat(status("orders").partitions).isEqualTo(6);
        assertThat(kube.events).containsExactly("orders PartitionsAdded");
    }

    @Test
    void whatIsNoLongerDeclaredGoesBackToTheDefaultAndTheRestStays() {
        kube.apply("orders", spec -> spec.config = config("retention.ms", 1000));
        settle();
        kafka.topics.get("orders").config.put("set.by.others", "1");

        kube.apply("orders", spec -> spec.config = config("segment.ms", 5));
        settle();

        assertThat(kafka.topics.get("orders").config).isEqualTo(Map.of("segment.ms", "5", "set.by.others", "1"));
        assertThat(status("orders").managedConfig).containsExactly("segment.ms");
    }

    @Test
    void declaredPropertiesAreSetBack() {
        kube.apply("orders", spec -> spec.config = config("retention.ms", 1000));
        settle();

        kafka.topics.get("orders").config.put("retention.ms", "9");
        scan();

        assertThat(kafka.topics.get("orders").config).isEqualTo(Map.of("retention.ms", "1000"));
    }

    @Test
    void oneBadTopicHarmsNoOther() {
        kube.apply("bad", spec -> spec.config = config("no.such.key", 1));
        kube.apply("good", spec -> {});

        settle();

        assertThat(ready(status("good"))).isEqualTo("True InSync");
        assertThat(ready(status("bad"))).isEqualTo("False KafkaRefused");
        assertThat(condition(status("bad"), "Stalled").getMessage())
                .isEqualTo("Unknown topic config name: no.such.key");
        assertThat(kube.events).containsExactly("bad KafkaRefused");
    }

    @Test
    void whatKafkaRefusedIsNotAskedAgainUntilSomethingChanges() {
        kube.apply("bad", spec -> spec.config = config("no.such.key", 1));
        settle();
        kafka.requests.clear();
        kube.writes = 0;

        scan();
        assertThat(kafka.requests).isEqualTo(Map.of("describe", 1));
        assertThat(kube.writes).isZero();

        kube.apply("bad", spec -> spec.config = config("retention.ms", 1));
        settle();
        assertThat(ready(status("bad"))).isEqualTo("True InSync");
    }

    @Test
    void waitsForAClusterThatIsNotThereAndGoesOnByItself() {
        kube.cluster = new ClusterFacts.Missing();
        kube.apply("orders", spec -> {});
        settle(3);
        assertThat(ready(status("orders"))).isEqualTo("False WaitingForCluster");
        assertThat(condition(status("orders"), "Reconciling").getStatus()).isEqualTo("True");
        assertThat(condition(status("orders"), "Stalled")).isNull();

        kube.cluster = new ClusterFacts.Formed(FakeTopicKafka.CLUSTER_ID, 3, true, "");
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void aClusterThatDoesNotAnswerIsNoNewsForTopicsInSync() {
        kube.apply("orders", spec -> {});
        settle();
        kube.writes = 0;

        kafka.down = true;
        scan();

        assertThat(kube.writes).isZero();
    }

    @Test
    void aTopicThatSomebodyDeletedIsLostAndNotMadeAnew() {
        kube.apply("orders", spec -> {});
        settle();

        kafka.topics.remove("orders");
        scan();

        assertThat(kafka.topics).isEmpty();
        assertThat(ready(status("orders"))).isEqualTo("False TopicLost");
        assertThat(kube.events).containsExactly("orders TopicLost");
    }

    @Test
    void aTopicThatSomebodyMadeAnewIsLostToo() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();

        kafka.has("orders", 1, Map.of());
        scan();
        assertThat(ready(status("orders"))).isEqualTo("False TopicLost");

        kube.delete("orders");
        settle();
        assertThat(kafka.topics).containsKey("orders");
        assertThat(kube.topics).isEmpty();
    }

    @Test
    void aBrokerThatLagsDoesNotMakeATopicLost() {
        kube.apply("orders", spec -> {});
        kafka.brokersLag();
        settle(8);
        assertThat(status("orders").topicId).isNull();

        kafka.brokersCatchUp();
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(kafka.requests.get("create")).isEqualTo(1);
    }

    @Test
    void aNewClusterOfTheSameNameGetsItsTopicAnewAndSaysSo() {
        kube.apply("orders", spec -> {});
        settle();

        kube.cluster = new ClusterFacts.Formed("cluster-2", 3, true, "");
        kafka.topics.clear();
        scan();

        assertThat(kafka.topics).containsKey("orders");
        assertThat(status("orders").clusterId).isEqualTo("cluster-2");
        assertThat(kube.events).containsExactly("orders ClusterReplaced");
    }

    @Test
    void retainKeepsTheTopicWithoutAFinalizer() {
        kube.apply("orders", spec -> {});
        settle();

        kube.delete("orders");
        settle();

        assertThat(kube.topics).isEmpty();
        assertThat(kafka.topics).containsKey("orders");
    }

    @Test
    void deleteDeletes() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();
        kafka.topics.get("orders").records = 7;

        kube.delete("orders");
        settle();

        assertThat(kube.topics).isEmpty();
        assertThat(kafka.topics).isEmpty();
    }

    @Test
    void deleteIfEmptyKeepsRecords() {
        List.of("empty", "full")
                .forEach(name -> kube.apply(name, spec -> spec.deletionPolicy = DeletionPolicy.DeleteIfEmpty));
        settle();
        kafka.topics.get("full").records = 7;

        kube.delete("empty");
        kube.delete("full");
        settle();

        assertThat(kube.topics).isEmpty();
        assertThat(kafka.topics).containsOnlyKeys("full");
        assertThat(kube.events).containsExactly("full TopicKept");
    }

    @Test
    void finalizersLetGoWhenTheClusterIsGone() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();
        kafka.down = true;
        kube.delete("orders");
        settle(3);
        assertThat(ready(status("orders"))).isEqualTo("False WaitingForCluster");

        kube.cluster = new ClusterFacts.Leaving();
        settle();

        assertThat(kube.topics).isEmpty();
        assertThat(kafka.topics).containsKey("orders");
    }

    @Test
    void theFinalizerFollowsThePolicy() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();
        assertThat(kube.topics.get("orders").getMetadata().getFinalizers()).containsExactly(Finalizer.NAME);

        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Retain);
        settle();

        assertThat(kube.topics.get("orders").getMetadata().getFinalizers()).isEmpty();
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void adoptsAndGrowsAnExistingTopic() {
        var existing = kafka.has("orders", 2, Map.of("by.others", "x"));
        kube.apply("orders", spec -> {
            spec.partitions = 4;
            spec.config = config("retention.ms", 1);
        });

        settle();

        assertThat(status("orders").topicId).isEqualTo(existing.id);
        assertThat(existing.partitions).isEqualTo(4);
        assertThat(existing.config).isEqualTo(Map.of("by.others", "x", "retention.ms", "1"));
    }

    @Test
    void aTopicOfMorePartitionsIsNotTakenOver() {
        kafka.has("orders", 8, Map.of());
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();
        assertThat(ready(status("orders"))).isEqualTo("False PartitionsDiffer");
        assertThat(status("orders").topicId).isNull();

        kube.delete("orders");
        settle();

        assertThat(kafka.topics).containsKey("orders");
        assertThat(kube.topics).isEmpty();
    }

    @Test
    void failIfExistsLeavesTheExistingAloneAndCreatesWhatIsNotThere() {
        kafka.has("old", 1, Map.of());
        List.of("old", "new")
                .forEach(name -> kube.apply(name, spec -> {
                    spec.adoption = Adoption.FailIfExists;
                    spec.config = config("retention.ms", 1);
                }));

        settle();

        assertThat(ready(status("old"))).isEqualTo("False AlreadyExists");
        assertThat(kafka.topics.get("old").config).isEmpty();
        assertThat(ready(status("new"))).isEqualTo("True InSync");
    }

    @Test
    void failIfExistsKnowsItsOwnTopicAfterACrash() {
        kube.apply("orders", spec -> spec.adoption = Adoption.FailIfExists);
        round.run(Set.of(FakeKubeTopics.ref("orders")));
        assertThat(kafka.topics).containsKey("orders");

        round = newRound();
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void observeReportsAndChangesNothing() {
        kafka.has("orders", 8, Map.of("retention.ms", "5"));
        kube.apply("orders", spec -> {
            spec.adoption = Adoption.Observe;
            spec.deletionPolicy = DeletionPolicy.Delete;
            spec.partitions = 4;
            spec.config = config("retention.ms", 1);
        });

        settle();

        var status = status("orders");
        assertThat(ready(status)).isEqualTo("True Observed");
        assertThat(condition(status, "Drifted").getStatus()).isEqualTo("True");
        assertThat(status.drift).extracting(drift -> drift.key).containsExactly("partitions", "retention.ms");
        assertThat(kafka.topics.get("orders").config).isEqualTo(Map.of("retention.ms", "5"));
        assertThat(kube.topics.get("orders").getMetadata().getFinalizers()).isEmpty();
    }

    @Test
    void theOldestOfSeveralOwnsTheTopicAndTheNextTakesOver() {
        for (var name : List.of("first", "second")) {
            kube.apply(name, spec -> {
                spec.topicName = "orders";
                spec.deletionPolicy = DeletionPolicy.Delete;
            });
            settle();
        }
        assertThat(ready(status("first"))).isEqualTo("True InSync");
        assertThat(ready(status("second"))).isEqualTo("False ClaimedByAnother");

        kube.delete("first");
        settle();

        assertThat(kafka.topics).containsKey("orders");
        assertThat(ready(status("second"))).isEqualTo("True InSync");
    }

    @Test
    void anotherReplicationFactorIsReported() {
        kafka.has("orders", 1, Map.of());
        kube.apply("orders", spec -> spec.replicationFactor = 2);

        settle();

        assertThat(ready(status("orders"))).isEqualTo("False ReplicationFactorDiffers");
        assertThat(status("orders").replicationFactor).isEqualTo(3);
    }

    @Test
    void kafkasOwnTopicsAreOutOfReach() {
        kafka.has("__consumer_offsets", 1, Map.of()).internal = true;
        kube.apply("mine", spec -> spec.topicName = "__consumer_offsets");

        settle();

        assertThat(ready(status("mine"))).isEqualTo("False InternalTopic");
    }

    @Test
    void propertiesThatAreNoScalarsAreRefused() {
        kube.apply("orders", spec -> spec.config = Map.of("retention.ms", JsonNodeFactory.instance.arrayNode()));

        settle();

        assertThat(ready(status("orders"))).isEqualTo("False InvalidSpec");
        assertThat(kafka.topics).isEmpty();
    }

    @Test
    void aStatusThatCannotBeWrittenIsTriedLessAndLessOften() {
        var broken = new FakeKubeTopics() {
            @Override
            public KafkaTopic writeStatus(KafkaTopic seen, KafkaTopicStatus status) {
                throw new KubeUnavailable("field not declared in schema", null);
            }
        };
        broken.apply("orders", spec -> {});
        var round = new TopicRound(
                FakeKubeTopics.CLUSTER, broken, () -> kafka, clock, requests -> requests.forEach(Runnable::run));
        var ref = FakeKubeTopics.ref("orders");

        var delay = Duration.ZERO;
        for (int i = 0; i < 12; i++) {
            delay = round.run(Set.of(ref)).get(ref);
            clock.pass(delay);
        }

        assertThat(delay).isEqualTo(Duration.ofSeconds(30));
    }

    // ---

    private TopicRound newRound() {
        return new TopicRound(
                FakeKubeTopics.CLUSTER, kube, () -> kafka, clock, requests -> requests.forEach(Runnable::run));
    }

    private void scan() {
        kube.topics.keySet().forEach(name -> kube.woken.add(FakeKubeTopics.ref(name)));
        settle();
    }

    private void settle() {
        settle(100);
    }

    private void settle(int rounds) {
        for (int i = 0; i < rounds && !(kube.woken.isEmpty() && again.isEmpty()); i++) {
            var batch = new HashSet<>(kube.woken);
            batch.addAll(again.keySet());
            kube.woken.clear();
            again.values().stream().max(Duration::compareTo).ifPresent(clock::pass);
            again.clear();
            again.putAll(round.run(batch));
        }
    }

    private KafkaTopicStatus status(String name) {
        return kube.topics.get(name).getStatus();
    }

    private static String ready(KafkaTopicStatus status) {
        var ready = condition(status, "Ready");
        return ready.getStatus() + " " + ready.getReason();
    }

    private static Condition condition(KafkaTopicStatus status, String type) {
        return status.conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst()
                .orElse(null);
    }

    static Map<String, JsonNode> config(String key, int value) {
        return Map.of(key, JsonNodeFactory.instance.numberNode(value));
    }
}
