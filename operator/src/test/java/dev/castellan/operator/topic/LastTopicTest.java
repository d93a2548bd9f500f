package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.Topics;
import dev.castellan.operator.cluster.LookedAfter;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kafka.KafkaAdminPool;
import dev.castellan.operator.metrics.OperatorMetrics;
import dev.castellan.operator.topic.plan.ClusterFacts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An operator that has just come, and a cluster that may have no KafkaTopic any more. */
@Timeout(60)
class LastTopicTest {
    private static final String NAME = "shop/orders";

    private final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));

    /** Two minutes pass from look to look, so that nothing is waited for. */
    private final InstantSource hasty = () -> now.updateAndGet(before -> before.plus(Duration.ofMinutes(2)));

    private final Clock clock = hasty.withZone(ZoneOffset.UTC);
    private final BlockingQueue<ClusterKey> rounds = new LinkedBlockingQueue<>();
    private final BlockingQueue<Map<String, String>> rates = new LinkedBlockingQueue<>();

    private final FakeKubeTopics kube = new FakeKubeTopics() {
        @Override
        public ClusterFacts cluster(ClusterKey key) {
            rounds.add(key);
            return super.cluster(key);
        }
    };
    private final FakeTopicKafka kafka = new FakeTopicKafka() {
        @Override
        public void alterClusterConfig(ConfigChange change) {
            super.alterClusterConfig(change);
            rates.add(Map.copyOf(clusterConfig));
        }
    };
    private final TopicWorkers workers = new TopicWorkers(
            kube,
            new KafkaAdminPool(key -> "nowhere:1", address -> kafka),
            new OperatorMetrics(new SimpleMeterRegistry(), clock, null),
            clock);

    @AfterEach
    void stop() {
        workers.stop();
    }

    static List<Named<Consumer<FakeKubeTopics>>> fates() {
        return List.of(
                Named.of("deleted", kube -> kube.delete(NAME)),
                Named.of("made anew, of another cluster", kube -> {
                    kube.delete(NAME);
                    kube.apply(NAME, "another", spec -> {});
                }),
                Named.of("without consent", kube -> kube.terms = new Topics()));
    }

    @ParameterizedTest
    @MethodSource("fates")
    void aThrottleGoesWhenTheCopiesHaveEndedWhateverHasBecomeOfTheLastKafkaTopic(Consumer<FakeKubeTopics> fate)
            throws Exception {
        copiesAreUnderWay();
        fate.accept(kube);
        rates.clear();
        var whileCopying = copiesEndBeforeLook(3);

        workers.lookAfter(new LookedAfter(FakeKubeTopics.CLUSTER));

        assertThat(rates.take()).isEmpty();
        assertThat(kafka.topics.get("orders").config).isEmpty();
        assertThat(whileCopying.get()).hasSize(2);
    }

    @Test
    void whereNothingIsLeftOneRequestIsAllThatItCosts() throws Exception {
        for (int i = 0; i < 9; i++) {
            workers.lookAfter(new LookedAfter(FakeKubeTopics.CLUSTER));
            rounds.take();
        }

        assertThat(kafka.requests).isEqualTo(Map.of("clusterConfig", 1));
        assertThat(workers.clusters()).containsExactly(FakeKubeTopics.CLUSTER);
    }

    @Test
    void aClusterThatIsMissingIsNotLookedAfterForEver() throws Exception {
        kube.cluster = new ClusterFacts.Missing();

        workers.lookAfter(new LookedAfter(FakeKubeTopics.CLUSTER));

        rounds.take();
        while (!workers.clusters().isEmpty()) {
            Thread.yield();
        }
        assertThat(kafka.requests).isEmpty();
    }

    /** Begun by an operator that ends then. */
    private void copiesAreUnderWay() {
        var consent = new Topics.AllowedNamespace();
        consent.namespace = "shop";
        kube.terms.allowedNamespaces = List.of(consent);
        var round = new TopicRound(
                FakeKubeTopics.CLUSTER, kube, () -> kafka, clock, requests -> requests.forEach(Runnable::run));
        kafka.has("orders", 1, Map.of()).partitions.set(0, FakeTopic.Replicas.on(List.of(0)));
        kube.apply(NAME, spec -> {
            spec.partitions = 1;
            spec.replicationFactor = 3;
            spec.adoption = Adoption.Adopt;
        });
        for (int i = 0; i < 9; i++) {
            round.run(Set.of(FakeKubeTopics.ref(NAME)));
        }
        assertThat(kafka.topics.get("orders").isMoving()).isTrue();
        assertThat(kafka.topics.get("orders").config).hasSize(2);
        assertThat(kafka.clusterConfig).hasSize(2);
    }

    /** What the rate is just before, at that look of the sweep at all topics. */
    private AtomicReference<Map<String, String>> copiesEndBeforeLook(int number) {
        var looks = new AtomicInteger();
        var rate = new AtomicReference<Map<String, String>>(Map.of());
        kafka.beforeTopics = () -> {
            if (looks.incrementAndGet() == number) {
                rate.set(Map.copyOf(kafka.clusterConfig));
                kafka.copyAll();
            }
        };
        return rate;
    }
}
