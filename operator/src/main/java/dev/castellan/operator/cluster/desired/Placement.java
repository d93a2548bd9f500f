package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.AffinityBuilder;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraintBuilder;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Where the pods of a set may run. Hosts are preferred, not required: a cluster on fewer hosts than brokers still
 * stands; who needs a host for each says so in template.affinity.
 */
final class Placement {
    private static final int MOST_WEIGHT = 100;

    private Placement() {}

    static SortedMap<String, String> nodeSelector(NodeSet set) {
        var selector = new TreeMap<>(set.template().nodeSelector());
        set.zone().ifPresent(zone -> selector.put(Labels.TOPOLOGY_ZONE, zone));
        return selector;
    }

    static Affinity affinity(ClusterSpec spec, NodeSet set) {
        return set.template().affinity().orElseGet(() -> new AffinityBuilder()
                .withNewPodAntiAffinity()
                .addNewPreferredDuringSchedulingIgnoredDuringExecution()
                .withWeight(MOST_WEIGHT)
                .withNewPodAffinityTerm()
                .withTopologyKey(Labels.TOPOLOGY_HOST)
                .withNewLabelSelector()
                .withMatchLabels(Labels.pods(spec.name()))
                .endLabelSelector()
                .endPodAffinityTerm()
                .endPreferredDuringSchedulingIgnoredDuringExecution()
                .endPodAntiAffinity()
                .build());
    }

    static List<TopologySpreadConstraint> spread(ClusterSpec spec, NodeSet set) {
        var declared = set.template().topologySpreadConstraints();
        if (!declared.isEmpty() || set.zone().isPresent()) {
            return declared;
        }
        return List.of(new TopologySpreadConstraintBuilder()
                .withMaxSkew(1)
                .withTopologyKey(Labels.TOPOLOGY_HOST)
                .withWhenUnsatisfiable("ScheduleAnyway")
                .withNewLabelSelector()
                .withMatchLabels(Labels.set(spec.name(), set.name()))
                .endLabelSelector()
                .build());
    }
}
