package dev.castellan.operator.topic;

import dev.castellan.operator.kafka.ClusterKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The topics of one cluster that want to be looked at, and the virtual thread that does it, batch after batch.
 *
 * <p>A topic is waiting at most once, however often it is woken, so that what waits is never more than there are
 * KafkaTopics: nothing can overflow. While a batch runs the next one gathers, so that batches grow with the load.
 */
final class TopicWorker {
    private static final Logger LOG = LoggerFactory.getLogger(TopicWorker.class);
    static final int BATCH = 500;
    private static final Duration AFTER_BUG = Duration.ofSeconds(10);

    private final ClusterKey cluster;
    private final Function<Collection<TopicRef>, Map<TopicRef, Duration>> round;
    private final Supplier<Collection<TopicRef>> all;
    private final Clock clock;
    private final Duration scanInterval;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition woken = lock.newCondition();
    private final Map<TopicRef, Instant> pending = new HashMap<>();
    private Instant nextScan;
    private Thread thread;

    /**
     * @param round brings a batch forward, and says which of it to look at again, and when
     * @param all every KafkaTopic of the cluster
     * @param scanInterval all topics are looked at in this time, for what changed in Kafka
     */
    TopicWorker(
            ClusterKey cluster,
            Function<Collection<TopicRef>, Map<TopicRef, Duration>> round,
            Supplier<Collection<TopicRef>> all,
            Clock clock,
            Duration scanInterval) {
        this.cluster = cluster;
        this.round = round;
        this.all = all;
        this.clock = clock;
        this.scanInterval = scanInterval;
        this.nextScan = clock.instant().plus(jittered());
    }

    void wake(TopicRef topic) {
        lock.lock();
        try {
            pending.put(topic, Instant.MIN);
            start();
            woken.signal();
        } finally {
            lock.unlock();
        }
    }

    void stop() {
        lock.lock();
        try {
            pending.clear();
            if (thread != null) {
                thread.interrupt();
                thread = null;
            }
        } finally {
            lock.unlock();
        }
    }

    /** Stops unless a topic waits; from within a round too, which comes to its end. */
    boolean stopIfIdle() {
        lock.lock();
        try {
            var idle = pending.isEmpty();
            if (idle) {
                stop();
            }
            return idle;
        } finally {
            lock.unlock();
        }
    }

    /** Scans from now on, even if no topic is ever woken. */
    void start() {
        lock.lock();
        try {
            if (thread == null) {
                thread = Thread.ofVirtual().name("topics " + cluster).start(this::work);
            }
        } finally {
            lock.unlock();
        }
    }

    private void work() {
        try {
            while (true) {
                run(take());
            }
        } catch (InterruptedException e) {
            LOG.debug("{}: topics are no longer looked after", cluster);
        }
    }

    private void run(List<TopicRef> batch) {
        try {
            var again = round.apply(batch);
            var now = clock.instant();
            putBack(again, now);
        } catch (RuntimeException | LinkageError | StackOverflowError | AssertionError e) {
            // Our bug. Of what else should the topics of a cluster not be looked after any more?
            LOG.error("{}: a batch of {} topics failed", cluster, batch.size(), e);
            var later = new HashMap<TopicRef, Duration>();
            batch.forEach(topic -> later.put(topic, AFTER_BUG));
            putBack(later, clock.instant());
        }
    }

    private void putBack(Map<TopicRef, Duration> again, Instant now) {
        lock.lock();
        try {
            again.forEach((topic, delay) -> pending.merge(topic, now.plus(delay), TopicWorker::earlier));
        } finally {
            lock.unlock();
        }
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private List<TopicRef> take() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (true) {
                var now = clock.instant();
                boolean scanned = scanIfDue(now);
                var due = due(now);
                // A scan is a round also when there is no topic left: what was set for those that have gone is taken
                // back.
                if (scanned || !due.isEmpty()) {
                    due.forEach(pending::remove);
                    return due;
                }
                woken.await(untilNext(now).toNanos(), TimeUnit.NANOSECONDS);
            }
        } finally {
            lock.unlock();
        }
    }

    private List<TopicRef> due(Instant now) {
        var due = new ArrayList<TopicRef>();
        for (var entry : pending.entrySet()) {
            if (!entry.getValue().isAfter(now)) {
                due.add(entry.getKey());
                if (due.size() == BATCH) {
                    break;
                }
            }
        }
        return due;
    }

    private boolean scanIfDue(Instant now) {
        if (now.isBefore(nextScan)) {
            return false;
        }
        all.get().forEach(topic -> pending.put(topic, Instant.MIN));
        nextScan = now.plus(jittered());
        return true;
    }

    private Duration untilNext(Instant now) {
        var next = pending.values().stream().reduce(nextScan, TopicWorker::earlier);
        return Duration.between(now, next);
    }

    /** Clusters that started together are not scanned together for ever. */
    private Duration jittered() {
        return scanInterval
                .multipliedBy(ThreadLocalRandom.current().nextInt(75, 101))
                .dividedBy(100);
    }
}
