package dev.castellan.operator.kafka;

import java.util.Map;

/** Kafka's names of its metadata.version levels; the protocol speaks in levels alone. */
final class MetadataVersions {
    private static final Map<Short, String> NAMES = Map.of(
            (short) 24, "4.0-IV2",
            (short) 25, "4.0-IV3",
            (short) 26, "4.1-IV0",
            (short) 27, "4.1-IV1",
            (short) 28, "4.2-IV0",
            (short) 29, "4.2-IV1",
            (short) 30, "4.3-IV0",
            (short) 31, "4.4-IV0",
            (short) 32, "4.4-IV1",
            (short) 33, "4.4-IV2");

    private MetadataVersions() {}

    static short levelOf(String name) {
        return NAMES.entrySet().stream()
                .filter(level -> level.getValue().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("unknown metadata.version " + name))
                .getKey();
    }

    /** A level that this operator does not know is shown as a number. */
    static String nameOf(short level) {
        return NAMES.getOrDefault(level, "level " + level);
    }
}
