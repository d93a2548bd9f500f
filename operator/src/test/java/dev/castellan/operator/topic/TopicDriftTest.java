package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.Drift;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.api.v1beta1.KafkaTopicStatus.Source;
import dev.castellan.api.v1beta1.Topics;
import dev.castellan.operator.topic.plan.ClusterFacts;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** What becomes of properties that others change. */
class TopicDriftTest extends InRounds {
    @Test
    void whatOthersSetStaysAndIsToldOnce() {
        declare(null);
        kube.writes = 0;

        others("max.message.bytes", "5");
        scan();
        scan();

        assertThat(config()).isEqualTo(Map.of("retention.ms", "1", "max.message.bytes", "5"));
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(drift()).containsExactly(tuple("max.message.bytes", null, "5", Source.Topic));
        var drifted = condition(status("orders"), "Drifted");
        assertThat(drifted.getReason()).isEqualTo("Drifted");
        assertThat(drifted.getMessage()).isEqualTo("Not as declared: max.message.bytes is 5, and not declared");
        assertThat(kube.writes).isEqualTo(1);
        assertThat(kube.events).isEmpty();
    }

    @Test
    void driftThatHasGoneIsToldNoMore() {
        declare(null);
        others("max.message.bytes", "5");
        scan();

        kafka.topics.get("orders").config.remove("max.message.bytes");
        scan();

        assertThat(status("orders").drift).isNull();
        assertThat(condition(status("orders"), "Drifted")).isNull();
    }

    @Test
    void declaredOnesAreSetBackUnlessToldOtherwiseAndThatIsToldToo() {
        declare(null);

        others("retention.ms", "9");
        scan();

        assertThat(config()).isEqualTo(Map.of("retention.ms", "1"));
        assertThat(status("orders").drift).isNull();
        assertThat(kube.events).containsExactly("orders DriftReverted");
    }

    @Test
    void revertTakesAwayWhatOthersSet() {
        declare(Drift.Revert);

        others("max.message.bytes", "5");
        scan();

        assertThat(config()).isEqualTo(Map.of("retention.ms", "1"));
        assertThat(status("orders").drift).isNull();
        assertThat(kube.events).containsExactly("orders DriftReverted");
    }

    @Test
    void throttlesAreNeverTouchedNorDrift() {
        declare(Drift.Revert);

        others("leader.replication.throttled.replicas", "*");
        scan();

        assertThat(config()).containsEntry("leader.replication.throttled.replicas", "*");
        assertThat(status("orders").drift).isNull();
    }

    @Test
    void reportLeavesDeclaredOnesUntilTheSpecChanges() {
        declare(Drift.Report);
        others("retention.ms", "9");
        scan();
        assertThat(ready(status("orders"))).isEqualTo("True Drifted");
        assertThat(drift()).containsExactly(tuple("retention.ms", "1", "9", Source.Topic));

        round = newRound();
        scan();
        assertThat(config()).isEqualTo(Map.of("retention.ms", "9"));

        kube.apply("orders", spec -> spec.partitions = 4);
        settle();

        assertThat(config()).isEqualTo(Map.of("retention.ms", "1"));
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
        assertThat(status("orders").drift).isNull();
    }

    @Test
    void whatWeOurselvesHadSetIsNotTakenForOthersDoing() {
        declare(Drift.Report);
        kube.apply("orders", spec -> spec.config = config("retention.ms", 2));
        round.run(Set.of(FakeKubeTopics.ref("orders")));
        assertThat(config()).isEqualTo(Map.of("retention.ms", "2"));

        round = newRound();
        kube.cluster = new ClusterFacts.Missing();
        kube.apply("orders", spec -> spec.config = config("retention.ms", 1));
        settle(3);
        kube.cluster = new ClusterFacts.Formed(FakeTopicKafka.CLUSTER_ID, 3, true, "");
        settle();

        assertThat(config()).isEqualTo(Map.of("retention.ms", "1"));
        assertThat(ready(status("orders"))).isEqualTo("True InSync");
    }

