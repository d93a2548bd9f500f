package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Objects of ours that nothing needs any more: configurations that no pod and no template mounts, Services of listeners
 * that are gone. Never a StatefulSet, a pod or a claim.
 */
public final class Obsolete {
    private static final Set<String> KINDS =
            Set.of("ConfigMap", "Service", "PodDisruptionBudget", "NetworkPolicy", "ServiceAccount");

    private Obsolete() {}

    /** Of the existing objects, which must be this cluster's own by owner reference. */
    public static List<HasMetadata> of(
            DesiredCluster desired,
            Collection<? extends HasMetadata> existing,
            Collection<StatefulSet> live,
            Collection<Pod> pods) {
        var needed = desired.supporting().stream().map(Obsolete::key).collect(Collectors.toCollection(HashSet::new));
        Stream.concat(
                        pods.stream().map(Pod::getSpec),
                        live.stream().map(set -> set.getSpec().getTemplate().getSpec()))
                .flatMap(spec -> Revision.configMapName(spec).stream())
                .forEach(name -> needed.add("ConfigMap/" + name));
        return existing.stream()
                .filter(object -> KINDS.contains(object.getKind()))
                .filter(object -> isOurs(desired, object) && !needed.contains(key(object)))
                .map(HasMetadata.class::cast)
                .toList();
    }

    private static boolean isOurs(DesiredCluster desired, HasMetadata object) {
        var labels = object.getMetadata().getLabels();
        return labels != null
                && Labels.CASTELLAN.equals(labels.get(Labels.MANAGED_BY))
                && desired.name().equals(labels.get(Labels.CLUSTER))
                && object.getMetadata().getDeletionTimestamp() == null;
    }

    private static String key(HasMetadata object) {
        return object.getKind() + "/" + object.getMetadata().getName();
    }
}
