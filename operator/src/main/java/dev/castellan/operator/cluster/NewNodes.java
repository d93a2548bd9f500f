package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Brokers that were added to a cluster and have not had their share of the replicas yet. Nobody could tell by looking at
 * Kafka, where a broker may have few replicas because its owner wants it so; it is on the StatefulSet from the very write
 * that adds them.
 */
public final class NewNodes {
    private NewNodes() {}

    /** Those on record. */
    public static SortedSet<Integer> of(StatefulSet live) {
        return Optional.ofNullable(live.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.NEW_NODES))
                .filter(ids -> ids.matches("\\d{1,9}(,\\d{1,9})*"))
                .map(ids ->
                        Stream.of(ids.split(",")).map(Integer::valueOf).collect(Collectors.toCollection(TreeSet::new)))
                .orElseGet(TreeSet::new);
    }

    /** What is to be on record: those that the set is to have more than it has, and those on record that it still has. */
    public static Optional<String> record(NodeSet set, Optional<StatefulSet> live) {
        if (live.isEmpty() || !set.isBroker()) {
            return Optional.empty();
        }
        var ids = new TreeSet<>(set.nodeIds());
        ids.removeAll(set.leaving());
        int had = live.get().getSpec().getReplicas();
        var known = of(live.get());
        ids.removeIf(id -> id < set.firstNodeId() + had && !known.contains(id));
        return ids.isEmpty()
                ? Optional.empty()
                : Optional.of(ids.stream().map(String::valueOf).collect(Collectors.joining(",")));
    }
}
