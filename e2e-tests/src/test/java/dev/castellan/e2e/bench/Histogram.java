package dev.castellan.e2e.bench;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** How many observations were at most as high as each bound. */
record Histogram(SortedMap<Double, Double> counts) {
    /** What came after that earlier state of the same histogram. */
    Histogram since(Histogram earlier) {
        var later = new TreeMap<>(counts);
        earlier.counts.forEach((bound, count) -> later.merge(bound, -count, Double::sum));
        return new Histogram(later);
    }

    double count() {
        return counts.isEmpty() ? 0 : counts.get(counts.lastKey());
    }

    double atMost(double bound) {
        return counts.get(bound);
    }

    /** As Prometheus' histogram_quantile works it out: evenly spread within its bucket. */
    double quantile(double quantile) {
        var rank = quantile * count();
        double lower = 0;
        double before = 0;
        for (Map.Entry<Double, Double> bucket : counts.entrySet()) {
            if (bucket.getValue() >= rank) {
                return bucket.getKey().isInfinite()
                        ? lower
                        : lower + (bucket.getKey() - lower) * (rank - before) / (bucket.getValue() - before);
            }
            lower = bucket.getKey();
            before = bucket.getValue();
        }
        throw new IllegalStateException("nothing was observed");
    }
}
