package dev.castellan.operator.placement;

import static java.util.Comparator.comparingLong;
import static java.util.stream.Collectors.toCollection;

import dev.castellan.operator.placement.Lag.Copy;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * How far copies lay behind since a rate has been in force, as it was seen over the last minute. It tells whether they gain on
 * what is produced meanwhile, and where not, whether it is the rate that holds them up.
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

    /**
     * The same, but the throttle would let it have more.
     *
     * @param left bytes that it is to catch up with
     * @param got bytes that came meanwhile
     * @param still names of partitions of which nothing came
     */
    public record Standstill(int broker, long left, long got, Duration since, SortedSet<String> still) {}

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
        return left().filter(broker -> gains(broker) || isHeldUpByThrottle(broker))
                .max(comparingLong(Outrun::now))
                .filter(broker -> !gains(broker));
    }

    /** More speed would not help it, and says nothing of what would help others. */
    public Optional<Standstill> standstill() {
        return left().filter(broker -> !gains(broker) && !isHeldUpByThrottle(broker))
                .max(comparingLong(Outrun::now))
                .map(slowest -> new Standstill(
                        slowest.broker(),
                        slowest.now(),
                        flow().into(slowest.broker()),
                        slowest.since(),
                        still(slowest.broker())));
    }

    private Flow flow() {
        return Flow.of(looks);
    }

    private boolean isHeldUpByThrottle(Outrun slowest) {
        return flow().isHeldUpByThrottle(slowest.broker(), bytesPerSecond);
    }

    /** What came in the course of it tells nothing yet. */
    private SortedSet<String> still(int broker) {
        var flow = flow();
        return looks.getFirst().behind().keySet().stream()
                .filter(copy -> copy.broker() == broker && flow.isStill(copy))
                .filter(copy -> looks.getLast().behind().getOrDefault(copy, 0L) > 0)
                .map(Copy::partition)
                .collect(toCollection(TreeSet::new));
    }

    /** Of each broker to which anything is still to be copied, whether it gains or not. */
    private Stream<Outrun> left() {
        if (looks.size() < ENOUGH
                || !isStretch(looks.getFirst().at(), looks.getLast().at())) {
            return Stream.empty();
        }
        var since = Duration.between(looks.getFirst().at(), looks.getLast().at());
        var before = byBroker(copy -> looks.getFirst().behind().get(copy));
        return byBroker(copy -> looks.getLast().behind().getOrDefault(copy, 0L)).entrySet().stream()
                .filter(broker -> broker.getValue() > 0)
                .map(broker -> new Outrun(broker.getKey(), before.get(broker.getKey()), broker.getValue(), since));
    }

    private static boolean gains(Outrun broker) {
        return broker.now() < broker.before();
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
