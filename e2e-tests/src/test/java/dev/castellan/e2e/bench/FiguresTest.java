package dev.castellan.e2e.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

class FiguresTest {
    private static final PrometheusPage PAGE = PrometheusPage.of("""
            # TYPE writes_total counter
            writes_total{kind="Pod",verb="apply"} 2.0
            writes_total{kind="Pod",verb="delete"} 1.0
            writes_total_other{kind="Pod"} 7.0
            idle 0.5
            took_seconds_bucket{result="unchanged",le="0.005"} 50
            took_seconds_bucket{result="unchanged",le="0.01"} 99
            took_seconds_bucket{result="unchanged",le="+Inf"} 100
            took_seconds_bucket{result="failed",le="0.005"} 3
            """);

    @Test
    void metricsAreFoundByNameAndLabels() {
        assertThat(PAGE.sum("writes_total", Map.of())).isEqualTo(3);
        assertThat(PAGE.sum("writes_total", Map.of("verb", "delete"))).isOne();
        assertThat(PAGE.sum("idle", Map.of())).isEqualTo(0.5);
        assertThat(PAGE.has("writes", Map.of())).isFalse();
    }

    @Test
    void quantilesAreThoseOfPrometheus() {
        var took = PAGE.histogram("took_seconds", Map.of("result", "unchanged"));

        assertThat(took.count()).isEqualTo(100);
        assertThat(took.quantile(0.5)).isEqualTo(0.005, Offset.offset(1e-9));
        assertThat(took.quantile(0.99)).isEqualTo(0.01, Offset.offset(1e-9));
        assertThat(took.since(took).count()).isZero();
    }

    @Test
    void aFigureTellsWhetherItsBarIsMet() {
        var met = Figure.median("start", "s", Bar.atMost(20), Samples.of(9, 30, 11.25));
        var missed = Figure.single("ratio", "", Bar.atLeast(0.95), 0.9412);

        assertThat(met.line()).matches("start +11.3 s +≤ 20 +met +9 to 30 in 3");
        assertThat(missed.line()).matches("ratio +0.941 +≥ 0.95 +MISSED");
    }
}
