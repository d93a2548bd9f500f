package dev.castellan.operator.cluster;

import dev.castellan.operator.cluster.plan.Step.ReconfigureDynamically;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * What Kafka refused of each cluster's configuration. In memory only, and not for long: Kafka is asked again, as it may
 * refuse today what it takes tomorrow.
 */
final class Refusals {
    /** Less than a stalled cluster waits from one look to the next. */
    private static final Duration BELIEVED = Duration.ofSeconds(25);

    private final Clock clock;
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

    private record Refusal(SortedMap<String, String> properties, Stall stall, Instant until) {}

    Refusals(Clock clock) {
        this.clock = clock;
    }

    void remember(String cluster, DynamicConfig refused, ReconfigureDynamically step, String message) {
        var stall = new Stall(StallReason.ConfigRefused, fields(refused, step, message) + "Kafka refuses: " + message);
        refusals.put(
                cluster,
                new Refusal(refused.properties(), stall, clock.instant().plus(BELIEVED)));
    }

    /** Those that Kafka names, if it does, as the user declares them: Kafka may have been told half the way to a value. */
    private static String fields(DynamicConfig refused, ReconfigureDynamically step, String message) {
        var told = refused.declared();
        told.keySet().retainAll(step.set().keySet());
        var named = new TreeSet<>(told.keySet());
        named.removeIf(key -> !message.contains(key));
        told.keySet().removeIf(key -> !named.isEmpty() && !named.contains(key));
        return told.entrySet().stream()
                .map(entry -> "spec.config[" + entry.getKey() + "] is " + entry.getValue() + ": ")
                .collect(Collectors.joining());
    }

    /** Of exactly this configuration: a corrected one is asked for at once. */
    Optional<Stall> of(String cluster, Intent intent) {
        return Optional.ofNullable(refusals.get(cluster))
                .filter(refusal -> refusal.until().isAfter(clock.instant()))
                .filter(refusal -> intent.dynamic()
                        .filter(wanted -> wanted.properties().equals(refusal.properties()))
                        .isPresent())
                .map(Refusal::stall);
    }

    void forget(String cluster) {
        refusals.remove(cluster);
    }
}
