package dev.castellan.broker.metrics;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Prometheus' text format: samples grouped by family, families in alphabetical order.
 *
 * <p>Forty lines instead of a library, because nothing here counts anything: all values are read from others at the moment of a scrape.
 */
final class Exposition {
    enum Type {
        GAUGE,
        COUNTER,
        SUMMARY
    }

    private record Family(Type type, StringBuilder samples) {}

    private final Map<String, Family> families = new TreeMap<>();

    void add(Type type, String family, Map<String, String> labels, double value) {
        add(type, family, "", labels, value);
    }

    /** A summary's parts ({@code _count}, {@code _sum}) are samples of its family under a longer name. */
    void add(Type type, String family, String suffix, Map<String, String> labels, double value) {
        if (Double.isNaN(value)) {
            return;
        }
        var samples = families.computeIfAbsent(family, name -> new Family(type, new StringBuilder()))
                .samples();
        samples.append(family).append(suffix);
        appendLabels(samples, labels);
        samples.append(' ').append(number(value)).append('\n');
    }

    String text() {
        var text = new StringBuilder();
        families.forEach((name, family) -> text.append("# TYPE ")
                .append(name)
                .append(' ')
                .append(family.type().name().toLowerCase(Locale.ROOT))
                .append('\n')
                .append(family.samples()));
        return text.toString();
    }

    private static void appendLabels(StringBuilder samples, Map<String, String> labels) {
        if (labels.isEmpty()) {
            return;
        }
        String separator = "{";
        for (var label : labels.entrySet()) {
            samples.append(separator)
                    .append(label.getKey())
                    .append("=\"")
                    .append(escape(label.getValue()))
                    .append('"');
            separator = ",";
        }
        samples.append('}');
    }

    private static String escape(String value) {
        return value.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    }

    private static String number(double value) {
        if (Double.isInfinite(value)) {
            return value > 0 ? "+Inf" : "-Inf";
        }
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }
}
