package dev.castellan.operator.cluster.report;

import dev.castellan.api.v1beta1.KafkaClusterStatus.NodeStatus;
import dev.castellan.api.v1beta1.KafkaClusterStatus.VolumeStatus;
import dev.castellan.operator.cluster.observe.GrowingVolume;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/** How full the volumes of a broker are: roughly, since under traffic it is another figure with each look. */
final class VolumeStatuses {
    private static final int STEP = 5;
    private static final List<Horizon> HORIZONS = List.of(
            new Horizon(Duration.ofMinutes(15), "15m"),
            new Horizon(Duration.ofHours(1), "1h"),
            new Horizon(Duration.ofHours(6), "6h"),
            new Horizon(Duration.ofDays(1), "1d"),
            new Horizon(Duration.ofDays(7), "7d"));

    private VolumeStatuses() {}

    /** @param before null: nothing was said yet; who is silent for a while is as full as he was */
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
        var now = observed.growing().stream()
                .filter(volume -> volume.node().equals(node))
                .map(volume -> status(volume, said))
                .toList();
        return now.isEmpty() ? said.isEmpty() ? null : said : now;
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
        status.fullIn = volume.fullIn().isPresent()
                ? within(volume.fullIn().get())
                : before.map(told -> told.fullIn).orElse(null);
        return status;
    }

    /** Null: not within any time that calls for haste. */
    private static String within(Duration time) {
        return HORIZONS.stream()
                .filter(horizon -> time.compareTo(horizon.time()) <= 0)
                .findFirst()
                .map(Horizon::words)
                .orElse(null);
    }

    private record Horizon(Duration time, String words) {}
}
