package dev.castellan.operator.simulation;

import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.VolumeChanges;
import dev.castellan.operator.kafka.KafkaAdmin.Space;
import dev.castellan.operator.kube.FakeKube;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** How full volumes are. */
final class FakeSpaces {
    private final FakeKube kube;

    /** In bytes, by uid of the claim. */
    private final Map<String, Long> used = new HashMap<>();

    FakeSpaces(FakeKube kube) {
        this.kube = kube;
    }

    /** To so many percent of what it has room for. */
    void fill(PersistentVolumeClaim claim, int percent) {
        used.put(claim.getMetadata().getUid(), size(claim) * percent / 100);
    }

    long used(PersistentVolumeClaim claim) {
        return used.getOrDefault(claim.getMetadata().getUid(), 0L);
    }

    /** Any of them. */
    boolean areFilled() {
        return !used.isEmpty();
    }

    boolean isFull(PersistentVolumeClaim claim) {
        return used(claim) >= size(claim);
    }

    /** As the launcher says it. */
    String lastWords(PersistentVolumeClaim claim, String directory) {
        return "FULL: disk " + directory + " is full: " + fileSystem(claim) + " bytes";
    }

    /** Of the size, its file system has a little for itself. */
    long fileSystem(PersistentVolumeClaim claim) {
        return size(claim) / 100 * 95;
    }

    /** Something was written to it at some time. */
    boolean wasFilled(PersistentVolumeClaim claim) {
        return used.containsKey(claim.getMetadata().getUid());
    }

    /** Of the directory of a node. */
    Optional<Space> of(int node, String directory) {
        var volume = directory.split("/")[4];
        var start = volume + "-";
        var end = "-" + node;
        for (var claim : kube.everything(PersistentVolumeClaim.class)) {
            var name = claim.getMetadata().getName();
            if (name.startsWith(start) && name.endsWith(end)) {
                return Optional.of(new Space(size(claim), size(claim) - used(claim)));
            }
        }
        return Optional.empty();
    }

    private static long size(PersistentVolumeClaim claim) {
        return Quantities.bytes(VolumeChanges.capacity(claim).orElseThrow());
    }
}
