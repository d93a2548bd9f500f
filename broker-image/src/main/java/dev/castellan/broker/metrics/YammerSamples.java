package dev.castellan.broker.metrics;

import com.yammer.metrics.core.Counter;
import com.yammer.metrics.core.Gauge;
import com.yammer.metrics.core.Histogram;
import com.yammer.metrics.core.Metered;
import com.yammer.metrics.core.Metric;
import com.yammer.metrics.core.Sampling;
import com.yammer.metrics.core.Timer;
import dev.castellan.broker.metrics.Exposition.Type;
import java.util.Map;
import java.util.TreeMap;

/** Turns the metrics of Kafka's older registry into samples. */
final class YammerSamples {
    private static final double[] QUANTILES = {0.5, 0.99, 0.999};

    private YammerSamples() {}

    static void add(Exposition page, MetricId id, Metric metric) {
        switch (metric) {
            case Gauge<?> gauge -> gauge(page, id, gauge.value());
            case Counter counter -> page.add(Type.GAUGE, id.family(), id.labels(), counter.count());
            case Histogram histogram -> summary(page, id, histogram, histogram.count(), histogram.sum());
            case Timer timer -> summary(page, id, timer, timer.count(), timer.sum());
            case Metered meter
            when id.name().endsWith("Percent") -> page.add(Type.GAUGE, id.family(), id.labels(), meter.oneMinuteRate());
            case Metered meter -> page.add(Type.COUNTER, counterName(id), id.labels(), meter.count());
            default -> {
                // there is no other kind in that library
            }
        }
    }

    private static void gauge(Exposition page, MetricId id, Object value) {
        if (value instanceof Number number) {
            page.add(Type.GAUGE, id.family(), id.labels(), number.doubleValue());
        }
    }

    /** Rates are for Prometheus to compute: what is shown is the count that they come from. */
    private static String counterName(MetricId id) {
        return id.family().replaceFirst("persec$", "") + "_total";
    }

    private static void summary(Exposition page, MetricId id, Sampling sampling, long count, double sum) {
        var snapshot = sampling.getSnapshot();
        for (double quantile : QUANTILES) {
            page.add(Type.SUMMARY, id.family(), with(id.labels(), quantile), snapshot.getValue(quantile));
        }
        page.add(Type.SUMMARY, id.family(), "_count", id.labels(), count);
        page.add(Type.SUMMARY, id.family(), "_sum", id.labels(), sum);
    }

    private static Map<String, String> with(Map<String, String> labels, double quantile) {
        var more = new TreeMap<>(labels);
        more.put("quantile", Double.toString(quantile));
        return more;
    }
}
