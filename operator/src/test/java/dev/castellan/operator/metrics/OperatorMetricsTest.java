package dev.castellan.operator.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;

class OperatorMetricsTest {
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final ManualClock clock = new ManualClock();
    private final OperatorMetrics metrics = new OperatorMetrics(registry, clock, null);

    @Test
    void tellsReconcilesThatWroteFromThoseThatOnlyLooked() throws Exception {
        metrics.timeControllerExecution(new Execution(() -> {
            metrics.wrote("Service", "apply");
            return "done";
        }));
        metrics.timeControllerExecution(new Execution(() -> "done"));

        assertThat(count("changed")).isOne();
        assertThat(count("unchanged")).isOne();
        assertThat(registry.get("castellan.kube.writes")
                        .tags("kind", "Service")
                        .counter()
                        .count())
                .isOne();
    }

    @Test
    void aReconcileThatThrowsHasFailedEvenIfItWroteBefore() {
        assertThatThrownBy(() -> metrics.timeControllerExecution(new Execution(() -> {
                    metrics.wrote("Service", "apply");
                    throw new IllegalArgumentException("no");
                })))
                .isInstanceOf(IllegalArgumentException.class);

        assertThat(count("failed")).isOne();
    }

    @Test
    void anErrorBecomesAnExceptionForTheSdkRetriesAfterNothingElse() {
        assertThatThrownBy(() -> metrics.timeControllerExecution(new Execution(() -> {
                    throw new NoClassDefFoundError("x");
                })))
                .isInstanceOf(IllegalStateException.class);
    }

    @Test
    void tellsHowLongAfterItsStartTheProcessWasAtWork() throws Exception {
        clock.now = Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime())
                .plusMillis(1_500);
        metrics.timeControllerExecution(new Execution());
        clock.now = clock.now.plusSeconds(60);
        metrics.timeControllerExecution(new Execution());

        assertThat(registry.get("castellan.reconcile.first").gauge().value()).isEqualTo(1.5);
    }

    @Test
    void showsTheAgeOfTheOldestReconcileThatStillRuns() throws Exception {
        var oldest = registry.get("castellan.reconcile.oldest").gauge();

        metrics.timeControllerExecution(new Execution(() -> {
            clock.now = clock.now.plus(Duration.ofSeconds(42));
            assertThat(oldest.value()).isEqualTo(42);
            return "done";
        }));

        assertThat(oldest.value()).isZero();
    }

    @Test
    void showsTheAgeOfARoundOfTopicsToo() {
        var seen = metrics.watched(() -> {
            clock.now = clock.now.plus(Duration.ofSeconds(42));
            return metrics.oldest();
        });

        assertThat(seen).isEqualTo(Duration.ofSeconds(42));
        assertThat(metrics.oldest()).isZero();
    }

    private long count(String result) {
        return registry.get("castellan.reconcile")
                .tags("controller", "kafkacluster", "result", result)
                .timer()
                .count();
    }

    private static final class ManualClock extends Clock {
        private Instant now = Instant.EPOCH;

        @Override
        public ZoneId getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
            return this;
        }

        @Override
        public Instant instant() {
            return now;
        }
    }
}
