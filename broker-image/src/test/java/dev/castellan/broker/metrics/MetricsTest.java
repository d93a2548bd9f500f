package dev.castellan.broker.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import com.yammer.metrics.core.Gauge;
import com.yammer.metrics.core.MetricsRegistry;
import dev.castellan.broker.disk.Disks;
import dev.castellan.broker.metrics.Exposition.Type;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MetricsTest {
    private static final String IN_PER_SEC = "kafka.server:type=BrokerTopicMetrics,name=BytesInPerSec";

    @Test
    void parsesKafkasNames() {
        // When
        var id = MetricId.parse("kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Produce");

        // Then
        assertThat(id)
                .isEqualTo(
                        new MetricId("kafka.network", "RequestMetrics", "TotalTimeMs", Map.of("request", "Produce")));
        assertThat(id.family()).isEqualTo("kafka_network_requestmetrics_totaltimems");
    }

    @Test
    void showsTopicsOnlyOnDemand() {
        // Given
        var rules = MetricRules.load();
        var all = MetricId.parse(IN_PER_SEC);
        var one = MetricId.parse(IN_PER_SEC + ",topic=orders");
        var size = MetricId.parse("kafka.log:type=Log,name=Size,topic=orders,partition=3");

        // Then
        assertThat(List.of(rules.shows(all, false), rules.shows(one, false), rules.shows(size, false)))
                .containsExactly(true, false, false);
        assertThat(List.of(rules.shows(all, true), rules.shows(one, true), rules.shows(size, true)))
                .containsExactly(true, true, true);
    }

    @Test
    void showsOnlyTheRequestsThatMatter() {
        // Given
        var rules = MetricRules.load();

        // Then
        assertThat(rules.shows(
                        MetricId.parse("kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Produce"), false))
                .isTrue();
        assertThat(rules.shows(
                        MetricId.parse("kafka.network:type=RequestMetrics,name=TotalTimeMs,request=Heartbeat"), false))
                .isFalse();
    }

    @Test
    void writesWhatPrometheusReads() {
        // Given
        var page = new Exposition();
        page.add(Type.COUNTER, "b_total", Map.of("path", "a\"b\\c"), 3);
        page.add(Type.GAUGE, "a", Map.of(), 0.25);
        page.add(Type.GAUGE, "a", Map.of("unknown", "value"), Double.NaN);

        // Then
        assertThat(page.text()).isEqualTo("""
                # TYPE a gauge
                a 0.25
                # TYPE b_total counter
                b_total{path="a\\"b\\\\c"} 3
                """);
    }

    @Test
    void turnsEveryKindOfMetricIntoSamples() {
        // Given
        var registry = new MetricsRegistry();
        var page = new Exposition();
        var meter = registry.newMeter(MetricsTest.class, "meter", "bytes", TimeUnit.SECONDS);
        meter.mark(7);
        var histogram = registry.newHistogram(MetricsTest.class, "histogram");
        histogram.update(10);
        var gauge = registry.newGauge(MetricsTest.class, "gauge", new Gauge<Integer>() {
            @Override
            public Integer value() {
                return 42;
            }
        });

        // When
        YammerSamples.add(page, MetricId.parse(IN_PER_SEC), meter);
        YammerSamples.add(page, MetricId.parse("kafka.x:type=Y,name=TimeMs"), histogram);
        YammerSamples.add(page, MetricId.parse("kafka.x:type=Y,name=Size"), gauge);
        registry.shutdown();

        // Then
        assertThat(page.text())
                .contains(
                        "# TYPE kafka_server_brokertopicmetrics_bytesin_total counter\nkafka_server_brokertopicmetrics_bytesin_total 7\n")
                .contains(
                        "kafka_x_y_timems{quantile=\"0.99\"} 10\n",
                        "kafka_x_y_timems_count 1\n",
                        "kafka_x_y_timems_sum 10\n")
                .contains("kafka_x_y_size 42\n");
    }

    @Test
    void tellsOfTheJvmAndTheVolumes() {
        // Given
        var directories = List.of(Path.of("/"));

        // When: each look at a volume is waited for, and a slow one is told by the next
        var page = new MetricsPage(directories, Disks.looks(directories), false);
        var text = page.text();
        for (int i = 0; i < 60 && !text.contains("castellan_volume_free_bytes"); i++) {
            text = page.text();
        }

        // Then
        assertThat(text)
                .contains(
                        "jvm_memory_used_bytes{area=\"heap\"}",
                        "process_cpu_seconds_total ",
                        "jvm_gc_collection_seconds_count{")
                .contains(
                        "castellan_volume_free_bytes{directory=\"/\"}",
                        "castellan_volume_hanging{directory=\"/\"} 0\n");
    }
}
