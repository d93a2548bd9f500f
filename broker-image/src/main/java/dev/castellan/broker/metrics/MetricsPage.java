package dev.castellan.broker.metrics;

import dev.castellan.broker.disk.Looks;
import dev.castellan.broker.metrics.Exposition.Type;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.metrics.KafkaMetric;

/** What Prometheus gets: Kafka's metrics by the list of rules, the JVM's, and how full the volumes are. */
public final class MetricsPage {
    /** What Prometheus asks for must not wait for a disk that hangs. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    /** Of a volume, in bytes: Kafka knows what its logs take, not what is left for them. */
    private record Space(long size, long free) {}

    private final MetricRules rules = MetricRules.load();
    private final List<Path> directories;
    private final Looks<?> disks;
    private final Looks<Optional<Space>> volumes;
    private final boolean withTopics;

    /** @param disks what is known of those that the directories are on */
    public MetricsPage(List<Path> directories, Looks<?> disks, boolean withTopics) {
        this.directories = directories;
        this.disks = disks;
        this.volumes = new Looks<>(directories, MetricsPage::space);
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
        volumes.found(PATIENCE).forEach((directory, space) -> space.ifPresent(known -> add(page, directory, known)));
        var hanging = disks.hanging().keySet();
        directories.forEach(directory -> page.add(
                Type.GAUGE, "castellan_volume_hanging", labels(directory), hanging.contains(directory) ? 1 : 0));
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

    private static void add(Exposition page, Path directory, Space space) {
        var labels = labels(directory);
        page.add(Type.GAUGE, "castellan_volume_size_bytes", labels, space.size());
        page.add(Type.GAUGE, "castellan_volume_free_bytes", labels, space.free());
    }

    private static Map<String, String> labels(Path directory) {
        return Map.of("directory", directory.toString());
    }

    /** Empty: a volume that has gone away is Kafka's offline log directory, which has its own metric. */
    private static Optional<Space> space(Path directory) {
        try {
            var store = Files.getFileStore(directory);
            return Optional.of(new Space(store.getTotalSpace(), store.getUsableSpace()));
        } catch (IOException e) {
            return Optional.empty();
        }
    }
}
