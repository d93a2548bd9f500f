package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.PodTemplate;
import io.fabric8.kubernetes.api.model.Affinity;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.LocalObjectReference;
import io.fabric8.kubernetes.api.model.Toleration;
import io.fabric8.kubernetes.api.model.TopologySpreadConstraint;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** What a user adds to the pods of a pool; nothing in it is null. */
public record PodOverrides(
        SortedMap<String, String> labels,
        SortedMap<String, String> annotations,
        SortedMap<String, String> nodeSelector,
        Optional<Affinity> affinity,
        List<Toleration> tolerations,
        List<TopologySpreadConstraint> topologySpreadConstraints,
        Optional<String> priorityClassName,
        List<LocalObjectReference> imagePullSecrets,
        List<EnvVar> env,
        long terminationGracePeriodSeconds) {

    // Above the worst that a controlled shutdown takes: ten thousand leaders to hand over, logs to flush. A node that
    // is
    // killed instead has its logs to recover.
    private static final long GRACE_SECONDS = 300;

    static PodOverrides of(PodTemplate template) {
        return new PodOverrides(
                sorted(template.labels),
                sorted(template.annotations),
                sorted(template.nodeSelector),
                Optional.ofNullable(template.affinity),
                list(template.tolerations),
                list(template.topologySpreadConstraints),
                Optional.ofNullable(template.priorityClassName),
                list(template.imagePullSecrets),
                list(template.env),
                template.terminationGracePeriodSeconds == null
                        ? GRACE_SECONDS
                        : template.terminationGracePeriodSeconds);
    }

    private static SortedMap<String, String> sorted(Map<String, String> map) {
        return map == null ? new TreeMap<>() : new TreeMap<>(map);
    }

    private static <T> List<T> list(List<T> list) {
        return list == null ? List.of() : List.copyOf(list);
    }
}
