package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.Map;
import java.util.Optional;

/**
 * Whose an object is, seen from one KafkaCluster. Labels alone prove nothing, anybody can set them: an object is ours if
 * its controller is this very KafkaCluster, or if it has no controller and was last applied by us (as after a deletion
 * that orphans). Claims are made by their StatefulSet and outlive it, so that there the label has to do.
 */
enum Ownership {
    OURS,
    /** Ours, but on its way out: never to be read as a fact about the cluster of today. */
    LEAVING,
    FOREIGN;

    static Ownership of(HasMetadata object, HasMetadata cluster) {
        var deleted = object.getMetadata().getDeletionTimestamp() != null;
        return isOurs(object, cluster) && deleted ? LEAVING : apartFromDeletion(object, cluster);
    }

    /** Whether this KafkaCluster's object, be it on its way out or not. */
    static boolean isOurs(HasMetadata object, HasMetadata cluster) {
        return apartFromDeletion(object, cluster) == OURS;
    }

    /** True for what an earlier KafkaCluster of the same name left to the garbage collector. */
    static boolean isOfEarlierCluster(HasMetadata object, HasMetadata cluster) {
        return controller(object).filter(owner -> isEarlier(owner, cluster)).isPresent();
    }

    private static Ownership apartFromDeletion(HasMetadata object, HasMetadata cluster) {
        var controller = controller(object);
        if (controller.isEmpty()) {
            return isLabelled(object, cluster) && (object instanceof PersistentVolumeClaim || wasAppliedByUs(object))
                    ? OURS
                    : FOREIGN;
        }
        if (controller.get().getUid().equals(cluster.getMetadata().getUid())) {
            return OURS;
        }
        return isEarlier(controller.get(), cluster) ? LEAVING : FOREIGN;
    }

    private static boolean isEarlier(OwnerReference owner, HasMetadata cluster) {
        return owner.getKind().equals(cluster.getKind())
                && owner.getApiVersion().equals(cluster.getApiVersion())
                && owner.getName().equals(cluster.getMetadata().getName())
                && !owner.getUid().equals(cluster.getMetadata().getUid());
    }

    private static Optional<OwnerReference> controller(HasMetadata object) {
        return object.getMetadata().getOwnerReferences().stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .findFirst();
    }

    private static boolean isLabelled(HasMetadata object, HasMetadata cluster) {
        var labels = Optional.ofNullable(object.getMetadata().getLabels()).orElse(Map.of());
        return cluster.getMetadata().getName().equals(labels.get(Labels.CLUSTER));
    }

    private static boolean wasAppliedByUs(HasMetadata object) {
        return object.getMetadata().getManagedFields().stream()
                .anyMatch(entry ->
                        ApiServerKube.FIELD_MANAGER.equals(entry.getManager()) && "Apply".equals(entry.getOperation()));
    }
}
