package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * What is known of a cluster's identity: first what its ConfigMap says; where that is lost, what StatefulSets and
 * claims remember. Only where there is nothing at all may a new identity be made.
 */
public sealed interface KnownIdentity {

    /** The ConfigMap has it. */
    record Recorded(Identity identity) implements KnownIdentity {}

    /** The ConfigMap is lost; StatefulSets or disks tell the same. */
    record Rebuilt(Identity identity) implements KnownIdentity {}

    /** Nothing of the cluster exists. */
    record None() implements KnownIdentity {}

    /** What exists is of two clusters, or cannot be read: nothing may be started on a guess. */
    record Contradiction(String reason) implements KnownIdentity {}

    /** Empty for a new cluster, and where it must not be guessed. */
    default Optional<Identity> known() {
        return switch (this) {
            case Recorded(Identity identity) -> Optional.of(identity);
            case Rebuilt(Identity identity) -> Optional.of(identity);
            case None none -> Optional.empty();
            case Contradiction contradiction -> Optional.empty();
        };
    }

    static KnownIdentity of(
            String cluster,
            Collection<ConfigMap> configMaps,
            Collection<StatefulSet> live,
            Collection<PersistentVolumeClaim> claims) {
        return configMaps.stream()
                .filter(map -> map.getMetadata().getName().equals(Names.identity(cluster)))
                .findFirst()
                .map(KnownIdentity::recorded)
                .orElseGet(() -> rebuilt(live, claims));
    }

    private static KnownIdentity recorded(ConfigMap map) {
        var data = Objects.requireNonNullElse(map.getData(), Map.<String, String>of());
        var id = data.get(Identity.CLUSTER_ID);
        var founders = data.get(Identity.INITIAL_CONTROLLERS);
        var formed = data.getOrDefault(Identity.FORMED, "");
        // Anything but a clear yes or no: taken for a no, a lost disk could found a second cluster.
        if (id == null || founders == null || !formed.matches("true|false")) {
            return new Contradiction(
                    "ConfigMap " + map.getMetadata().getName()
                            + " lacks what it was written with: delete it, and it is rebuilt from what StatefulSets and disks tell");
        }
        return read(id, Boolean.parseBoolean(formed), founders, Recorded::new);
    }

    private static KnownIdentity rebuilt(Collection<StatefulSet> live, Collection<PersistentVolumeClaim> claims) {
        var evidence = Stream.concat(live.stream(), claims.stream())
                .map(HasMetadata.class::cast)
                .map(KnownIdentity::annotations)
                .filter(annotations -> annotations.containsKey(Annotations.CLUSTER_ID)
                        && annotations.containsKey(Annotations.CONTROLLERS))
                .toList();
        if (evidence.isEmpty()) {
            return new None();
        }
        var ids = distinct(evidence, Annotations.CLUSTER_ID);
        var founders = distinct(evidence, Annotations.CONTROLLERS);
        if (ids.size() > 1 || founders.size() > 1) {
            return new Contradiction("StatefulSets and disks of more than one Kafka cluster are here (cluster ids "
                    + String.join(", ", ids) + "): delete the claims that are not this cluster's, or use another name");
        }
        // Whoever saw the quorum marked the ConfigMap, and then every set and disk. With no mark on any, the founders
        // may not all be formatted yet, and have to be as founders: observers alone never form a quorum.
        boolean formed = evidence.stream().anyMatch(a -> Boolean.parseBoolean(a.get(Annotations.FORMED)));
        return read(ids.getFirst(), formed, founders.getFirst(), Rebuilt::new);
    }

    private static KnownIdentity read(
            String id, boolean formed, String founders, Function<Identity, KnownIdentity> found) {
        try {
            return found.apply(new Identity(id, formed, Identity.parseFounders(founders)));
        } catch (IllegalArgumentException e) {
            return new Contradiction("the remembered controllers of the quorum cannot be read: " + e.getMessage());
        }
    }

    private static List<String> distinct(List<Map<String, String>> evidence, String annotation) {
        return evidence.stream().map(a -> a.get(annotation)).distinct().sorted().toList();
    }

    private static Map<String, String> annotations(HasMetadata object) {
        return Objects.requireNonNullElse(object.getMetadata().getAnnotations(), Map.of());
    }
}
