package dev.castellan.broker.metrics;

import com.yammer.metrics.core.Gauge;
import com.yammer.metrics.core.Metric;
import com.yammer.metrics.core.MetricsRegistry;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.MetricName;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.MetricsReporter;
import org.apache.kafka.server.metrics.KafkaYammerMetrics;

/**
 * The running server's metrics, straight from its two registries: Kafka hands one of them to reporters such as this, the other is a
 * singleton. JMX would show the same, at the price of an MBean look-up for each value.
 */
public final class KafkaMetrics implements MetricsReporter {
    /** Only the groups that anybody reads: those per client and per connection grow without bound. */
    private static final Set<String> GROUPS = MetricRules.load().groups().keySet();

    /** Static, because Kafka itself makes the reporter and there is one Kafka in a JVM. */
    private static final Map<MetricName, KafkaMetric> METRICS = new ConcurrentHashMap<>();

    @Override
    public void init(List<KafkaMetric> metrics) {
        metrics.forEach(this::metricChange);
    }

    @Override
    public void metricChange(KafkaMetric metric) {
        if (GROUPS.contains(metric.metricName().group())) {
            METRICS.put(metric.metricName(), metric);
        }
    }

    @Override
    public void metricRemoval(KafkaMetric metric) {
        METRICS.remove(metric.metricName(), metric);
    }

    @Override
    public void close() {
        // the values stay readable until the process ends: a stopping node still answers its probes
    }

    @Override
    public void configure(Map<String, ?> configs) {
        // nothing to configure
    }

    static Collection<KafkaMetric> all() {
        return METRICS.values();
    }

    static Map<com.yammer.metrics.core.MetricName, Metric> allYammer() {
        return registry().allMetrics();
    }

    /** A metric without tags; empty as long as the server has not registered it. */
    public static Optional<Object> value(String group, String name) {
        return Optional.ofNullable(METRICS.get(new MetricName(name, group, "", Map.of())))
                .map(KafkaMetric::metricValue);
    }

    public static OptionalLong number(String group, String name) {
        return value(group, name)
                .filter(Number.class::isInstance)
                .map(value -> OptionalLong.of(((Number) value).longValue()))
                .orElse(OptionalLong.empty());
    }

    /** A gauge by its MBean name, which is what identifies a metric of that registry. */
    public static Optional<Object> gauge(String group, String type, String name) {
        var id = new com.yammer.metrics.core.MetricName(
                group, type, name, null, group + ":type=" + type + ",name=" + name);
        return registry().allMetrics().get(id) instanceof Gauge<?> gauge
                ? Optional.ofNullable(gauge.value())
                : Optional.empty();
    }

    /** The sum of a gauge over whatever tags it has: directories, threads. */
    public static long sum(String group, String type, String name) {
        return registry().allMetrics().entrySet().stream()
                .filter(entry -> entry.getKey().getGroup().equals(group)
                        && entry.getKey().getType().equals(type)
                        && entry.getKey().getName().equals(name))
                .map(entry -> entry.getValue() instanceof Gauge<?> gauge ? gauge.value() : null)
                .mapToLong(value -> value instanceof Number number ? number.longValue() : 0)
                .sum();
    }

    private static MetricsRegistry registry() {
        return KafkaYammerMetrics.defaultRegistry();
    }
}
