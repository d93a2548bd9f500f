package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.desired.PlanHash;
import dev.castellan.operator.cluster.desired.PlanHash.Goal;
import dev.castellan.operator.cluster.desired.PodChanges;
import dev.castellan.operator.cluster.desired.PodChanges.Leaves;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.Pod;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

/** What the revisions of each cluster tell: the same from one look to the next, and costly to read. */
final class RevisionLooks {
    private final Map<String, Known> last = new ConcurrentHashMap<>();

    private record Pair(String actual, String wanted) {}

    private record Known(Map<Pair, PodChanges> changes, Map<List<Goal>, String> planHashes) {
        Known() {
            this(new HashMap<>(), new HashMap<>());
        }
    }

    /** What is not asked for in this look is not remembered for the next. */
    Look begin(String cluster) {
        var now = new Known();
        return new Look(Objects.requireNonNullElseGet(last.put(cluster, now), Known::new), now, new HashMap<>());
    }

    void forget(String cluster) {
        last.remove(cluster);
    }

    record Look(Known before, Known now, Map<String, Leaves> leaves) {
        /**
         * How a pod differs from what it should be.
         *
         * @param wanted empty: it may stay as it is
         */
        Optional<PodChanges> changes(Pod pod, Optional<String> wanted) {
            var annotations = Objects.requireNonNullElse(pod.getMetadata().getAnnotations(), Map.<String, String>of());
            var actual = annotations.getOrDefault(Annotations.POD_SPEC, "");
            if (wanted.equals(Optional.of(actual))) {
                return Optional.empty();
            }
            return Optional.of(remembered(
                    before.changes(),
                    now.changes(),
                    new Pair(actual, wanted.orElse(actual)),
                    pair -> PodChanges.between(read(pair.actual()), read(pair.wanted()))));
        }

        String planHash(Intent intent) {
            var goals = intent.sets().stream()
                    .map(set -> new Goal(set.name(), intent.podSpec(set)))
                    .toList();
            return remembered(before.planHashes(), now.planHashes(), goals, wanted -> PlanHash.of(wanted, this::read));
        }

        private Leaves read(String revision) {
            return leaves.computeIfAbsent(revision, Leaves::of);
        }

        private static <K, V> V remembered(Map<K, V> before, Map<K, V> now, K key, Function<K, V> tell) {
            return now.computeIfAbsent(key, k -> before.containsKey(k) ? before.get(k) : tell.apply(k));
        }
    }
}
