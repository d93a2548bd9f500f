package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Controllers that have gone, and that Kafka may still know: as long as it does, they keep new features from being finalised.
 * Kafka does not tell which it knows, so that they are on the StatefulSet from the very write that takes them away.
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
        ids.removeIf(id -> !set.hasLost(id));
        return ids.isEmpty() ? Optional.empty() : Optional.of(mark(ids));
    }

    public static SortedSet<Integer> of(StatefulSet live) {
        return Optional.ofNullable(live.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.DEPARTED))
                .filter(ids -> ids.matches("\\d{1,9}(,\\d{1,9})*"))
                .map(ids ->
                        Stream.of(ids.split(",")).map(Integer::valueOf).collect(Collectors.toCollection(TreeSet::new)))
                .orElseGet(TreeSet::new);
    }

    /** As it is written down. */
    public static String mark(Collection<Integer> ids) {
        return ids.stream().sorted().map(String::valueOf).collect(Collectors.joining(","));
    }
}
