package dev.castellan.operator.cluster;

import dev.castellan.operator.cluster.StorageSpec.Volume;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Volumes that the user wants otherwise than a StatefulSet has them: larger is well, everything else is refused. */
public final class VolumeChanges {
    private static final String STORAGE = "storage";

    private VolumeChanges() {}

    /** By name; none where they stay as they are, whatever that is. */
    public static Map<String, Quantity> wanted(NodeSet set) {
        return set.storage().ephemeral()
                ? Map.of()
                : set.storage().volumes().stream().collect(Collectors.toMap(Volume::name, volume -> volume.size()
                        .orElseThrow()));
    }

    public static Quantity requested(PersistentVolumeClaim claim) {
        return claim.getSpec().getResources().getRequests().get(STORAGE);
    }

    /** Empty until the volume is there. */
    public static Optional<Quantity> capacity(PersistentVolumeClaim claim) {
        return Optional.ofNullable(claim.getStatus())
                .map(status -> status.getCapacity())
                .map(capacity -> capacity.get(STORAGE));
    }

    /** The same, for nodes that come later with the sizes that are wanted now; empty: it has them. */
    public static Optional<StatefulSet> successor(NodeSet set, StatefulSet desired) {
        var wanted = wanted(set);
        var claims = desired.getSpec().getVolumeClaimTemplates();
        if (claims.stream().noneMatch(claim -> isToGrow(claim, wanted))) {
            return Optional.empty();
        }
        var grown = new StatefulSetBuilder(desired).build();
        grown.getSpec().getVolumeClaimTemplates().stream()
                .filter(claim -> isToGrow(claim, wanted))
                .forEach(claim -> claim.getSpec()
                        .getResources()
                        .setRequests(
                                Map.of(STORAGE, wanted.get(claim.getMetadata().getName()))));
        return Optional.of(grown);
    }

    private static boolean isToGrow(PersistentVolumeClaim claim, Map<String, Quantity> wanted) {
        var size = wanted.get(claim.getMetadata().getName());
        return size != null && Quantities.isLess(requested(claim), size);
    }

    static Optional<Stall> refusal(NodeSet set, Optional<StatefulSet> standing) {
        if (standing.isEmpty() || set.isUndeclared()) {
            return Optional.empty();
        }
        var wanted = wanted(set);
        var actual = standing.get().getSpec().getVolumeClaimTemplates().stream()
                .collect(Collectors.toMap(claim -> claim.getMetadata().getName(), Function.identity()));
        boolean isSameOrLarger = wanted.keySet().equals(actual.keySet())
                && actual.values().stream()
                        .noneMatch(claim ->
                                Quantities.isLess(wanted.get(claim.getMetadata().getName()), requested(claim)));
        return isSameOrLarger
                ? Optional.empty()
                : Optional.of(new Stall(
                        StallReason.StorageChangeNotSupported,
                        "%s keeps its volumes %s: they can grow, but they cannot become %s; set storage back"
                                .formatted(
                                        set.name(),
                                        words(actual.values().stream()
                                                .collect(Collectors.toMap(
                                                        claim -> claim.getMetadata()
                                                                .getName(),
                                                        VolumeChanges::requested))),
                                        words(wanted))));
    }

    private static List<String> words(Map<String, Quantity> sizes) {
        return sizes.entrySet().stream()
                .map(volume -> volume.getKey() + " " + volume.getValue())
                .sorted()
                .toList();
    }
}
