package dev.castellan.operator.cluster.report;

import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.api.v1beta1.KafkaClusterStatus.NodeStatus;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which brokers a disk does not serve any more that did a moment ago: what a user should hear of without looking. Pure. */
public final class DiskNews {
    private DiskNews() {}

    /** @param before null: nothing was said yet */
    public static List<String> of(KafkaClusterStatus before, KafkaClusterStatus after) {
        var known = before == null ? Set.<Integer>of() : withoutDisk(before);
        return brokers(after).stream()
                .filter(broker -> broker.failedDisk != null && !known.contains(broker.id))
                .map(broker -> "disk " + broker.failedDisk + " of broker " + broker.id + " does not serve")
                .toList();
    }

    private static Set<Integer> withoutDisk(KafkaClusterStatus status) {
        return brokers(status).stream()
                .filter(broker -> broker.failedDisk != null)
                .map(broker -> broker.id)
                .filter(Objects::nonNull)
                .collect(Collectors.toSet());
    }

    private static List<NodeStatus> brokers(KafkaClusterStatus status) {
        return Optional.ofNullable(status.brokers).orElse(List.of());
    }
}
