package dev.castellan.operator.cluster.observe;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * A disk that was full when its node ended last, and is as large as it was then.
 *
 * @param claim of the node, that the volume on the disk is bound to
 * @param size that the volume has
 */
public record FullDisk(ObservedNode node, PersistentVolumeClaim claim, Quantity size) {

    /** Those of its name of its StatefulSet, as Names.claim has them: of one StorageClass. */
    public String volumes() {
        var name = claim.getMetadata().getName();
        return name.substring(0, name.length() - ("-" + node.id()).length());
    }

    /** Without anything that changes from one look to the next. */
    public String words() {
        return claim.getMetadata().getName() + " (full)";
    }
}
