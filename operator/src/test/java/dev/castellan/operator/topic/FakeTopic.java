package dev.castellan.operator.topic;

import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A topic of {@link FakeTopicKafka}, and where its replicas are. */
final class FakeTopic {
    String name;
    String id;
    boolean internal;
    boolean byOperator;
    long records;
    Map<String, String> config = new TreeMap<>();
    List<Replicas> partitions = new ArrayList<>();

    /** What was declared, in full, when others changed these properties: whoever leaves that to them must not set them. */
    final Map<String, String> leftAs = new TreeMap<>();

    /** Of one partition. */
    static final class Replicas {
        List<Integer> all = new ArrayList<>();
        List<Integer> inSync = new ArrayList<>();
        List<Integer> adding = List.of();
        List<Integer> target = List.of();
        int leader;

        /** Percent of what those that are being added are to have. */
        int copied;

        /** Somebody with Kafka's own tools moves it. */
        boolean byOthers;

        static Replicas on(List<Integer> brokers) {
            var replicas = new Replicas();
            replicas.all.addAll(brokers);
            replicas.inSync.addAll(brokers);
            replicas.leader = brokers.getFirst();
            return replicas;
        }

        Replicas copy() {
            var copy = new Replicas();
            copy.all = List.copyOf(all);
            copy.inSync = List.copyOf(inSync);
            copy.adding = adding;
            copy.target = target;
            copy.leader = leader;
            return copy;
        }

        boolean isMoving() {
            return !target.isEmpty();
        }

        List<Integer> removing() {
            return isMoving() ? without(all, target) : List.of();
        }

        /** Those there would be if nothing more came of it. */
        List<Integer> settled() {
            return without(all, adding);
        }

        void begin(List<Integer> to) {
            cancel();
            byOthers = false;
            copied = 0;
            target = List.copyOf(to);
            adding = without(to, all);
            all.addAll(adding);
            maybeComplete();
        }

        /** What the replica on that broker takes on its disk. */
        long bytes(int broker, long whole) {
            return adding.contains(broker) && !inSync.contains(broker) ? whole * copied / 100 : whole;
        }

        void cancel() {
            if (isMoving()) {
                all.removeAll(adding);
                inSync.removeAll(adding);
                adding = List.of();
                target = List.of();
                lead();
            }
        }

        /**
         * As Kafka's controller: all that come are in sync, and of those that stay one at least is; all of them, where there are
         * to be fewer.
         */
        void maybeComplete() {
            boolean fewer = adding.size() < removing().size();
            if (isMoving()
                    && inSync.containsAll(adding)
                    && inSync.stream().anyMatch(target::contains)
                    && (!fewer || inSync.containsAll(target))) {
                all = new ArrayList<>(target);
                inSync.retainAll(target);
                adding = List.of();
                target = List.of();
                lead();
            }
        }

        void leaves(int broker) {
            if (inSync.size() > 1) {
                inSync.remove((Integer) broker);
            }
            if (leader == broker) {
                leader = -1;
                lead();
                leader = leader == broker ? -1 : leader;
            }
        }

        void isBack(int broker) {
            if (all.contains(broker) && (leader >= 0 || inSync.contains(broker))) {
                if (!inSync.contains(broker)) {
                    inSync.add(broker);
                }
                lead();
                maybeComplete();
            }
        }

        private void lead() {
            if (!inSync.contains(leader)) {
                leader = inSync.getFirst();
            }
        }

        private static List<Integer> without(List<Integer> these, List<Integer> those) {
            return these.stream().filter(id -> !those.contains(id)).toList();
        }
    }

    int partitions() {
        return partitions.size();
    }

    /** The lowest. */
    int factor() {
        return partitions.stream().mapToInt(one -> one.settled().size()).min().orElse(0);
    }

    boolean isMoving() {
        return partitions.stream().anyMatch(Replicas::isMoving);
    }

    FakeTopic copy() {
        var copy = new FakeTopic();
        copy.name = name;
        copy.id = id;
        copy.internal = internal;
        copy.records = records;
        copy.config = new TreeMap<>(config);
        copy.partitions = partitions.stream().map(Replicas::copy).toList();
        return copy;
    }

    TopicDetails details() {
        var described = new ArrayList<Partition>();
        for (int i = 0; i < partitions.size(); i++) {
            var one = partitions.get(i);
            described.add(new Partition(i, one.leader, List.copyOf(one.all), List.copyOf(one.inSync)));
        }
        return new TopicDetails(
                new TopicPartitions(name, id, internal, minInSync(), List.copyOf(described)), new TreeMap<>(config));
    }

    int minInSync() {
        return Integer.parseInt(config.getOrDefault("min.insync.replicas", "1"));
    }

    List<Ongoing> ongoing() {
        var ongoing = new ArrayList<Ongoing>();
        for (int i = 0; i < partitions.size(); i++) {
            var one = partitions.get(i);
            if (one.isMoving()) {
                ongoing.add(new Ongoing(name, i, List.copyOf(one.all), one.adding, one.removing()));
            }
        }
        return ongoing;
    }
}
