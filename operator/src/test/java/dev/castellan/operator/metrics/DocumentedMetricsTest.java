package dev.castellan.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Names of metrics are public API: dashboards and alerts are built on them. */
class DocumentedMetricsTest {
    private static final Pattern NAME = Pattern.compile("`(castellan_[a-z_]+)`");

    @Test
    void thePageForUsersListsEveryMetricAndNoOther() throws Exception {
        var registry = new SimpleMeterRegistry();
        var metrics = new OperatorMetrics(registry, Clock.systemUTC(), null);
        metrics.wrote("Service", "apply");
        metrics.timeControllerExecution(new Execution());
        new ClusterMetrics(registry).observed(cluster(), new KafkaClusterStatus());

        var documented = NAME.matcher(Files.readString(Path.of("../docs/operator.md")))
                .results()
                .map(result -> result.group(1))
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(documented)
                .isEqualTo(registry.getMeters().stream()
                        .filter(meter -> !meter.getId().getName().endsWith(".histogram"))
                        .map(DocumentedMetricsTest::exposed)
                        .collect(Collectors.toCollection(TreeSet::new)));
    }

    @Test
    void aClusterThatIsGoneLeavesNoMetrics() {
        var registry = new SimpleMeterRegistry();
        var metrics = new ClusterMetrics(registry);
        metrics.observed(cluster(), new KafkaClusterStatus());

        metrics.forget("ns", "events");

        assertThat(registry.getMeters()).isEmpty();
    }

    /** As Prometheus sees it. */
    private static String exposed(Meter meter) {
        var name = meter.getId().getName().replace('.', '_');
        return switch (meter.getId().getType()) {
            case COUNTER -> name + "_total";
            case TIMER -> name + "_seconds";
            default ->
                meter.getId().getBaseUnit() == null
                        ? name
                        : name + "_" + meter.getId().getBaseUnit();
        };
    }

    private static KafkaCluster cluster() {
        var cluster = new KafkaCluster();
        cluster.setMetadata(
                new ObjectMetaBuilder().withNamespace("ns").withName("events").build());
        return cluster;
    }
}
