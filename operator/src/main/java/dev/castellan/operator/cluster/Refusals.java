package dev.castellan.operator.cluster;

import dev.castellan.operator.cluster.observe.RefusedResize;
import dev.castellan.operator.cluster.plan.Step.FinaliseMetadataVersion;
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
 * What Kafka refused of each cluster's configuration or to finalise, and the API server of its volumes and pods. In memory only, and
 * not for long: they are asked again, as they may refuse today what they take tomorrow.
 */
final class Refusals {
    /** Less than a stalled cluster waits from one look to the next. */
    private static final Duration BELIEVED = Duration.ofSeconds(25);

    /** Kubernetes learns it, if at all, by an upgrade. */
    private static final Duration RESIZE_BELIEVED = Duration.ofMinutes(10);

    private final Clock clock;
    private final Map<String, Refusal> refusals = new ConcurrentHashMap<>();

    /** By name and StatefulSet of volumes, why they do not grow. */
    private final Memory<String, String> growth;

    /** By metadata.version, why Kafka does not finalise it. */
    private final Memory<String, String> levels;

    /** Why no pod may have it; empty: it is refused of a pod that runs alone. */
    private final Memory<RefusedResize, Optional<String>> resizes;

    private record Refusal(SortedMap<String, String> properties, Stall stall, Instant until) {}

    Refusals(Clock clock) {
        this.clock = clock;
        this.growth = new Memory<>(clock);
        this.levels = new Memory<>(clock);
        this.resizes = new Memory<>(clock);
    }

    /** Of each cluster what was refused, and why, for a while. */
    private record Memory<K, V>(Clock clock, Map<String, Map<K, Reason<V>>> refused) {
        private record Reason<V>(V why, Instant until) {}

        Memory(Clock clock) {
            this(clock, new ConcurrentHashMap<>());
        }

        /** @return whether it is news: what is asked again long after is refused as it was before */
        boolean put(String cluster, K what, V why, Duration believed) {
            var reason = new Reason<>(why, clock.instant().plus(believed));
            return refused.computeIfAbsent(cluster, key -> new ConcurrentHashMap<>())
                            .put(what, reason)
                    == null;
        }

        Map<K, V> of(String cluster) {
            return refused.getOrDefault(cluster, Map.of()).entrySet().stream()
                    .filter(one -> one.getValue().until().isAfter(clock.instant()))
                    .collect(Collectors.toMap(
                            Map.Entry::getKey, one -> one.getValue().why()));
        }

        void forget(String cluster) {
            refused.remove(cluster);
        }
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
        growth.put(cluster, step.volumes(), reason, BELIEVED);
    }

    Map<String, String> growth(String cluster) {
        return growth.of(cluster);
    }

    void remember(String cluster, FinaliseMetadataVersion step, String message) {
        levels.put(cluster, step.metadataVersion(), message, BELIEVED);
    }

    Map<String, String> metadataVersions(String cluster) {
        return levels.of(cluster);
    }

    /**
     * @param denial why no pod may have it; empty: one that takes the place of this one may
     * @return whether it is news
     */
    boolean remember(String cluster, RefusedResize resize, Optional<String> denial) {
        return resizes.put(cluster, resize, denial, denial.isPresent() ? BELIEVED : RESIZE_BELIEVED);
    }

    Map<RefusedResize, Optional<String>> resizes(String cluster) {
        return resizes.of(cluster);
    }

    void forget(String cluster) {
        refusals.remove(cluster);
        growth.forget(cluster);
        levels.forget(cluster);
        resizes.forget(cluster);
    }
}
