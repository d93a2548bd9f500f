package dev.castellan.operator.kafka;

import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.function.IntPredicate;

/** Topics of a Kafka cluster in memory: who leads each partition, and who is in sync with it. */
final class FakePartitions {
    private static final class MutablePartition {
        final List<Integer> replicas;
        final TreeSet<Integer> inSync;
        int leader = -1;

        MutablePartition(List<Integer> replicas) {
            this.replicas = new ArrayList<>(replicas);
            this.inSync = new TreeSet<>(replicas);
            this.inSync.remove(FakeKafka.NOBODY);
            this.leader = replicas.getFirst();
        }
    }

    private record Topic(String name, int minInSync, List<MutablePartition> partitions) {}

    private final List<Topic> topics = new ArrayList<>();

    void sync(IntPredicate isInService, IntPredicate isInStep) {
        topics.forEach(topic -> topic.partitions().forEach(partition -> sync(partition, isInService, isInStep)));
    }

    private static void sync(MutablePartition partition, IntPredicate isInService, IntPredicate isInStep) {
        for (int id : partition.replicas) {
            if (!isInService.test(id) && partition.inSync.size() > 1) {
                partition.inSync.remove(id);
            }
        }
        partition.leader = -1;
        for (int id : partition.replicas) {
            if (partition.leader < 0 && partition.inSync.contains(id) && isInService.test(id)) {
                partition.leader = id;
            }
        }
        for (int id : partition.replicas) {
            if (partition.leader >= 0 && isInService.test(id) && isInStep.test(id)) {
                partition.inSync.add(id);
            }
        }
    }

    void createTopic(String name, int minInSync, List<List<Integer>> replicas) {
        topics.add(new Topic(
                name, minInSync, replicas.stream().map(MutablePartition::new).toList()));
    }

    /** Where nobody else was in sync, the user takes what there is. */
    void forget(IntPredicate gone) {
        for (var topic : topics) {
            for (var partition : topic.partitions()) {
                var staying =
                        partition.replicas.stream().filter(id -> !gone.test(id)).toList();
                if (!staying.isEmpty() && partition.replicas.retainAll(staying)) {
                    partition.inSync.retainAll(staying);
                    partition.inSync.addAll(partition.inSync.isEmpty() ? staying : List.of());
                }
            }
        }
    }

    List<TopicPartitions> truth() {
        return topics.stream()
                .map(topic ->
                        new TopicPartitions(topic.name(), topic.name(), false, topic.minInSync(), partitions(topic)))
                .toList();
    }

    private static List<Partition> partitions(Topic topic) {
        var partitions = new ArrayList<Partition>();
        for (var partition : topic.partitions()) {
            partitions.add(new Partition(
                    partitions.size(),
                    partition.leader,
                    List.copyOf(partition.replicas),
                    List.copyOf(partition.inSync)));
        }
        return partitions;
    }
}
