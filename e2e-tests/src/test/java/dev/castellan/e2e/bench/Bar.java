package dev.castellan.e2e.bench;

import java.util.function.DoublePredicate;

/** What a figure has to be; a figure without a bar is told for what it is. */
record Bar(String text, DoublePredicate test) {
    static final Bar NONE = new Bar("", value -> true);

    static Bar atMost(double limit) {
        return new Bar("≤ " + Figure.plain(limit), value -> value <= limit);
    }

    static Bar atLeast(double limit) {
        return new Bar("≥ " + Figure.plain(limit), value -> value >= limit);
    }

    boolean isMet(double value) {
        return test.test(value);
    }
}
