package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import java.util.List;
import java.util.SortedMap;

/**
 * Metadata of our objects. Nothing of the KafkaCluster's own labels and annotations comes along: a GitOps tool would
 * take children with its tracking label for its own, and prune them.
 */
final class Metadata {
    private Metadata() {}

    static ObjectMeta of(ClusterSpec spec, String name) {
        return of(spec, name, Labels.of(spec.name()));
    }

    static ObjectMeta of(ClusterSpec spec, String name, NodeSet set) {
        return of(spec, name, labels(spec, set));
    }

    /** What tells a set's objects from those of the other sets. */
    static SortedMap<String, String> labels(ClusterSpec spec, NodeSet set) {
        var labels = Labels.of(spec.name());
        labels.put(Labels.SET, set.name());
        labels.put(Labels.POOL, set.pool());
        set.zone().ifPresent(zone -> labels.put(Labels.ZONE, zone));
        labels.put(set.isBroker() ? Labels.BROKER : Labels.CONTROLLER, Labels.TRUE);
        return labels;
    }

    private static ObjectMeta of(ClusterSpec spec, String name, SortedMap<String, String> labels) {
        // No builder, which copies what it is given: there are some of these for each node.
        var meta = new ObjectMeta();
        meta.setName(name);
        meta.setNamespace(spec.namespace());
        meta.setLabels(labels);
        meta.setOwnerReferences(List.of(spec.owner().reference()));
        return meta;
    }
}
