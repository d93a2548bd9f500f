package dev.castellan.e2e.bench;

import java.util.Arrays;
import java.util.Collection;

/** The same thing measured several times. */
record Samples(double[] sorted) {
    static Samples of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("nothing was measured");
        }
        var sorted = values.clone();
        Arrays.sort(sorted);
        return new Samples(sorted);
    }

    static Samples of(Collection<Double> values) {
        return of(values.stream().mapToDouble(Double::doubleValue).toArray());
    }

    int count() {
        return sorted.length;
    }

    double min() {
        return sorted[0];
    }

    double max() {
        return sorted[sorted.length - 1];
    }

    double median() {
        var middle = sorted.length / 2;
        return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }
}
