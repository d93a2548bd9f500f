package dev.castellan.operator.cluster.report;

import dev.castellan.api.v1beta1.KafkaClusterStatus.NodeStatus;
import dev.castellan.api.v1beta1.KafkaClusterStatus.VolumeStatus;
import dev.castellan.operator.cluster.observe.GrowingVolume;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/** How full the volumes of a broker are: roughly, since under traffic it is another figure with each look. */
final class VolumeStatuses {
    private static final int STEP = 5;

    private VolumeStatuses() {}

    /** @param before null: nothing was said yet; what is silent for a while is as full as it was */
    static List<VolumeStatus> of(ObservedNode node, ObservedCluster observed, List<NodeStatus> before) {
        if (node.set().storage().growth().isEmpty()) {
            return null;
        }
        var said = Stream.ofNullable(before)
                .flatMap(List::stream)
                .filter(status -> Objects.equals(status.id, node.id()))
                .flatMap(status -> Stream.ofNullable(status.volumes))
                .flatMap(List::stream)
                .toList();
        var told = node.set().storage().volumes().stream()
                .flatMap(volume -> of(node, volume.name(), observed, said).stream())
                .toList();
        return told.isEmpty() ? null : told;
    }

    private static Optional<VolumeStatus> of(
            ObservedNode node, String name, ObservedCluster observed, List<VolumeStatus> said) {
        return observed.growing().stream()
                .filter(volume ->
                        volume.node().id() == node.id() && volume.name().equals(name))
                .findFirst()
                .map(volume -> status(volume, said))
                .or(() -> said.stream().filter(told -> name.equals(told.name)).findFirst());
    }

    private static VolumeStatus status(GrowingVolume volume, List<VolumeStatus> said) {
        var before =
                said.stream().filter(told -> volume.name().equals(told.name)).findFirst();
        var status = new VolumeStatus();
        status.name = volume.name();
        status.size = volume.size();
        status.usedPercent = before.filter(told -> volume.size().equals(told.size))
                .map(told -> told.usedPercent)
                .filter(told -> Math.abs(volume.usedPercent() - told) < STEP)
                .orElseGet(volume::usedPercent);
        return status;
    }
}
