package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.desired.PodChanges;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** How the pods of each cluster differ from what they should be: the same from one look to the next, and costly to tell. */
final class PodLooks {
    private final Map<String, Map<Pair, PodChanges>> last = new ConcurrentHashMap<>();

    private record Pair(String actual, String wanted) {}

    /** What is not asked for in this look is not remembered for the next. */
    Look begin(String cluster) {
        var now = new HashMap<Pair, PodChanges>();
        return new Look(Objects.requireNonNullElse(last.put(cluster, now), Map.of()), now);
    }

    void forget(String cluster) {
        last.remove(cluster);
    }

    record Look(Map<Pair, PodChanges> before, Map<Pair, PodChanges> now) {
        /** @param wanted empty: it may stay as it is */
        Optional<PodChanges> changes(Pod pod, Optional<String> wanted) {
            var annotations = Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of());
            var actual = annotations.getOrDefault(Annotations.POD_SPEC, "");
            if (wanted.equals(Optional.of(actual))) {
                return Optional.empty();
            }
            var pair = new Pair(actual, wanted.orElse(actual));
            return Optional.of(now.computeIfAbsent(
                    pair, p -> before.containsKey(p) ? before.get(p) : PodChanges.between(p.actual(), p.wanted())));
        }
    }
}
