package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kafka.KafkaAdminPool;
import dev.castellan.operator.metrics.OperatorMetrics;
import dev.castellan.operator.topic.plan.ClusterFacts;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicWorkersTest {
    /** How old the oldest running round was when it looked at its cluster. */
    private final BlockingQueue<Duration> looks = new LinkedBlockingQueue<>();

    private final FakeClock clock = new FakeClock();
    private final OperatorMetrics metrics = new OperatorMetrics(new SimpleMeterRegistry(), clock, null);
    private final FakeKubeTopics kube = new FakeKubeTopics() {
        @Override
        public ClusterFacts cluster(ClusterKey key) {
            clock.pass(Duration.ofSeconds(1));
            looks.add(metrics.oldest());
            return super.cluster(key);
        }
    };
    private final TopicWorkers workers = new TopicWorkers(
            kube, new KafkaAdminPool(key -> "nowhere:1", address -> new FakeTopicKafka()), metrics, clock);

    @AfterEach
    void stop() {
        workers.stop();
    }

    @Test
    void aRoundThatRunsIsSeenByTheMetrics() throws Exception {
        kube.cluster = new ClusterFacts.Leaving();

        workers.wake(kube.apply("orders", spec -> {}));

        assertThat(looks.take()).isPositive();
    }

    @Test
    void aClusterThatIsMissingIsForgottenWhenNoTopicNamesItAnyMore() throws Exception {
        kube.cluster = new ClusterFacts.Missing();
        var topic = kube.apply("orders", spec -> {});
        workers.wake(topic);
        looks.take();
        looks.take();
        workers.wake(topic);
        looks.take(); // so the first round is over
        assertThat(workers.clusters()).containsExactly(FakeKubeTopics.CLUSTER);

        kube.delete("orders");
        workers.wake(topic);

        assertTimeoutPreemptively(Duration.ofSeconds(30), () -> {
            while (!workers.clusters().isEmpty()) {
                Thread.yield();
            }
        });
    }
}
