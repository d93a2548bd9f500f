package dev.castellan.operator.cluster.report;

import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.api.v1beta1.KafkaClusterStatus.NodeStatus;
import dev.castellan.operator.cluster.observe.FailedDisk;
import dev.castellan.operator.cluster.observe.FullDisk;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Which brokers a disk does not serve any more that did a moment ago: what a user should hear of without looking. Pure. */
public final class DiskNews {

    /** @param isFull it has not failed, as far as anybody knows */
    public record News(boolean isFull, String words) {}

    private DiskNews() {}

    /** @param before null: nothing was said yet */
    public static List<News> of(KafkaClusterStatus before, KafkaClusterStatus after) {
        var known = before == null ? Map.<Integer, String>of() : disks(before);
        return brokers(after)
                .flatMap(broker -> news(Optional.ofNullable(known.get(broker.id)), broker.failedDisk)
                        .map(words -> new News(
                                FullDisk.isToldBy(broker.failedDisk),
                                "disk %s of broker %d %s".formatted(broker.failedDisk, broker.id, words)))
                        .stream())
                .toList();
    }

    /** An agent that does not answer once in a while is no news: then nobody knows why Kafka does without a disk. */
    private static Optional<String> news(Optional<String> before, String now) {
        boolean wasFull = before.filter(FullDisk::isToldBy).isPresent();
        if (FullDisk.isToldBy(now)) {
            return wasFull ? Optional.empty() : Optional.of("does not serve, for want of room");
        }
        if (before.isEmpty() || (wasFull && !FailedDisk.isUnexplained(now))) {
            boolean isSame =
                    before.filter(words -> claim(words).equals(claim(now))).isPresent();
            return Optional.of(isSame ? "does not serve: it was full, and has failed since" : "does not serve");
        }
        return Optional.empty();
    }

    private static String claim(String words) {
        return words.split(" ", 2)[0];
    }

    private static Map<Integer, String> disks(KafkaClusterStatus status) {
        return brokers(status)
                .filter(broker -> broker.id != null)
                .collect(Collectors.toMap(broker -> broker.id, broker -> broker.failedDisk));
    }

    /** Those that are without a disk. */
    private static Stream<NodeStatus> brokers(KafkaClusterStatus status) {
        return Optional.ofNullable(status.brokers).orElse(List.of()).stream()
                .filter(broker -> broker.failedDisk != null);
    }
}
