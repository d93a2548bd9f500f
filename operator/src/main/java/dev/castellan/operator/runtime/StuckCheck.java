package dev.castellan.operator.runtime;

import dev.castellan.operator.metrics.OperatorMetrics;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;

/**
 * Every call of a reconcile, and of a round of topics, has its deadline, so that none can take long. If one does all the same, a restart is the only
 * cure, and nobody should have to find that out.
 */
@Liveness
@ApplicationScoped
public class StuckCheck implements HealthCheck {
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private final OperatorMetrics metrics;

    public StuckCheck(OperatorMetrics metrics) {
        this.metrics = metrics;
    }

    @Override
    public HealthCheckResponse call() {
        var oldest = metrics.oldest();
        return HealthCheckResponse.named("reconciles end")
                .status(oldest.compareTo(LONGEST) < 0)
                .withData("oldestSeconds", oldest.toSeconds())
                .build();
    }
}
