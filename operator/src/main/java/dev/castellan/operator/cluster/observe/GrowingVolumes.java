package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.Growth;
import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.StorageSpec;
import dev.castellan.operator.cluster.VolumeChanges;
import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.Space;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Finds out how full those volumes are that may grow by themselves, and how fast they fill. */
final class GrowingVolumes {
    private final Map<String, Filling> fillings = new ConcurrentHashMap<>();

    /** @param directories by node id and path, of brokers that tell */
    List<GrowingVolume> of(
            String cluster,
            List<ObservedNode> nodes,
            Map<Integer, Map<String, LogDirectory>> directories,
            Inventory inventory,
            Instant now) {
        return nodes.stream()
                .flatMap(node -> node.set().storage().growth().stream()
                        .flatMap(growth -> node.set().storage().volumes().stream()
                                .flatMap(volume -> space(node, volume, directories)
                                        .flatMap(space -> volume(cluster, node, volume, growth, space, inventory, now))
                                        .stream())))
                .toList();
    }

    /** To be called when a KafkaCluster is gone. */
    void forget(String cluster) {
        fillings.keySet().removeIf(volume -> volume.startsWith(cluster + "/"));
    }

    private static Optional<Space> space(
            ObservedNode node, StorageSpec.Volume volume, Map<Integer, Map<String, LogDirectory>> directories) {
        return Optional.ofNullable(directories.getOrDefault(node.id(), Map.of()).get(volume.logDir()))
                .flatMap(LogDirectory::space);
    }

    private Optional<GrowingVolume> volume(
            String cluster,
            ObservedNode node,
            StorageSpec.Volume volume,
            Growth growth,
            Space space,
            Inventory inventory,
            Instant now) {
        return inventory.claim(Names.claim(volume.name(), node.podName())).flatMap(claim -> VolumeChanges.capacity(
                        claim)
                .filter(size -> isOwn(space, size))
                .map(size -> new GrowingVolume(
                        node,
                        volume.name(),
                        claim,
                        growth,
                        size,
                        space.used(),
                        fillings.computeIfAbsent(
                                        cluster + "/" + claim.getMetadata().getUid(), key -> new Filling())
                                .fullIn(space, now))));
    }

    /** Where it shares a file system with others, as a folder on the host's disk does, its size says nothing about its room. */
    private static boolean isOwn(Space space, Quantity size) {
        return space.total() <= Quantities.bytes(size) + Quantities.bytes(size) / 10;
    }
}
