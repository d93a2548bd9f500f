package dev.castellan.operator.cluster;

import dev.castellan.operator.cluster.observe.AskedCordon;
import dev.castellan.operator.cluster.plan.Step;
import dev.castellan.operator.cluster.plan.Step.CordonBrokers;
import dev.castellan.operator.cluster.plan.Step.UncordonBrokers;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/**
 * Which brokers of each cluster were asked to take no new replicas, or to take them again: who refuses, hears late or does not answer
 * is asked again, but holds up nothing meanwhile. In memory only.
 */
final class AskedCordons {
    private static final Duration AGAIN = Duration.ofSeconds(25);

    private final Clock clock;
    private final Map<String, Map<AskedCordon, Instant>> until = new ConcurrentHashMap<>();

    AskedCordons(Clock clock) {
        this.clock = clock;
    }

    /** To be called ahead of each step: whoever does not answer has been asked all the same. */
    void remember(String cluster, Step step) {
        switch (step) {
            case CordonBrokers cordon -> remember(cluster, cordon.brokers(), true);
            case UncordonBrokers uncordon -> remember(cluster, uncordon.brokers(), false);
            default -> {}
        }
    }

    private void remember(String cluster, Collection<Integer> brokers, boolean closed) {
        var asked = until.computeIfAbsent(cluster, key -> new ConcurrentHashMap<>());
        for (int id : brokers) {
            asked.remove(new AskedCordon(id, !closed));
            asked.put(new AskedCordon(id, closed), clock.instant().plus(AGAIN));
        }
    }

    Set<AskedCordon> of(String cluster) {
        return until.getOrDefault(cluster, Map.of()).entrySet().stream()
                .filter(asked -> asked.getValue().isAfter(clock.instant()))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    void forget(String cluster) {
        until.remove(cluster);
    }
}
