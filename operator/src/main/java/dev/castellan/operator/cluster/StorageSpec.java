package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.Storage;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;

/**
 * Disks of a node, with defaults applied.
 *
 * @param growth how they grow by themselves; empty: they don't
 */
public record StorageSpec(boolean ephemeral, boolean retain, List<Volume> volumes, Optional<Growth> growth) {
    private static final String ONE_VOLUME = "data";
    private static final Quantity DEFAULT_SIZE = new Quantity("10Gi");

    /** The size is empty for an ephemeral volume without a limit. */
    public record Volume(String name, Optional<Quantity> size, Optional<String> storageClass) {
        public String mountPath() {
            return "/var/lib/kafka/" + name;
        }

        /** A folder below the mount point, since that of a file system may hold a lost+found, which Kafka refuses. */
        public String logDir() {
            return mountPath() + "/kafka-log";
        }
    }

    /** Of a set that the spec has nothing to say about: its volumes stay as they are, and so does who owns them. */
    static StorageSpec asItStands(StatefulSet set) {
        return new StorageSpec(set.getSpec().getVolumeClaimTemplates().isEmpty(), true, List.of(), Optional.empty());
    }

    public boolean isAsItStands() {
        return volumes.isEmpty();
    }

    static StorageSpec of(Storage storage) {
        boolean ephemeral = Boolean.TRUE.equals(storage.ephemeral);
        boolean retain = !Boolean.FALSE.equals(storage.retain);
        return new StorageSpec(
                ephemeral,
                retain,
                volumes(storage, ephemeral),
                Optional.ofNullable(storage.autoGrow).map(Growth::of));
    }

    private static List<Volume> volumes(Storage storage, boolean ephemeral) {
        if (storage.volumes != null && !storage.volumes.isEmpty()) {
            return storage.volumes.stream()
                    .map(v -> new Volume(
                            v.name, Optional.of(Quantities.canonical(v.size)), Optional.ofNullable(v.storageClass)))
                    .toList();
        }
        var size = Optional.ofNullable(storage.size)
                .map(Quantities::canonical)
                .or(() -> ephemeral ? Optional.empty() : Optional.of(DEFAULT_SIZE));
        return List.of(new Volume(ONE_VOLUME, size, Optional.ofNullable(storage.storageClass)));
    }
}
