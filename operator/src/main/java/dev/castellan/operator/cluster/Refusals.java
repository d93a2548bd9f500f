package dev.castellan.operator.cluster;

import dev.castellan.operator.cluster.observe.RefusedResize;
import dev.castellan.operator.cluster.plan.Step.GrowVolume;
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
 * What Kafka refused of each cluster's configuration, and the API server of its volumes. In memory only, and not for long:
 * they are asked again, as they may refuse today what they take tomorrow.
 */
final class Refusals {
    /** Less than a stalled cluster waits from one look to the next. */
    private static final Duration BELIEVED = Duration.ofSeconds(25);

    /** Kubernetes learns it, if at all, by an upgrade. */
    private static final Duration RESIZE_BELIEVED = Duration.ofMinutes(10);

    private final Clock clock;
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

    private final Map<String, Map<String, RefusedGrowth>> growth = new ConcurrentHashMap<>();

    /** By cluster. */
    private final Map<String, Map<RefusedResize, Denial>> resizes = new ConcurrentHashMap<>();

    /** @param words empty: it is refused of a pod that runs alone */
    private record Denial(Optional<String> words, Instant until) {}

    private record RefusedGrowth(String reason, Instant until) {}

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

    /** One claim stands for those of its name and StatefulSet, which are of one StorageClass: the others are not asked for. */
    void remember(String cluster, GrowVolume step, Optional<String> storageClass, String message) {
        var reason =
                ("%s stays as large as it is, and so do the other volumes %s: %s. Set allowVolumeExpansion: true on"
                                + " StorageClass %s, if its driver can expand volumes; or move to a new pool of brokers")
                        .formatted(step.claim(), step.volumes(), message, storageClass.orElse("(none)"));
        growth.computeIfAbsent(cluster, key -> new ConcurrentHashMap<>())
                .put(step.volumes(), new RefusedGrowth(reason, clock.instant().plus(BELIEVED)));
    }

    /** By name and StatefulSet, why volumes do not grow. */
    Map<String, String> growth(String cluster) {
        return growth.getOrDefault(cluster, Map.of()).entrySet().stream()
                .filter(refused -> refused.getValue().until().isAfter(clock.instant()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, refused -> refused.getValue().reason()));
    }

    /**
     * @param denial why no pod may have it; empty: one that takes the place of this one may
     * @return whether it is news: what is asked again long after is refused as it was before
     */
    boolean remember(String cluster, RefusedResize resize, Optional<String> denial) {
        var until = clock.instant().plus(denial.isPresent() ? BELIEVED : RESIZE_BELIEVED);
        return resizes.computeIfAbsent(cluster, key -> new ConcurrentHashMap<>())
                        .put(resize, new Denial(denial, until))
                == null;
    }

    Map<RefusedResize, Optional<String>> resizes(String cluster) {
        return resizes.getOrDefault(cluster, Map.of()).entrySet().stream()
                .filter(refused -> refused.getValue().until().isAfter(clock.instant()))
                .collect(Collectors.toMap(
                        Map.Entry::getKey, refused -> refused.getValue().words()));
    }

    void forget(String cluster) {
        resizes.remove(cluster);
        refusals.remove(cluster);
        growth.remove(cluster);
    }
}
