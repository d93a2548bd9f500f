package dev.castellan.e2e.bench;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Metrics in Prometheus' text format, at one moment. */
record PrometheusPage(List<String> lines) {
    private static final Pattern LABEL = Pattern.compile("(\\w+)=\"((?:[^\"\\\\]|\\\\.)*)\"");

    record Sample(Map<String, String> labels, double value) {
        boolean has(Map<String, String> wanted) {
            return labels.entrySet().containsAll(wanted.entrySet());
        }
    }

    static PrometheusPage of(String text) {
        return new PrometheusPage(text.lines().toList());
    }

    /** Of all series of this name that bear these labels. */
    double sum(String name, Map<String, String> labels) {
        return sum(name, sample -> sample.has(labels));
    }

    double sum(String name, Predicate<Sample> which) {
        return samples(name).filter(which).mapToDouble(Sample::value).sum();
    }

    boolean has(String name, Map<String, String> labels) {
        return samples(name).anyMatch(sample -> sample.has(labels));
    }

    Histogram histogram(String name, Map<String, String> labels) {
        var counts = new TreeMap<Double, Double>();
        samples(name + "_bucket")
                .filter(sample -> sample.has(labels))
                .forEach(sample -> counts.merge(bound(sample.labels().get("le")), sample.value(), Double::sum));
        return new Histogram(counts);
    }

    Stream<Sample> samples(String name) {
        return lines.stream()
                .filter(line -> line.startsWith(name))
                .filter(line -> line.charAt(name.length()) == '{' || line.charAt(name.length()) == ' ')
                .map(PrometheusPage::sample);
    }

    private static Sample sample(String line) {
        var end = line.lastIndexOf('}');
        var labels = new HashMap<String, String>();
        LABEL.matcher(line.substring(0, end + 1))
                .results()
                .forEach(match -> labels.put(match.group(1), match.group(2)));
        var value =
                line.substring(end < 0 ? line.indexOf(' ') : end + 1).strip().split(" ")[0];
        return new Sample(labels, Double.parseDouble(value));
    }

    private static double bound(String le) {
        return le.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(le);
    }
}
