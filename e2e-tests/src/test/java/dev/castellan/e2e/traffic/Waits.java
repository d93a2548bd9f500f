package dev.castellan.e2e.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long records waited for their acknowledgement, since they were last measured. What is long is told at once, in the pod's log. */
final class Waits {
    private static final int LONG_MILLIS = 1_000;

    private final Map<Integer, Instant> longUntil = new HashMap<>();
    private final List<Integer> millis = new ArrayList<>();

    synchronized void add(int partition, Instant sent, Instant acknowledged) {
        int waited = (int) Duration.between(sent, acknowledged).toMillis();
        millis.add(waited);
        // Of all that wait at the same time, the first has waited longest.
        if (waited >= LONG_MILLIS
                && longUntil.getOrDefault(partition, Instant.MIN).isBefore(sent)) {
            longUntil.put(partition, acknowledged);
            System.out.printf("%s: a record to partition %d had waited for %d ms%n", acknowledged, partition, waited);
        }
    }

    synchronized Map<String, String> facts() {
        var sorted = millis.stream().mapToInt(Integer::intValue).toArray();
        Arrays.sort(sorted);
        return Map.of(
                "slowestMillis", Integer.toString(percentile(sorted, 100)),
                "p99Millis", Integer.toString(percentile(sorted, 99)));
    }

    synchronized void beginAnew() {
        millis.clear();
    }

    private static int percentile(int[] sorted, int percent) {
        return sorted.length == 0 ? 0 : sorted[(int) Math.ceil(sorted.length * percent / 100.0) - 1];
    }
}
