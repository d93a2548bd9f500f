package dev.castellan.operator.cluster.desired;

import java.util.function.Supplier;

/** Ids in Kafka's form that are alike in every run. */
public final class CountingIds implements Supplier<String> {
    private int last;

    @Override
    public String get() {
        last++;
        return "id%020d".formatted(last);
    }
}
