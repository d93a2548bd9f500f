package dev.castellan.broker.disk;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at disks, and keeps nobody waiting for one that hangs. A disk over a network may: what is read or written there blocks until it
 * comes back, and nothing in this process can end that. So each look has a thread of its own, and while it is outstanding that disk is
 * not looked at again: a second thread would hang beside the first.
 */
public final class Looks<T> {
    private static final Logger LOG = LoggerFactory.getLogger(Looks.class);

    /** A disk under load may well take seconds: that is slow, and no more. */
    private static final Duration LIMIT = Duration.ofSeconds(30);

    private final Function<Path, T> look;
    private final InstantSource clock;
    private final Map<Path, Look<T>> looks = new TreeMap<>();

    public Looks(Collection<Path> directories, Function<Path, T> look) {
        this(directories, look, InstantSource.system());
    }

    Looks(Collection<Path> directories, Function<Path, T> look, InstantSource clock) {
        this.look = look;
        this.clock = clock;
        directories.forEach(directory -> looks.put(directory, Look.none()));
    }

    /** Begins a look at each disk that none is outstanding at, and waits for none. */
    public synchronized void begin() {
        looks.replaceAll(
                (directory, last) -> last.isOutstanding() ? tellIfItHangs(directory, last) : next(directory, last));
    }

    /**
     * What was found at last, by directory: by looks that begin now, if they end while there is patience, else by those before. A disk
     * that hangs, or was never done with, is left out: nobody can tell.
     */
    public Map<Path, T> found(Duration patience) {
        begin();
        await(patience);
        return found();
    }

    /** Whether no look is outstanding, once that is so or patience is over. */
    public boolean await(Duration patience) {
        try {
            outstanding().get(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            return outstanding().isDone();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
        return true;
    }

    private synchronized CompletableFuture<Void> outstanding() {
        return CompletableFuture.allOf(looks.values().stream().map(Look::answer).toArray(CompletableFuture[]::new));
    }

    /** What was found at last, without another look. */
    public synchronized Map<Path, T> found() {
        var found = new TreeMap<Path, T>();
        looks.forEach((directory, last) -> {
            if (!hangs(last)) {
                last.latest().ifPresent(answer -> found.put(directory, answer));
            }
        });
        return found;
    }

    /** Since when disks have owed an answer that do for longer than a slow one would. */
    public synchronized Map<Path, Instant> hanging() {
        var hanging = new TreeMap<Path, Instant>();
        looks.forEach((directory, last) -> {
            if (hangs(last)) {
                hanging.put(directory, last.begun());
            }
        });
        return hanging;
    }

    private boolean hangs(Look<T> last) {
        return last.isOutstanding() && !last.begun().plus(LIMIT).isAfter(clock.instant());
    }

    private Look<T> tellIfItHangs(Path directory, Look<T> last) {
        if (last.isTold() || !hangs(last)) {
            return last;
        }
        LOG.warn("{} does not answer since {}", directory, last.begun());
        return last.told();
    }

    private Look<T> next(Path directory, Look<T> last) {
        if (last.isTold()) {
            LOG.info("{} answers again", directory);
        }
        var answer = CompletableFuture.supplyAsync(() -> look.apply(directory), task -> start(directory, task));
        return new Look<>(clock.instant(), answer, last.latest(), false);
    }

    /** A daemon: a look that hangs is no reason for the process to stay. */
    private static void start(Path directory, Runnable task) {
        Thread.ofPlatform().name("castellan-disk-" + directory).daemon().start(task);
    }

    /**
     * One look at one disk.
     *
     * @param before what was found by those before it
     * @param isTold the log says already that it hangs
     */
    private record Look<T>(Instant begun, CompletableFuture<T> answer, Optional<T> before, boolean isTold) {
        /** Before the first. */
        static <T> Look<T> none() {
            return new Look<>(
                    Instant.EPOCH,
                    CompletableFuture.failedFuture(new IllegalStateException("not looked at")),
                    Optional.empty(),
                    false);
        }

        boolean isOutstanding() {
            return !answer.isDone();
        }

        Look<T> told() {
            return new Look<>(begun, answer, before, true);
        }

        Optional<T> latest() {
            return switch (answer.state()) {
                case RUNNING -> before;
                case SUCCESS -> Optional.of(answer.resultNow());
                case FAILED, CANCELLED -> Optional.empty();
            };
        }
    }
}
