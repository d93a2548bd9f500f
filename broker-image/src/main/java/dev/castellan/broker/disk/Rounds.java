package dev.castellan.broker.disk;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is done about disks again and again though nobody asks. */
public final class Rounds {
    private static final Logger LOG = LoggerFactory.getLogger(Rounds.class);

    /** With each look a byte is written, where Kafka writes its checkpoints every five seconds. */
    private static final Duration PAUSE = Duration.ofSeconds(30);

    private Rounds() {}

    /** They never keep a process alive. */
    public static void start(Runnable round) {
        start(round, PAUSE);
    }

    static ScheduledExecutorService start(Runnable round, Duration pause) {
        var clock = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("castellan-looks-", 0).daemon().factory());
        clock.scheduleWithFixedDelay(() -> make(round), pause.toNanos(), pause.toNanos(), TimeUnit.NANOSECONDS);
        return clock;
    }

    /** Whatever is thrown, such as for a thread that cannot be made now: the scheduler would never make a round again. */
    private static void make(Runnable round) {
        try {
            round.run();
        } catch (RuntimeException | Error e) {
            LOG.warn("The disks could not be looked at", e);
        }
    }
}
