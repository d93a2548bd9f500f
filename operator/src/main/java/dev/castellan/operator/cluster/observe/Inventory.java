package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.StorageSpec;
import dev.castellan.operator.cluster.observe.ObservedCluster.Obstacle;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Optional;

/**
 * The Kubernetes objects of a cluster, read in one go.
 *
 * @param live read from the API server a moment ago, not from caches
 * @param identity the cluster's own record of its identity
 * @param identityObstacle what has the name of that record without being it
 * @param budgets how many pods others may evict now
 * @param files Services and ConfigMaps of the cluster
 */
public record Inventory(
        boolean live,
        Optional<ConfigMap> identity,
        Optional<Obstacle> identityObstacle,
        List<StatefulSet> statefulSets,
        List<Pod> pods,
        List<PersistentVolumeClaim> claims,
        List<PodDisruptionBudget> budgets,
        List<HasMetadata> files) {

    public Optional<StatefulSet> statefulSet(String name) {
        return named(name, statefulSets);
    }

    public Optional<PersistentVolumeClaim> claim(String name) {
        return named(name, claims);
    }

    /** Of the volume with that log directory, as its StatefulSet makes them, whether the spec still speaks of them or not. */
    Optional<PersistentVolumeClaim> claim(ObservedNode node, String directory) {
        return statefulSet(node.set().name()).stream()
                .flatMap(live -> live.getSpec().getVolumeClaimTemplates().stream())
                .map(template -> template.getMetadata().getName())
                .filter(name -> new StorageSpec.Volume(name, Optional.empty(), Optional.empty())
                        .logDir()
                        .equals(directory))
                .flatMap(name -> claim(Names.claim(name, node.podName())).stream())
                .findFirst();
    }

    public Optional<Pod> pod(String name) {
        return named(name, pods);
    }

    /** A plain loop, as nearly every rule asks for some of these. */
    private static <T extends HasMetadata> Optional<T> named(String name, List<T> objects) {
        for (var object : objects) {
            if (object.getMetadata().getName().equals(name)) {
                return Optional.of(object);
            }
        }
        return Optional.empty();
    }
}
