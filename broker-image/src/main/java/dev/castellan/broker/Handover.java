package dev.castellan.broker;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches, while a broker hands over its leadership, whether there is still a quorum to hand it over to.
 *
 * <p>Kafka asks the quorum for leave to go, for up to five minutes. Where the controllers went first (a cluster is deleted, all its pods
 * are), nobody answers: the kubelet would kill the broker in the end, and its next start would recover every log.
 */
final class Handover implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Handover.class);
    private static final Duration INTERVAL = Duration.ofMillis(200);

    private final QuorumPulse pulse;
    private final LongSupplier highWatermark;
    private final Runnable giveUp;
    private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().name("castellan-handover").daemon().factory());

    /** The quorum writes a record every half second, unless told not to, so that a high watermark that stands still is silence. */
    Handover(Duration patience, LongSupplier highWatermark, Runnable giveUp) {
        this.pulse = new QuorumPulse(patience);
        this.highWatermark = highWatermark;
        this.giveUp = giveUp;
        clock.scheduleWithFixedDelay(this::look, 0, INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void look() {
        if (pulse.isLost(highWatermark.getAsLong(), System.nanoTime())) {
            LOG.warn("No word from the quorum for {}: going without handing over leadership", pulse.patience());
            giveUp.run();
            clock.shutdown();
        }
    }

    @Override
    public void close() {
        clock.shutdown();
    }

    /** Whether a number that ought to grow has stood still for too long. */
    static final class QuorumPulse {
        private final Duration patience;
        private long last = Long.MIN_VALUE;
        private long since;

        QuorumPulse(Duration patience) {
            this.patience = patience;
        }

        Duration patience() {
            return patience;
        }

        boolean isLost(long value, long nanos) {
            if (value != last) {
                last = value;
                since = nanos;
            }
            return nanos - since >= patience.toNanos();
        }
    }
}
