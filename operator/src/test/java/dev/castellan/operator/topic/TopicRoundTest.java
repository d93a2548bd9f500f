package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.topic.plan.ClusterFacts;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TopicRoundTest extends InRounds {
    @Test
    void createsATopicAndTellsWhatItSaw() {
        kube.apply("orders", spec -> {
            spec.partitions = 6;
            spec.config = config("retention.ms", 1000);
        });

        settle();

        assertThat(kafka.topics.get("orders").partitions()).isEqualTo(6);
        assertThat(kafka.topics.get("orders").factor()).isEqualTo(3);
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
    void aTopicThatIsDeletedCostsOneWrite() {
        kube.apply("orders", spec -> spec.deletionPolicy = DeletionPolicy.Delete);
        settle();
        kube.writes = 0;

        kube.delete("orders");
        settle();

        assertThat(kafka.topics).doesNotContainKey("orders");
        assertThat(kube.topics).isEmpty();
        assertThat(kube.writes).isEqualTo(1);
    }

    @Test
    void aScanOfWhatIsInSyncWritesNothing() {
        IntStream.range(0, 50).forEach(i -> kube.apply("t" + i, spec -> {}));
        settle();
        kafka.requests.clear();
        kube.writes = 0;

        scan();

        assertThat(kafka.requests).isEqualTo(Map.of("describe", 1, "logDirectories", 1));
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

        assertThat(kafka.topics.get("orders").partitions()).isEqualTo(6);
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
    void howLongItsClusterTookToFormDelaysATopicNoMore() {
        kube.cluster = new ClusterFacts.Forming("broker 0 is not ready: Kafka is starting");
        kube.apply("orders", spec -> {});
        settle(20);

        kube.cluster = new ClusterFacts.Formed(FakeTopicKafka.CLUSTER_ID, 3, true, "");
        var formed = clock.instant();
        kube.woken.add(FakeKubeTopics.ref("orders"));
        again.clear();
        settle();

        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(Duration.between(formed, clock.instant())).isLessThan(Duration.ofSeconds(1));
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
}
