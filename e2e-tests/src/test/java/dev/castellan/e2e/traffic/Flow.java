package dev.castellan.e2e.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Steady traffic through one topic, of one that produces and one that consumes, and the proof that what was acknowledged is
 * there. It bears whatever happens to the cluster and only ever waits.
 */
abstract class Flow implements AutoCloseable {
    final Access access;
    final String topic;
    final int partitions;
    final Duration interval;
    final Waits waits = new Waits();

    private final CountDownLatch created = new CountDownLatch(1);
    private final List<String> failures = new ArrayList<>();
    private Thread producing;
    private Thread consuming;
    private volatile boolean sending = true;
    private volatile boolean closed;
    private volatile String state = "starting";

    Flow(Access access, String topic, int partitions, int ratePerSecond) {
        this.access = access;
        this.topic = topic;
        this.partitions = partitions;
        this.interval = Duration.ofSeconds(1).dividedBy(ratePerSecond);
    }

    /** Until closed; the topic is there. */
    abstract void produce() throws InterruptedException;

    /** Until closed; the topic is there. */
    abstract void consume();

    /** Waits until all partitions take something anew, and all that was acknowledged is read; tells what is wrong. */
    abstract List<String> checkpoint(Duration patience) throws InterruptedException;

    /** Returns once all on the way has met its fate. */
    abstract void awaitIdle(Duration patience) throws InterruptedException;

    /** Reads the whole topic again with a new consumer of its own, and holds it against all promises. */
    abstract List<String> readAgain(Duration patience);

    final Flow start() {
        producing = Thread.ofPlatform().name("produce-" + topic).start(() -> guarded(this::createAndProduce));
        consuming = Thread.ofPlatform().name("consume-" + topic).start(() -> guarded(this::awaitAndConsume));
        return this;
    }

    /** Sends nothing more until {@link #resume}; returns once all on the way has met its fate. */
    final void pause(Duration patience) throws InterruptedException {
        sending = false;
        awaitIdle(patience);
    }

    final void resume() {
        sending = true;
    }

    final void measureWaitsAnew() {
        waits.beginAnew();
    }

    Map<String, String> report() {
        var facts = new TreeMap<>(waits.facts());
        facts.put("state", state);
        return facts;
    }

    @Override
    public final void close() throws InterruptedException {
        closed = true;
        producing.interrupt();
        created.countDown();
        producing.join();
        consuming.join();
    }

    final boolean isSending() {
        return sending;
    }

    final boolean isClosed() {
        return closed;
    }

    final String state() {
        return state;
    }

    final void isNow(String now) {
        state = now;
    }

    /** Nothing may fail: clients are told to wait for as long as it takes. */
    final void failed(String what) {
        synchronized (failures) {
            failures.add(what);
        }
        System.out.printf("%s: %s%n", Instant.now(), what);
    }

    final List<String> failures() {
        synchronized (failures) {
            return failures.isEmpty()
                    ? List.of()
                    : List.of("%d failed, the first: %s".formatted(failures.size(), failures.getFirst()));
        }
    }

    private void createAndProduce() throws InterruptedException {
        while (!closed && !access.createTopic(topic, partitions, this::isNow)) {
            Thread.sleep(100); // Kafka has no watch for this.
        }
        created.countDown();
        produce();
    }

    private void awaitAndConsume() throws InterruptedException {
        created.await(); // A consumer that is there before its topic may take half a minute to notice it.
        consume();
    }

    private void guarded(Work work) {
        try {
            work.run();
        } catch (InterruptedException | InterruptException e) {
            if (!closed) {
                state = "interrupted";
            }
        } catch (RuntimeException e) {
            state = "broken: " + e;
            failed(e.toString());
        }
    }

    private interface Work {
        void run() throws InterruptedException;
    }
}
