package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Controllers that have gone, or are brokers only, and that Kafka may still know: as long as it does, they keep new features
 * from being finalised. Kafka does not tell which it knows, so that they are on the StatefulSet from the very write that takes
 * them, or their role, away.
 */
public final class Departed {
    private Departed() {}

    /** What is to be on record when these go too; empty: they are brokers, which Kafka tells of. */
    public static Optional<String> with(Collection<Integer> leaving, StatefulSet live) {
        if (!live.getMetadata().getLabels().containsKey(Labels.CONTROLLER)) {
            return Optional.empty();
        }
        var ids = of(live);
        ids.addAll(leaving);
        return Optional.of(mark(ids));
    }

    /** What stays on record: whoever has come back is known for good reason. */
    public static Optional<String> record(NodeSet set, Optional<StatefulSet> live) {
        var ids = live.map(Departed::of).orElseGet(TreeSet::new);
        ids.removeIf(id -> !set.hasLost(id) && !set.relieved().contains(id));
        return ids.isEmpty() ? Optional.empty() : Optional.of(mark(ids));
    }

    public static SortedSet<Integer> of(StatefulSet live) {
        return NodeIds.of(live, Annotations.DEPARTED);
    }

    /** As it is written down. */
    public static String mark(Collection<Integer> ids) {
        return NodeIds.mark(ids);
    }
}
