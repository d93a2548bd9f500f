package dev.castellan.operator.cluster;

import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Optional;

/** Disks of a node, with defaults applied. */
public record StorageSpec(boolean ephemeral, boolean retain, List<Volume> volumes) {
    /** The size is empty for an ephemeral volume without a limit. */
    public record Volume(String name, Optional<Quantity> size, Optional<String> storageClass) {}
}