    @Test
    void whatOthersTookAwayIsLeftTooAndTheClustersValueHolds() {
        declare(Drift.Report);

        kafka.topics.get("orders").config.clear();
        scan();

        assertThat(config()).isEmpty();
        assertThat(drift()).containsExactly(tuple("retention.ms", "1", null, Source.Cluster));
    }

    @Test
    void whoNoLongerOnlyReportsSetsBack() {
        declare(Drift.Report);
        others("retention.ms", "9");
        scan();

        kube.apply("orders", spec -> spec.drift = null);
        settle();

        assertThat(config()).isEqualTo(Map.of("retention.ms", "1"));
        assertThat(status("orders").configHash).isNull();
    }

    @Test
    void theClustersDefaultsCountAsDeclared() {
        clusterSays(3);
        declare(Drift.Report);
        assertThat(config()).isEqualTo(Map.of("retention.ms", "1", "segment.ms", "3"));
        assertThat(status("orders").drift).isNull();

        clusterSays(4);
        scan();

        assertThat(config()).isEqualTo(Map.of("retention.ms", "1", "segment.ms", "4"));
        assertThat(kube.events).isEmpty();
    }

    @Test
    void anAdoptedTopicIsMadeAsDeclaredFirst() {
        kafka.has("orders", 1, Map.of("retention.ms", "9", "max.message.bytes", "5"));

        declare(Drift.Report);

        assertThat(config()).isEqualTo(Map.of("retention.ms", "1", "max.message.bytes", "5"));
        assertThat(drift()).containsExactly(tuple("max.message.bytes", null, "5", Source.Topic));
    }

    @Test
    void whoOnlyObservesIsToldOfWhatIsNotDeclaredAndChangesNothing() {
        kafka.has("orders", 1, Map.of("max.message.bytes", "5"));
        kube.apply("orders", spec -> {
            spec.adoption = Adoption.Observe;
            spec.drift = Drift.Revert;
        });

        settle();

        assertThat(config()).isEqualTo(Map.of("max.message.bytes", "5"));
        assertThat(drift()).containsExactly(tuple("max.message.bytes", null, "5", Source.Topic));
    }

    @Test
    void nothingIsTakenAwayAgainstThePolicy() {
        declare(Drift.Revert);
        kube.terms.policy = new Topics.Policy();
        kube.terms.policy.namePattern = "[0-9]+";

        others("max.message.bytes", "5");
        scan();

        assertThat(config()).containsEntry("max.message.bytes", "5");
        assertThat(drift()).containsExactly(tuple("max.message.bytes", null, "5", Source.Topic));
        assertThat(condition(status("orders"), "PolicyViolated").getStatus()).isEqualTo("True");
    }

    @Test
    void statusStaysSmall() {
        declare(null);

        IntStream.range(10, 60).forEach(i -> others("by.others." + i, "x".repeat(1_000)));
        scan();

        var drift = status("orders").drift;
        assertThat(drift).hasSize(20).isSortedAccordingTo((one, other) -> one.key.compareTo(other.key));
        assertThat(drift).allSatisfy(one -> assertThat(one.observed).hasSize(200));
        assertThat(condition(status("orders"), "Drifted").getMessage()).endsWith("; and 45 more");
    }

    private void declare(Drift drift) {
        kube.apply("orders", spec -> {
            spec.partitions = 3;
            spec.drift = drift;
            spec.config = config("retention.ms", 1);
        });
        settle();
    }

    private void others(String key, String value) {
        kafka.topics.get("orders").config.put(key, value);
    }

    private void clusterSays(int segmentMs) {
        kube.terms.defaults = new Topics.Defaults();
        kube.terms.defaults.config = Map.of("segment.ms", JsonNodeFactory.instance.numberNode(segmentMs));
    }

    private Map<String, String> config() {
        return kafka.topics.get("orders").config;
    }

    private List<Tuple> drift() {
        return status("orders").drift.stream().map(TopicDriftTest::parts).toList();
    }

    private static Tuple parts(KafkaTopicStatus.Drift drift) {
        return tuple(drift.key, drift.declared, drift.observed, drift.source);
    }
}
