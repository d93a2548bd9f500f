package dev.castellan.operator.kafka;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.Space;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;

/** The two disks that each broker has: what lies on which of them, how much that is, and who does without the second. */
final class FakeDisks {
    private final Map<String, Long> sizes = new HashMap<>();
    private final Set<Integer> offline = new TreeSet<>();

    /** A broker's copies of a topic. */
    private record Place(String topic, int broker) {}

    /** Whether it lies on the second disk, of two. */
    private final Map<Place, Boolean> onSecond = new HashMap<>();

    private BiFunction<Integer, String, Optional<Space>> spaces = (node, directory) -> Optional.empty();

    void doesWithoutSecond(int id, boolean without) {
        if (without) {
            offline.add(id);
        } else {
            offline.remove(id);
        }
    }

    boolean doesWithoutSecond(int id) {
        return offline.contains(id);
    }

    boolean isOffline(String topic, int id) {
        return isOnSecond(topic, id) && offline.contains(id);
    }

    private boolean isOnSecond(String topic, int id) {
        return onSecond.computeIfAbsent(
                new Place(topic, id),
                place -> !offline.contains(id) && Math.floorMod((topic + ":" + id).hashCode(), 2) == 1);
    }

    void spaces(BiFunction<Integer, String, Optional<Space>> spaces) {
        this.spaces = spaces;
    }

    void fill(String topic, long bytes) {
        sizes.put(topic, bytes);
    }

    /** Unless somebody says otherwise, some topics are much larger than others. */
    private long size(String topic) {
        return sizes.getOrDefault(topic, 1L << 10 + Math.floorMod(topic.hashCode(), 4) * 3);
    }

    /** What a broker tells of its directories. */
    Map<String, LogDirectory> told(
            int id, List<TopicPartitions> topics, FakePartitions partitions, boolean isCordoned) {
        var first = new TreeMap<String, Long>();
        var second = new TreeMap<String, Long>();
        for (var topic : topics) {
            if (isOffline(topic.name(), id)) {
                continue;
            }
            var directory = isOnSecond(topic.name(), id) ? second : first;
            for (var partition : topic.partitions()) {
                if (partition.replicas().contains(id)) {
                    directory.put(
                            topic.name() + "-" + partition.id(),
                            partitions.stored(topic.name(), partition.id(), id, size(topic.name())));
                }
            }
        }
        return Map.of(
                FakeKafka.FIRST_DISK,
                new LogDirectory(false, first, spaces.apply(id, FakeKafka.FIRST_DISK), isCordoned),
                FakeKafka.SECOND_DISK,
                new LogDirectory(
                        offline.contains(id),
                        second,
                        offline.contains(id) ? Optional.empty() : spaces.apply(id, FakeKafka.SECOND_DISK),
                        isCordoned));
    }
}
