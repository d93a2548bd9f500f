package dev.castellan.operator.metrics;

import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import io.javaoperatorsdk.operator.api.reconciler.Constants;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.enterprise.event.Event;
import jakarta.inject.Singleton;
import java.lang.management.ManagementFactory;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/**
 * What the operator counts about itself. The SDK's own Micrometer support registers one meter with two sets of tags and
 * so throws; and it cannot tell a reconcile that changed something from one that only looked.
 */
@Singleton
public class OperatorMetrics implements Metrics {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofMillis(500),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(10),
        Duration.ofSeconds(30)
    };

    private final MeterRegistry registry;
    private final Clock clock;
    private final Event<Departed> departures;
    private final Instant processStarted =
            Instant.ofEpochMilli(ManagementFactory.getRuntimeMXBean().getStartTime());
    private final Map<Thread, Running> running = new ConcurrentHashMap<>();
    private final Map<String, Instant> firsts = new ConcurrentHashMap<>();

    public OperatorMetrics(MeterRegistry registry, Clock clock, Event<Departed> departures) {
        this.registry = registry;
        this.departures = departures;
        this.clock = clock;
        Gauge.builder("castellan.reconcile.oldest", () -> oldest().toMillis() / 1000.0)
                .description(
                        "Age of the oldest reconcile or round of topics that is still running: one that hangs shows here")
                .baseUnit("seconds")
                .register(registry);
    }

    /** To be told of every write, on the thread that reconciles. */
    public void wrote(String kind, String verb) {
        Counter.builder("castellan.kube.writes")
                .description("Writes to the API server")
                .tags("kind", kind, "verb", verb)
                .register(registry)
                .increment();
        changed();
    }

    /** To be told of every change made elsewhere, such as in Kafka, on the thread that reconciles. */
    public void changed() {
        running.computeIfPresent(Thread.currentThread(), (thread, reconcile) -> reconcile.withChange());
    }

    /** Age of the oldest reconcile or round of topics that is still running; zero if there is none. */
    public Duration oldest() {
        return running.values().stream()
                .map(Running::started)
                .min(Comparator.naturalOrder())
                .map(started -> Duration.between(started, clock.instant()))
                .orElse(Duration.ZERO);
    }

    /** Work that the SDK does not start: it grows old, and hangs, as visibly as a reconcile. */
    public <T> T watched(Supplier<T> work) {
        running.put(Thread.currentThread(), new Running(clock.instant(), false));
        try {
            return work.get();
        } finally {
            running.remove(Thread.currentThread());
        }
    }

    @Override
    public <T> T timeControllerExecution(ControllerExecution<T> execution) throws Exception {
        var thread = Thread.currentThread();
        var started = clock.instant();
        running.put(thread, new Running(started, false));
        firsts.computeIfAbsent(execution.controllerName(), controller -> first(controller, started));
        var failed = true;
        try {
            var result = execution.execute();
            failed = false;
            return result;
        } catch (LinkageError | StackOverflowError | AssertionError e) {
            // The SDK retries after exceptions only: after an error the resource would never be reconciled again.
            throw new IllegalStateException("A fault of the operator: " + e, e);
        } finally {
            var end = running.remove(thread);
            count(execution.controllerName(), failed ? "failed" : end.changed() ? "changed" : "unchanged", started);
        }
    }

    /** The SDK tells nobody else that a resource without a finalizer is gone. */
    @Override
    public void cleanupDone(ResourceID id, Map<String, Object> metadata) {
        departures.fire(new Departed(
                String.valueOf(metadata.get(Constants.CONTROLLER_NAME)),
                id.getNamespace().orElse(""),
                id.getName()));
    }

    /** A replica that waits for the lease has none until it gets it. */
    private Instant first(String controller, Instant started) {
        var taken = Duration.between(processStarted, started).toMillis() / 1000.0;
        Gauge.builder("castellan.reconcile.first", () -> taken)
                .description("From the start of the process to its first reconcile")
                .baseUnit("seconds")
                .tags("controller", controller)
                .strongReference(true)
                .register(registry);
        return started;
    }

    private void count(String controller, String result, Instant started) {
        Timer.builder("castellan.reconcile")
                .description(
                        "Reconciles by what they came to: changed, unchanged (nothing had to be written) or failed")
                .tags("controller", controller, "result", result)
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(Duration.between(started, clock.instant()));
    }

    /** A resource of that controller is gone: what is kept in memory about it can go too. */
    public record Departed(String controller, String namespace, String name) {}

    private record Running(Instant started, boolean changed) {
        Running withChange() {
            return new Running(started, true);
        }
    }
}
