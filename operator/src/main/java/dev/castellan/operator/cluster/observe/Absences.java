package dev.castellan.operator.cluster.observe;

import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Since when pods have been missing, as far as this operator has seen. In memory only: one that comes back waits anew. */
final class Absences {
    private final Map<String, Map<String, Instant>> last = new ConcurrentHashMap<>();

    /** @param missing all of the cluster's pods that are missing now; what is there again is forgotten */
    Map<String, Instant> since(String cluster, Collection<String> missing, Instant now) {
        if (missing.isEmpty()) {
            last.remove(cluster);
            return Map.of();
        }
        var before = last.getOrDefault(cluster, Map.of());
        var since = missing.stream()
                .collect(Collectors.toUnmodifiableMap(Function.identity(), pod -> before.getOrDefault(pod, now)));
        last.put(cluster, since);
        return since;
    }

    void forget(String cluster) {
        last.remove(cluster);
    }
}
