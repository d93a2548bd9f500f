package dev.castellan.broker.metrics;

import dev.castellan.broker.metrics.Exposition.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.metrics.KafkaMetric;

/** What Prometheus gets: Kafka's metrics by the list of rules, the JVM's, and how full the volumes are. */
public final class MetricsPage {
    private final MetricRules rules = MetricRules.load();
    private final List<Path> directories;
    private final boolean withTopics;

    public MetricsPage(List<Path> directories, boolean withTopics) {
        this.directories = directories;
        this.withTopics = withTopics;
    }

    public String text() {
        var page = new Exposition();
        KafkaMetrics.allYammer().forEach((name, metric) -> {
            if (rules.mayShow(name.getGroup(), name.getType(), name.getName(), withTopics)) {
                var id = MetricId.parse(name.getMBeanName());
                if (rules.shows(id, withTopics)) {
                    YammerSamples.add(page, id, metric);
                }
            }
        });
        KafkaMetrics.all().forEach(metric -> add(page, metric));
        JvmSamples.add(page);
        directories.forEach(directory -> addVolume(page, directory));
        return page.text();
    }

    private void add(Exposition page, KafkaMetric metric) {
        var name = metric.metricName();
        if (!rules.showsGroup(name.group(), name.name())) {
            return;
        }
        var labels = new TreeMap<String, String>();
        name.tags().forEach((key, value) -> labels.put(key.replace('-', '_'), value));
        String family = family(name.group(), name.name());
        switch (metric.metricValue()) {
            case Number number -> page.add(Type.GAUGE, family, labels, number.doubleValue());
            case String state -> {
                labels.put("state", state);
                page.add(Type.GAUGE, family, labels, 1);
            }
            default -> {
                // nothing that Prometheus could draw
            }
        }
    }

    static String family(String group, String name) {
        return "kafka_server_" + (group + "_" + name).replace('-', '_').toLowerCase(Locale.ROOT);
    }

    /** Kafka knows what its logs take, not what is left for them. */
    private static void addVolume(Exposition page, Path directory) {
        try {
            var store = Files.getFileStore(directory);
            var labels = Map.of("directory", directory.toString());
            page.add(Type.GAUGE, "castellan_volume_size_bytes", labels, store.getTotalSpace());
            page.add(Type.GAUGE, "castellan_volume_free_bytes", labels, store.getUsableSpace());
        } catch (IOException e) {
            // a volume that has gone away is Kafka's offline log directory, which has its own metric
        }
    }
}
