package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;

/**
 * Remembers which state of an object was found to be as desired. To compare by managed fields is most of what a
 * reconcile costs that finds nothing to do; the same object, unchanged, need not be compared with the same wish again.
 */
public final class KnownMatches {
    private static final int REMEMBERED = 10_000;

    private final Map<String, Match> matches = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Match> eldest) {
            return size() > REMEMBERED;
        }
    };

    /** The wish itself and not its JSON: to write that anew at each look costs more than to see that two are equal. */
    private record Match(String resourceVersion, HasMetadata desired) {}

    boolean matches(HasMetadata actual, HasMetadata desired, BooleanSupplier compare) {
        var uid = actual.getMetadata().getUid();
        var match = new Match(actual.getMetadata().getResourceVersion(), desired);
        if (match.equals(known(uid))) {
            return true;
        }
        var matches = compare.getAsBoolean();
        if (matches) {
            remember(uid, match);
        }
        return matches;
    }

    private synchronized Match known(String uid) {
        return matches.get(uid);
    }

    private synchronized void remember(String uid, Match match) {
        matches.put(uid, match);
    }
}
