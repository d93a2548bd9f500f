package dev.castellan.operator.placement;

import dev.castellan.operator.placement.Lag.Copy;
import dev.castellan.operator.placement.Lag.Held;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * What copies got from one look to another, by what lay on their disks. It tells whether it is the throttle that holds them
 * up: those that stand still, since their fetcher failed or their broker hangs, would not go on if they were let go faster.
 *
 * @param got bytes; what was deleted meanwhile, as old segments are, is not taken off
 * @param leaders where each copy got them from, when that was last told
 */
record Flow(Duration during, Map<Copy, Long> got, Map<Copy, Integer> leaders) {
    /** Of the rate that is allowed: Kafka keeps to it over some seconds, and disks are not looked at in one instant. */
    private static final double GOOD_PART = 0.5;

    /** @param looks in their order */
    static Flow of(List<Lag> looks) {
        var last = new HashMap<Copy, Held>();
        var got = new HashMap<Copy, Long>();
        var leaders = new HashMap<Copy, Integer>();
        for (var look : looks) {
            look.held().forEach((copy, held) -> {
                var before = last.put(copy, held);
                got.merge(copy, before == null ? 0 : Math.max(0, held.bytes() - before.bytes()), Long::sum);
                leaders.put(copy, held.leader());
            });
        }
        return new Flow(Duration.between(looks.getFirst().at(), looks.getLast().at()), got, leaders);
    }

    long into(int broker) {
        return got.keySet().stream()
                .filter(copy -> copy.broker() == broker)
                .mapToLong(got::get)
                .sum();
    }

    boolean isStill(Copy copy) {
        return got.getOrDefault(copy, 0L) == 0;
    }

    /** Whether a broker took as much as it might, or a good part of that. */
    boolean isHeldUpByThrottle(int broker, long bytesPerSecond) {
        return into(broker) >= GOOD_PART * share(broker) * bytesPerSecond * during.toSeconds();
    }

    /** Of the rate: leaders are not let go faster either, and each shares it among all the brokers that copy from it. */
    private double share(int broker) {
        double shares =
                leadersOf(broker).mapToDouble(leader -> 1.0 / takers(leader)).sum();
        return Math.min(1, shares);
    }

    private IntStream leadersOf(int broker) {
        return leaders.keySet().stream()
                .filter(copy -> copy.broker() == broker)
                .mapToInt(leaders::get)
                .distinct();
    }

    private long takers(int leader) {
        return leaders.keySet().stream()
                .filter(copy -> leaders.get(copy) == leader)
                .mapToInt(Copy::broker)
                .distinct()
                .count();
    }
}
