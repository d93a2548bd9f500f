package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.ClusterKey;
import java.time.Clock;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TopicWorkerTest {
    private static final Duration NEVER = Duration.ofDays(1);

    private final BlockingQueue<Set<TopicRef>> batches = new LinkedBlockingQueue<>();
    private final Semaphore mayRun = new Semaphore(0);
    private TopicWorker worker;

    @AfterEach
    void stop() {
        worker.stop();
    }

    @Test
    void whatIsWokenWhileABatchRunsIsTheNextBatchHoweverOftenItWasWoken() throws Exception {
        worker = worker(NEVER, topics -> Map.of());
        worker.wake(topic(0));
        assertThat(batches.take()).containsExactly(topic(0));

        for (int i = 0; i < 10_000; i++) {
            worker.wake(topic(i % 3));
        }
        mayRun.release(100);

        assertThat(batches.take()).containsExactlyInAnyOrder(topic(0), topic(1), topic(2));
        assertThat(batches.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aBatchHasABound() throws Exception {
        worker = worker(NEVER, topics -> Map.of());
        worker.wake(topic(-1));
        batches.take();
        IntStream.range(0, 1_200).forEach(i -> worker.wake(topic(i)));
        mayRun.release(100);

        var all = new HashSet<TopicRef>();
        for (var expected : List.of(TopicWorker.BATCH, TopicWorker.BATCH, 200)) {
            var batch = batches.take();
            assertThat(batch).hasSize(expected);
            all.addAll(batch);
        }
        assertThat(all).hasSize(1_200);
    }

    @Test
    void whatHasNotComeToRestIsLookedAtAgain() throws Exception {
        mayRun.release(100);
        var rounds = new Semaphore(2);
        worker = worker(NEVER, topics -> rounds.tryAcquire() ? Map.of(topic(0), Duration.ofMillis(1)) : Map.of());

        worker.wake(topic(0));

        for (int i = 0; i < 3; i++) {
            assertThat(batches.take()).containsExactly(topic(0));
        }
        assertThat(batches.poll(50, TimeUnit.MILLISECONDS)).isNull();
    }

    @Test
    void aFailureOfOursDoesNotEndTheWorker() throws Exception {
        mayRun.release(100);
        var failures = new LinkedBlockingQueue<Runnable>(List.of(
                () -> {
                    throw new IllegalStateException("a bug, for this test");
                },
                () -> {
                    throw new NoClassDefFoundError("a bug of packaging, for this test");
                }));
        worker = worker(NEVER, topics -> {
            Optional.ofNullable(failures.poll()).ifPresent(Runnable::run);
            return Map.of();
        });

        for (int i = 0; i < 3; i++) {
            worker.wake(topic(i));
            assertThat(batches.take()).containsExactly(topic(i));
        }
        assertThat(failures).isEmpty();
    }

    @Test
    void allTopicsAreScannedByTheWay() throws Exception {
        mayRun.release(1_000);
        worker = worker(Duration.ofMillis(20), topics -> Map.of());
        worker.wake(topic(0));
        assertThat(batches.take()).contains(topic(0));

        assertThat(batches.take()).containsExactlyInAnyOrder(topic(7), topic(8));
    }

    private TopicWorker worker(Duration scan, Function<Collection<TopicRef>, Map<TopicRef, Duration>> round) {
        return new TopicWorker(
                new ClusterKey("ns", "events"),
                topics -> {
                    batches.add(Set.copyOf(topics));
                    mayRun.acquireUninterruptibly();
                    return round.apply(topics);
                },
                () -> List.of(topic(7), topic(8)),
                Clock.systemUTC(),
                scan);
    }

    private static TopicRef topic(int number) {
        return new TopicRef("ns", "t" + number);
    }
}
