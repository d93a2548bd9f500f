package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;

/**
 * Nodes that sleep, since their user wants the cluster to hibernate: their StatefulSet has no pods, and has on record how many
 * it had, from the very write that takes them away until they are back. As long as it has that on record nothing else of it
 * changes, so that they come back as they were.
 */
public final class Stopped {
    private Stopped() {}

    /** All of them sleep. */
    public static boolean is(StatefulSet live) {
        return live.getSpec().getReplicas() == 0 && isOnRecord(live);
    }

    /** They sleep, or some of them, or are not all back yet. */
    public static boolean isOnRecord(StatefulSet live) {
        return recorded(live).isPresent();
    }

    /** How many nodes are the set's, whether they run or sleep, and whoever has raised it by hand meanwhile. */
    public static int nodes(StatefulSet live) {
        return Math.max(live.getSpec().getReplicas(), recorded(live).orElse(0));
    }

    /** Whoever would lose its data by it, as of a pool that is on its way out, leaves before. */
    static boolean mayBe(List<NodeSet> sets) {
        return sets.stream().noneMatch(set -> set.storage().ephemeral() && set.replicas() > 0);
    }

    private static Optional<Integer> recorded(StatefulSet live) {
        return Optional.ofNullable(live.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.STOPPED))
                .filter(nodes -> nodes.matches("\\d{1,9}"))
                .map(Integer::valueOf);
    }
}
