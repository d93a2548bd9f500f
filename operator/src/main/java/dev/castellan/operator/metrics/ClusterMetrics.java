package dev.castellan.operator.metrics;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/** The health of each cluster as its status tells it, for alerts. */
@Singleton
public class ClusterMetrics {
    private final MeterRegistry registry;
    private final Map<String, Watched> clusters = new ConcurrentHashMap<>();

    public ClusterMetrics(MeterRegistry registry) {
        this.registry = registry;
    }

    public void observed(KafkaCluster cluster, KafkaClusterStatus status) {
        var metadata = cluster.getMetadata();
        clusters.computeIfAbsent(
                        key(metadata.getNamespace(), metadata.getName()),
                        key -> watch(metadata.getNamespace(), metadata.getName()))
                .status = status;
    }

    public void forget(String namespace, String name) {
        Optional.ofNullable(clusters.remove(key(namespace, name)))
                .ifPresent(gone -> gone.gauges.forEach(registry::remove));
    }

    private Watched watch(String namespace, String name) {
        var watched = new Watched();
        var tags = Tags.of("namespace", namespace, "cluster", name);
        watched.gauges = List.of(
                gauge("castellan.cluster.ready", "1 while clients are served", tags, watched, ClusterMetrics::ready),
                gauge(
                        "castellan.cluster.stalled",
                        "1 while only a change by the user can help",
                        tags,
                        watched,
                        status -> isTrue(status, "Stalled")),
                gauge(
                        "castellan.cluster.brokers",
                        "Brokers that exist",
                        tags,
                        watched,
                        status -> status.brokers == null ? 0 : status.brokers.size()),
                partitions("offline", tags, watched, health -> health.offline),
                partitions("under-min-isr", tags, watched, health -> health.underMinIsr),
                partitions("under-replicated", tags, watched, health -> health.underReplicated));
        return watched;
    }

    private Gauge partitions(
            String state, Tags tags, Watched watched, Function<KafkaClusterStatus.HealthStatus, Integer> count) {
        return gauge(
                "castellan.cluster.partitions",
                "Partitions that are not as they should be",
                tags.and("state", state),
                watched,
                status -> Optional.ofNullable(status.health).map(count).orElse(0));
    }

    private Gauge gauge(
            String name, String description, Tags tags, Watched watched, ToDoubleFunction<KafkaClusterStatus> value) {
        return Gauge.builder(name, watched, of -> value.applyAsDouble(of.status))
                .description(description)
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private static double ready(KafkaClusterStatus status) {
        return isTrue(status, "Ready");
    }

    private static double isTrue(KafkaClusterStatus status, String type) {
        return Optional.ofNullable(status.conditions).orElse(List.of()).stream()
                        .anyMatch(condition -> condition.getType().equals(type) && "True".equals(condition.getStatus()))
                ? 1
                : 0;
    }

    private static String key(String namespace, String name) {
        return namespace + "/" + name;
    }

    private static final class Watched {
        private List<Gauge> gauges = List.of();
        private volatile KafkaClusterStatus status = new KafkaClusterStatus();
    }
}
