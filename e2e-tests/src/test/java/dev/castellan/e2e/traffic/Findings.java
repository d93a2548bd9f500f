package dev.castellan.e2e.traffic;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** What is found out about a topic by those who write and read it, and what of it contradicts a promise. */
abstract class Findings {
    static final int MOST_PROBLEMS = 20;

    private final List<String> problems = new ArrayList<>();

    /** Waits for the next finding until the condition holds; tells whether it does. */
    final synchronized boolean await(BooleanSupplier condition, Duration patience) throws InterruptedException {
        var deadline = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            var left = (deadline - System.nanoTime()) / 1_000_000;
            if (left <= 0) {
                return false;
            }
            wait(left);
        }
        return true;
    }

    final synchronized List<String> problems() {
        return List.copyOf(problems);
    }

    final synchronized void problem(String text, Object... values) {
        if (problems.size() < MOST_PROBLEMS) {
            problems.add(text.formatted(values));
        }
    }
}
