package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.Reassignment.Aim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** How long the planner takes for a million replicas on two hundred brokers in six racks. A program, not a test. */
final class ReassignmentBench {
    private static final int BROKERS = 200;
    private static final int RACKS = 6;
    private static final int TOPICS = 8_334;
    private static final int PARTITIONS = 40;
    private static final int FACTOR = 3;

    private static final Sizes SIZES = sizes();

    private ReassignmentBench() {}

    public static void main(String[] args) {
        var topics = topics();
        var all = racks(BROKERS);
        var more = topics.stream().collect(Collectors.toMap(TopicPartitions::name, topic -> FACTOR + 1));
        var level = after(topics, Reassignment.of(topics, new Aim(all, Map.of(), true)));
        var even = after(topics, Reassignment.of(topics, byBytes(all, all.keySet())));
        for (int i = 0; i < 3; i++) {
            time("RF + 1", topics, new Aim(all, more, false));
            time("one broker removed", topics, new Aim(racks(BROKERS - 1), Map.of(), false));
            time("one broker added", topics, new Aim(racks(BROKERS + 1), Map.of(), true));
            time("one added, level before", level, new Aim(racks(BROKERS + 1), Map.of(), true));
            time(
                    "one added, by bytes",
                    topics,
                    byBytes(racks(BROKERS + 1), Set.of(1_000 * (BROKERS % RACKS) + BROKERS / RACKS)));
            time(
                    "one added, even before",
                    even,
                    byBytes(racks(BROKERS + 1), Set.of(1_000 * (BROKERS % RACKS) + BROKERS / RACKS)));
            time("all even, by bytes", topics, byBytes(all, all.keySet()));
            time("one topic of 40, RF + 1", topics, new Aim(all, Map.of("t-7", FACTOR + 1), false));
        }
    }

    private static void time(String what, List<TopicPartitions> topics, Aim aim) {
        long start = System.nanoTime();
        var plan = Reassignment.of(topics, aim);
        System.out.printf(
                "%-24s %5d ms  %,d partitions; %s; preferred leaders at most %d%n",
                what,
                (System.nanoTime() - start) / 1_000_000,
                plan.moves().size(),
                plan.figures(),
                plan.figures().leaders());
    }

    private static Aim byBytes(SortedMap<Integer, String> racks, Set<Integer> exchanging) {
        return new Aim(racks, Set.of(), Map.of(), true, exchanging, SIZES);
    }

    /** Many small ones, and a few that are much larger, in KiB so that they are read easily. */
    private static Sizes sizes() {
        var random = new Random(8);
        var sizes = new HashMap<String, Long>();
        for (int t = 0; t < TOPICS; t++) {
            for (int p = 0; p < PARTITIONS; p++) {
                sizes.put("t-" + t + "-" + p, (long) (1_000 * Math.exp(2 * random.nextGaussian())));
            }
        }
        return new Sizes(sizes);
    }

    private static List<TopicPartitions> after(List<TopicPartitions> topics, Reassignment plan) {
        var moved = new HashMap<String, List<Integer>>();
        plan.moves().forEach(move -> moved.put(move.topic() + "/" + move.partition(), move.to()));
        return topics.stream()
                .map(topic -> ReassignmentTest.topic(
                        topic.name(),
                        topic.partitions().stream()
                                .map(partition ->
                                        moved.getOrDefault(topic.name() + "/" + partition.id(), partition.replicas()))
                                .toList()))
                .toList();
    }

    private static SortedMap<Integer, String> racks(int brokers) {
        var racks = new TreeMap<Integer, String>();
        for (int b = 0; b < brokers; b++) {
            racks.put(1_000 * (b % RACKS) + b / RACKS, "zone-" + b % RACKS);
        }
        return racks;
    }

    /** As Kafka would have placed them: by chance, each partition in three racks. */
    private static List<TopicPartitions> topics() {
        var random = new Random(7);
        var byRack = new ArrayList<List<Integer>>();
        for (int r = 0; r < RACKS; r++) {
            var name = "zone-" + r;
            byRack.add(racks(BROKERS).entrySet().stream()
                    .filter(e -> e.getValue().equals(name))
                    .map(Map.Entry::getKey)
                    .toList());
        }
        var topics = new ArrayList<TopicPartitions>();
        for (int t = 0; t < TOPICS; t++) {
            var partitions = new ArrayList<List<Integer>>();
            for (int p = 0; p < PARTITIONS; p++) {
                var replicas = new ArrayList<Integer>();
                int first = random.nextInt(RACKS);
                for (int r = 0; r < FACTOR; r++) {
                    var rack = byRack.get((first + r) % RACKS);
                    replicas.add(rack.get(random.nextInt(rack.size())));
                }
                partitions.add(List.copyOf(replicas));
            }
            topics.add(ReassignmentTest.topic("t-" + t, partitions));
        }
        return topics;
    }
}
