package dev.castellan.operator.cluster;

import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;

/** Volumes that the user wants otherwise than they are, which Kubernetes lets nobody change in a StatefulSet. */
final class VolumeChanges {
    private VolumeChanges() {}

    static Optional<Stall> refusal(NodeSet set, Optional<StatefulSet> standing) {
        if (standing.isEmpty() || set.storage().isAsItStands()) {
            return Optional.empty();
        }
        var wanted = set.storage().ephemeral()
                ? List.<String>of()
                : set.storage().volumes().stream()
                        .map(volume -> volume.name() + " "
                                + volume.size().map(Object::toString).orElse(""))
                        .sorted()
                        .toList();
        var actual = standing.get().getSpec().getVolumeClaimTemplates().stream()
                .map(VolumeChanges::volume)
                .sorted()
                .toList();
        return wanted.equals(actual)
                ? Optional.empty()
                : Optional.of(new Stall(
                        StallReason.StorageChangeNotSupported,
                        "%s keeps its volumes %s: changing them to %s is not supported yet; set storage back"
                                .formatted(set.name(), actual, wanted)));
    }

    private static String volume(PersistentVolumeClaim claim) {
        return claim.getMetadata().getName() + " "
                + claim.getSpec().getResources().getRequests().get("storage");
    }
}
