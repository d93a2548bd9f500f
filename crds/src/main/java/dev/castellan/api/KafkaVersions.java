package dev.castellan.api;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The Kafka versions that Castellan runs, as versions.yaml lists them: the one place that a new version is added to. */
public final class KafkaVersions {
    /** By number, so that 4.10.0 comes after 4.9.1. */
    public static final Comparator<String> BY_NUMBER = (a, b) -> {
        var left = a.split("\\.");
        var right = b.split("\\.");
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            int difference = Integer.compare(part(left, i), part(right, i));
            if (difference != 0) {
                return difference;
            }
        }
        return 0;
    };

    // The list is of one form that this module's own test holds; a YAML library would be a dependency for three lines.
    private static final Pattern ENTRY = Pattern.compile("-\\s+kafka:\\s+(\\d+(?:\\.\\d+)+)\\s*");

    private static final List<String> ALL = read();

    private KafkaVersions() {}

    /** All, oldest first. */
    public static List<String> all() {
        return ALL;
    }

    /** The default of a new cluster. */
    public static String newest() {
        return ALL.getLast();
    }

    public static boolean isKnown(String version) {
        return ALL.contains(version);
    }

    private static List<String> read() {
        try (var in = KafkaVersions.class.getResourceAsStream("/versions.yaml");
                var lines = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8))) {
            return lines.lines()
                    .filter(line -> !line.isBlank() && !line.startsWith("#"))
                    .map(KafkaVersions::version)
                    .sorted(BY_NUMBER)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("versions.yaml cannot be read", e);
        }
    }

    private static String version(String line) {
        Matcher entry = ENTRY.matcher(line);
        if (!entry.matches()) {
            throw new IllegalStateException("versions.yaml: not of the form '- kafka: 1.2.3': " + line);
        }
        return entry.group(1);
    }

    private static int part(String[] parts, int i) {
        return i < parts.length ? Integer.parseInt(parts[i]) : 0;
    }
}
