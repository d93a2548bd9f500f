package dev.castellan.operator.placement;

import dev.castellan.operator.placement.Lag.Copy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.Optional;
import java.util.function.Function;

/**
 * How far copies lay behind since a rate has been in force, as it was seen over the last minute. It tells whether they gain on
 * what is produced meanwhile.
 *
 * @param bytesPerSecond the rate
 * @param looks the first of them a minute ago or more, as soon as there is one
 */
public record Backlog(long bytesPerSecond, List<Lag> looks) {
    public static final Backlog NONE = new Backlog(0, List.of());

    private static final Duration PACE = Duration.ofSeconds(10);
    private static final Duration STRETCH = Duration.ofSeconds(60);
    private static final int ENOUGH = 3;

    /**
     * Where most is still to be copied to, and it does not become less.
     *
     * @param before bytes that it was to catch up with
     * @param now those of them that are left, and what has come since
     */
    public record Outrun(int broker, long before, long now, Duration since) {}

    /** Looks are taken at a pace; under another rate they begin anew. */
    public Backlog with(long rate, Lag now) {
        if (rate != bytesPerSecond) {
            return new Backlog(rate, List.of(now));
        }
        if (now.at().isBefore(looks.getLast().at().plus(PACE))) {
            return this;
        }
        var kept = new ArrayList<>(looks);
        kept.add(now);
        while (kept.size() > ENOUGH && isStretch(kept.get(1).at(), now.at())) {
            kept.removeFirst();
        }
        return new Backlog(rate, List.copyOf(kept));
    }

    public Optional<Outrun> outrun() {
        if (looks.size() < ENOUGH
                || !isStretch(looks.getFirst().at(), looks.getLast().at())) {
            return Optional.empty();
        }
        var before = byBroker(copy -> looks.getFirst().behind().get(copy));
        return byBroker(copy -> looks.getLast().behind().getOrDefault(copy, 0L)).entrySet().stream()
                .max(Entry.comparingByValue())
                .filter(slowest -> slowest.getValue() > 0)
                .map(slowest -> new Outrun(
                        slowest.getKey(),
                        before.get(slowest.getKey()),
                        slowest.getValue(),
                        Duration.between(looks.getFirst().at(), looks.getLast().at())))
                .filter(slowest -> slowest.now() >= slowest.before());
    }

    private static boolean isStretch(Instant from, Instant to) {
        return !from.plus(STRETCH).isAfter(to);
    }

    /** Of those copies that were there at first: whatever has ended since has caught up, and whatever came later tells nothing yet. */
    private Map<Integer, Long> byBroker(Function<Copy, Long> behind) {
        var bytes = new HashMap<Integer, Long>();
        looks.getFirst().behind().keySet().forEach(copy -> bytes.merge(copy.broker(), behind.apply(copy), Long::sum));
        return bytes;
    }
}
