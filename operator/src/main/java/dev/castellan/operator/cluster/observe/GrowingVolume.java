package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.Growth;
import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.StorageSpec;
import dev.castellan.operator.cluster.VolumeChanges;
import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.Space;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A volume of a broker that may grow by itself.
 *
 * @param size that it has, whatever it is asked to have
 * @param used bytes
 */
public record GrowingVolume(
        ObservedNode node, String name, PersistentVolumeClaim claim, Growth growth, Quantity size, long used) {

    /**
     * @param directories by node id and path, of brokers that tell
     * @param full of those that cannot
     */
    static List<GrowingVolume> of(
            List<ObservedNode> nodes,
            Map<Integer, Map<String, LogDirectory>> directories,
            List<FullDisk> full,
            Inventory inventory) {
        var growing = new ArrayList<GrowingVolume>();
        for (var node : nodes) {
            var storage = node.set().storage();
            storage.growth().ifPresent(growth -> storage.volumes().forEach(volume -> space(node, volume, directories)
                    .flatMap(space -> of(node, volume, growth, space, inventory))
                    .or(() -> of(node, volume, growth, full))
                    .ifPresent(growing::add)));
        }
        return List.copyOf(growing);
    }

    private static Optional<GrowingVolume> of(
            ObservedNode node, StorageSpec.Volume volume, Growth growth, List<FullDisk> full) {
        var claim = Names.claim(volume.name(), node.podName());
        return full.stream()
                .filter(disk ->
                        disk.lacksRoom() && disk.claim().getMetadata().getName().equals(claim))
                .map(disk -> new GrowingVolume(
                        node, volume.name(), disk.claim(), growth, disk.size(), Quantities.bytes(disk.size())))
                .findFirst();
    }

    private static Optional<Space> space(
            ObservedNode node, StorageSpec.Volume volume, Map<Integer, Map<String, LogDirectory>> directories) {
        return Optional.ofNullable(directories.getOrDefault(node.id(), Map.of()).get(volume.logDir()))
                .flatMap(LogDirectory::space);
    }

    private static Optional<GrowingVolume> of(
            ObservedNode node, StorageSpec.Volume volume, Growth growth, Space space, Inventory inventory) {
        return inventory.claim(Names.claim(volume.name(), node.podName())).flatMap(claim -> VolumeChanges.capacity(
                        claim)
                .filter(size -> isOwn(space, size))
                .map(size -> new GrowingVolume(node, volume.name(), claim, growth, size, space.used())));
    }

    /** Where it shares a file system with others, as a folder on the host's disk does, its size says nothing about its room. */
    private static boolean isOwn(Space space, Quantity size) {
        return space.total() <= Quantities.bytes(size) + Quantities.bytes(size) / 10;
    }

    /** The size that it is to ask for; empty: it has room enough, or may not grow any further. */
    public Optional<Quantity> next() {
        return growth.next(VolumeChanges.requested(claim), used);
    }

    /** It would grow if it were allowed to. */
    public boolean isStuck() {
        return growth.isStuck(VolumeChanges.requested(claim), used);
    }

    /** To the last byte, as far as anybody can tell. */
    public boolean isFull() {
        return used >= Quantities.bytes(size);
    }

    public int usedPercent() {
        return (int) (used * 100.0 / Quantities.bytes(size));
    }

    /** As people call it: volume claim data-events-brokers-2. */
    public String title() {
        return "volume claim " + claim.getMetadata().getName();
    }
}
