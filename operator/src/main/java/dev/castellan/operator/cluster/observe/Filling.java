package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kafka.KafkaAdmin.Space;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/** How full a volume was in the last hour, which tells when it will be full. */
final class Filling {
    private static final Duration LONG_ENOUGH = Duration.ofMinutes(10);
    private static final Duration KEPT = Duration.ofHours(1);
    private static final Duration APART = Duration.ofMinutes(1);
    private static final Duration NEVER = ChronoUnit.FOREVER.getDuration();

    /** The last first. */
    private final Deque<Sample> samples = new ArrayDeque<>();

    private record Sample(Instant at, long used) {}

    /** Empty: nobody has looked for long enough. */
    synchronized Optional<Duration> fullIn(Space space, Instant now) {
        if (samples.isEmpty() || !samples.getFirst().at().plus(APART).isAfter(now)) {
            samples.addFirst(new Sample(now, space.used()));
        }
        while (samples.getLast().at().plus(KEPT).isBefore(now)) {
            samples.removeLast();
        }
        var then = samples.getLast();
        var passed = Duration.between(then.at(), now);
        if (passed.compareTo(LONG_ENOUGH) < 0) {
            return Optional.empty();
        }
        double bytesPerSecond = (double) (space.used() - then.used()) / passed.toSeconds();
        double seconds = bytesPerSecond <= 0 ? Double.POSITIVE_INFINITY : space.usable() / bytesPerSecond;
        return Optional.of(seconds < NEVER.toSeconds() ? Duration.ofSeconds((long) seconds) : NEVER);
    }
}
