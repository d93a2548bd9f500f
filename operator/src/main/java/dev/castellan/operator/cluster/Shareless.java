package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Brokers without their share of the replicas: those that were added, those that are to go, should they stay after all, and
 * those that are left when others have gone. Nobody could tell by looking at Kafka, where a broker may have few replicas
 * because its owner wants it so; it is on the StatefulSet from the very write that adds them, and before the first replica
 * moves away from one that is to go.
 */
public final class Shareless {
    private Shareless() {}

    /** Those on record. */
    public static SortedSet<Integer> of(StatefulSet live) {
        return NodeIds.of(live, Annotations.SHARELESS);
    }

    /** As it is written down. */
    public static String mark(Collection<Integer> ids) {
        return NodeIds.mark(ids);
    }

    /**
     * What is to be on record: those that the set is to have more than it has, those on record that it still has, and all
     * where any on record has gone, since what it held could not always go to who had least.
     *
     * @param formed with the first brokers of a cluster there are no replicas to be shared yet
     */
    public static Optional<String> record(NodeSet set, Optional<StatefulSet> live, boolean formed) {
        if (!set.isBroker()) {
            return Optional.empty();
        }
        if (live.isEmpty()) {
            var coming = new TreeSet<>(set.nodeIds());
            coming.removeAll(set.leaving());
            return formed && !coming.isEmpty() ? Optional.of(mark(coming)) : Optional.empty();
        }
        int had = live.get().getSpec().getReplicas();
        var known = of(live.get());
        boolean haveGone = !set.nodeIds().containsAll(known);
        var ids = new TreeSet<>(set.nodeIds());
        ids.removeAll(set.leaving());
        ids.removeIf(id -> !haveGone && id < set.firstNodeId() + had);
        known.stream().filter(set.nodeIds()::contains).forEach(ids::add);
        return ids.isEmpty() ? Optional.empty() : Optional.of(mark(ids));
    }
}
