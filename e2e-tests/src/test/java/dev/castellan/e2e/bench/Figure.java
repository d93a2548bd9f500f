package dev.castellan.e2e.bench;

import java.math.BigDecimal;
import java.math.MathContext;

/** One measured value beside its bar, and the single measurements that it was made of. */
record Figure(String name, String unit, double value, Bar bar, Samples samples) {
    /** The median of what was measured. */
    static Figure median(String name, String unit, Bar bar, Samples samples) {
        return new Figure(name, unit, samples.median(), bar, samples);
    }

    /** Measured, or counted, once. */
    static Figure single(String name, String unit, Bar bar, double value) {
        return new Figure(name, unit, value, bar, Samples.of(value));
    }

    boolean isMet() {
        return bar.isMet(value);
    }

    /** As a line of a table. */
    String line() {
        var verdict = bar == Bar.NONE ? "" : isMet() ? "met" : "MISSED";
        var spread = samples.count() == 1
                ? ""
                : "%s to %s in %d".formatted(plain(samples.min()), plain(samples.max()), samples.count());
        return "%-66s %10s %-4s %-9s %-7s %s"
                .formatted(name, plain(value), unit, bar.text(), verdict, spread)
                .stripTrailing();
    }

    /** Three digits, unless there are more before the point. */
    static String plain(double value) {
        var digits = Math.max(3, (int) Math.ceil(Math.log10(Math.abs(value) + 1)));
        return new BigDecimal(value)
                .round(new MathContext(digits))
                .stripTrailingZeros()
                .toPlainString();
    }
}
