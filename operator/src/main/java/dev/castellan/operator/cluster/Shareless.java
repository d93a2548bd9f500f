package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.placement.Pace;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Brokers without their share of the replicas: those that were added, those that are to go, should they stay after all,
 * those that are left when others have gone, and all where their user has asked for it. Nobody could tell by looking at Kafka,
 * where a broker may have few replicas because its owner wants it so; it is on the StatefulSet from the very write that adds them, and before the first replica
 * moves away from one that is to go.
 */
public final class Shareless {
    /** As it is written down where all of a set are meant. */
    public static final String ALL = "all";

    private Shareless() {}

    /** Those on record. */
    public static SortedSet<Integer> of(StatefulSet live) {
        return isRequested(live) ? all(live) : NodeIds.of(live, Annotations.SHARELESS);
    }

    /** Those that are to get their share now. */
    public static SortedSet<Integer> toFill(StatefulSet live, Pace pace) {
        return pace.onScale() || isRequested(live) ? of(live) : new TreeSet<>();
    }

    private static boolean isRequested(StatefulSet live) {
        return annotation(live, Annotations.SHARELESS).equals(Optional.of(ALL));
    }

    private static SortedSet<Integer> all(StatefulSet live) {
        int first = live.getSpec().getOrdinals().getStart();
        return IntStream.range(first, first + live.getSpec().getReplicas())
                .boxed()
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static Optional<String> annotation(StatefulSet live, String name) {
        return Optional.ofNullable(live.getMetadata().getAnnotations()).map(annotations -> annotations.get(name));
    }

    /** As it is written down. */
    public static String mark(Collection<Integer> ids) {
        return NodeIds.mark(ids);
    }

    /** The request that has been heard once {@link #record} is on record too: both are of one write. */
    public static Optional<String> heard(NodeSet set, Optional<StatefulSet> live, Pace pace) {
        return set.isBroker()
                ? pace.request().or(() -> live.flatMap(known -> annotation(known, Annotations.REBALANCE_REQUEST)))
                : Optional.empty();
    }

    private static boolean isAskedFor(StatefulSet live, Pace pace) {
        return isRequested(live)
                || (pace.request().isPresent()
                        && !pace.request().equals(annotation(live, Annotations.REBALANCE_REQUEST)));
    }

    /**
     * What is to be on record: all, where they are asked for; those that the set is to have more than it has, those on record
     * that it still has, and all where any on record has gone, since what it held could not always go to who had least.
     *
     * @param formed with the first brokers of a cluster there are no replicas to be shared yet
     */
    public static Optional<String> record(NodeSet set, Optional<StatefulSet> live, boolean formed, Pace pace) {
        if (!set.isBroker()) {
            return Optional.empty();
        }
        if (live.isEmpty()) {
            var coming = new TreeSet<>(set.nodeIds());
            coming.removeAll(set.leaving());
            return formed && !coming.isEmpty() ? Optional.of(mark(coming)) : Optional.empty();
        }
        if (formed && isAskedFor(live.get(), pace)) {
            return Optional.of(ALL);
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
