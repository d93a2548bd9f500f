package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.RollBatches.Stray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class RollBatchesTest {
    private static final int ZONES = 3;
    private static final List<Integer> SIZES = List.of(12, 30, 60, 120);
    private static final List<Integer> LOADS = List.of(10, 100, 1000);

    private enum Placement {
        /** Each partition has a replica in each zone. */
        CLEAN,
        /** One partition of a thousand has two in one zone. */
        STRAY,
        RANDOM
    }

    @TestFactory
    Stream<DynamicTest> keepsEveryPartitionWritableInFewRounds() {
        return SIZES.stream().flatMap(brokers -> LOADS.stream().flatMap(perBroker -> Stream.of(Placement.values())
                .map(placement -> DynamicTest.dynamicTest(
                        "%d brokers, %d replicas each, %s".formatted(brokers, perBroker, placement),
                        () -> rolls(brokers, perBroker, placement)))));
    }

    private static void rolls(int brokers, int perBroker, Placement placement) {
        // Given
        var zones = zones(brokers);
        var topics = topics(brokers, perBroker, placement, new Random(brokers * 31L + perBroker));
        // When
        int rounds = roll(zones, topics);
        // Then
        int affordable = (brokers + ZONES - 1) / (brokers / ZONES);
        assertThat(rounds).isLessThanOrEqualTo(Math.max(affordable, naiveDsatur(brokers, topics)));
        if (placement == Placement.CLEAN) {
            assertThat(rounds).isEqualTo(ZONES);
        }
        var plan = RollBatches.of(zones, zones.keySet(), Set.of(), OptionalInt.empty(), topics);
        assertThat(plan.strays().isEmpty()).isEqualTo(rounds <= ZONES);
        if (placement == Placement.STRAY) {
            assertThat(plan.strays()).hasSizeLessThanOrEqualTo(Math.max(1, brokers * perBroker / 3 / 1000));
        }
    }

    /** As the operator does it: looks anew before each round; whoever is down is checked by other means than the plan's. */
    private static int roll(SortedMap<Integer, String> zones, List<TopicPartitions> topics) {
        var outdated = new TreeSet<>(zones.keySet());
        int rounds = 0;
        while (!outdated.isEmpty()) {
            var plan = RollBatches.of(zones, zones.keySet(), Set.of(), OptionalInt.empty(), topics);
            var down = plan.batches().stream()
                    .map(batch -> common(batch, outdated))
                    .filter(batch -> !batch.isEmpty())
                    .findFirst()
                    .orElseThrow();
            assertThat(belowMinimum(topics, down)).isZero();
            outdated.removeAll(down);
            rounds++;
        }
        return rounds;
    }

    private static int belowMinimum(List<TopicPartitions> topics, Set<Integer> down) {
        int below = 0;
        for (var topic : topics) {
            for (var partition : topic.partitions()) {
                int left = 0;
                for (int id : partition.inSync()) {
                    left += down.contains(id) ? 0 : 1;
                }
                below += left < topic.minInSyncReplicas() ? 1 : 0;
            }
        }
        return below;
    }

    /** Of so many brokers with so many replicas each: the rounds for each placement. */
    @Test
    void theManualTellsTheRounds() throws IOException {
        var table = new StringBuilder(
                "| brokers | replicas each | clean zones | 0.1 % stray | random |\n| --- | --- | --- | --- | --- |\n");
        for (int brokers : SIZES) {
            for (int perBroker : LOADS) {
                table.append("| %d | %d |".formatted(brokers, perBroker));
                for (var placement : Placement.values()) {
                    var topics = topics(brokers, perBroker, placement, new Random(brokers * 31L + perBroker));
                    table.append(" %d |".formatted(rounds(zones(brokers), topics)));
                }
                table.append('\n');
            }
        }
        assertThat(Path.of("../docs/rolling.md")).content().contains(table);
    }

    private static int rounds(SortedMap<Integer, String> zones, List<TopicPartitions> topics) {
        return RollBatches.of(zones, zones.keySet(), Set.of(), OptionalInt.empty(), topics)
                .batches()
                .size();
    }

    @Test
    void takesControllersOneByOne() {
        var plan = RollBatches.of(zones(6), zones(6).keySet(), Set.of(0, 3), OptionalInt.empty(), List.of());
        assertThat(plan.batches()).noneMatch(batch -> batch.containsAll(Set.of(0, 3)));
    }

    @Test
    void keepsToTheUsersLimit() {
        var plan = RollBatches.of(zones(12), zones(12).keySet(), Set.of(), OptionalInt.of(2), List.of());
        assertThat(plan.batches()).hasSize(6).allMatch(batch -> batch.size() <= 2);
    }

    @Test
    void takesAtMostAThirdWhereThereAreNoZones() {
        var zones = new TreeMap<Integer, String>();
        IntStream.range(0, 10).forEach(id -> zones.put(id, ""));
        var plan = RollBatches.of(zones, zones.keySet(), Set.of(), OptionalInt.empty(), List.of());
        assertThat(plan.batches()).hasSize(3).allMatch(batch -> batch.size() <= 4);
    }

    @Test
    void takesOnlyThoseItIsAbout() {
        var plan = RollBatches.of(zones(12), Set.of(0, 1, 2), Set.of(), OptionalInt.empty(), List.of());
        assertThat(plan.batches()).isEqualTo(List.of(new TreeSet<>(Set.of(0, 1, 2))));
    }

    @Test
    void lotsOfCopiesLetMoreGo() {
        // Given four replicas, of which two must be in sync: any two may go, not three
        var topic = topic(2, List.of(0, 1, 2, 3), List.of(0, 1, 2, 3));
        var zones = new TreeMap<Integer, String>();
        IntStream.range(0, 9).forEach(id -> zones.put(id, ""));
        // When
        var plan = RollBatches.of(zones, Set.of(0, 1, 2, 3), Set.of(), OptionalInt.empty(), List.of(topic));
        // Then
        assertThat(plan.batches()).hasSize(2).allMatch(batch -> batch.size() == 2);
    }

    @Test
    void keepsACopyOfWhatNobodyCanProtect() {
        var topic = topic(2, List.of(0, 1), List.of(0, 1));
        var zones = new TreeMap<Integer, String>();
        IntStream.range(0, 6).forEach(id -> zones.put(id, ""));
        var plan = RollBatches.of(zones, zones.keySet(), Set.of(), OptionalInt.empty(), List.of(topic));
        assertThat(plan.batches()).noneMatch(batch -> batch.containsAll(Set.of(0, 1)));
    }

    @Test
    void namesThePartitionsThatCostRounds() {
        // Given every broker conflicts with every broker of the other zones, and 0 with 3 of its own
        var partitions = new ArrayList<Partition>();
        for (int a = 0; a < 6; a += 3) {
            for (int b = 1; b < 6; b += 3) {
                for (int c = 2; c < 6; c += 3) {
                    partitions.add(new Partition(partitions.size(), a, List.of(a, b, c), List.of(a, b, c)));
                }
            }
        }
        partitions.add(new Partition(partitions.size(), 0, List.of(0, 3, 1), List.of(0, 3, 1)));
        var topic = new TopicPartitions("orders", "id", false, 2, partitions);
        // When
        var plan = RollBatches.of(zones(6), zones(6).keySet(), Set.of(), OptionalInt.empty(), List.of(topic));
        // Then
        assertThat(plan.batches()).hasSize(4);
        assertThat(plan.strays()).containsExactly(new Stray("orders", 8, "z0", new TreeSet<>(Set.of(0, 3))));
        assertThat(plan.strays().getFirst()).hasToString("orders-8 (brokers 0 and 3 in z0)");
    }

    private static SortedSet<Integer> common(SortedSet<Integer> one, Set<Integer> other) {
        var common = new TreeSet<>(one);
        common.retainAll(other);
        return common;
    }

    private static SortedMap<Integer, String> zones(int brokers) {
        var zones = new TreeMap<Integer, String>();
        IntStream.range(0, brokers).forEach(id -> zones.put(id, "z" + id % ZONES));
        return zones;
    }

    private static TopicPartitions topic(int minInSync, List<Integer> replicas, List<Integer> inSync) {
        return new TopicPartitions(
                "orders", "id", false, minInSync, List.of(new Partition(0, inSync.getFirst(), replicas, inSync)));
    }

    private static List<TopicPartitions> topics(int brokers, int perBroker, Placement placement, Random random) {
        int count = brokers * perBroker / 3;
        int strays = Math.max(1, count / 1000);
        var partitions = new ArrayList<Partition>();
        for (int i = 0; i < count; i++) {
            var replicas = placement == Placement.RANDOM
                    ? random.ints(0, brokers).distinct().limit(3).boxed().toList()
                    : placed(brokers, placement == Placement.STRAY && i < strays, random);
            partitions.add(new Partition(i, replicas.getFirst(), replicas, replicas));
        }
        return List.of(new TopicPartitions("orders", "id", false, 2, partitions));
    }

    private static List<Integer> placed(int brokers, boolean stray, Random random) {
        var replicas = new ArrayList<Integer>();
        for (int zone = 0; zone < ZONES; zone++) {
            int of = stray && zone == 1 ? 0 : zone;
            int broker;
            do {
                broker = random.nextInt(brokers / ZONES) * ZONES + of;
            } while (replicas.contains(broker));
            replicas.add(broker);
        }
        return replicas;
    }

    /** The textbook's, on the graph of brokers that share a partition; slow and without any of the plan's code. */
    private static int naiveDsatur(int brokers, List<TopicPartitions> topics) {
        var conflict = new boolean[brokers][brokers];
        topics.forEach(topic -> topic.partitions().forEach(partition -> {
            for (int a : partition.replicas()) {
                for (int b : partition.replicas()) {
                    conflict[a][b] = a != b;
                }
            }
        }));
        var colour = new int[brokers];
        int colours = 0;
        for (int done = 0; done < brokers; done++) {
            int next = mostSaturated(conflict, colour);
            int free = 1;
            while (isTaken(conflict[next], colour, free)) {
                free++;
            }
            colour[next] = free;
            colours = Math.max(colours, free);
        }
        return colours;
    }

    private static boolean isTaken(boolean[] conflict, int[] colour, int wanted) {
        return IntStream.range(0, conflict.length).anyMatch(i -> conflict[i] && colour[i] == wanted);
    }

    private static int mostSaturated(boolean[][] conflict, int[] colour) {
        int best = -1;
        long most = -1;
        for (int i = 0; i < colour.length; i++) {
            if (colour[i] != 0) {
                continue;
            }
            var seen = new BitSet();
            int degree = 0;
            for (int other = 0; other < colour.length; other++) {
                if (conflict[i][other]) {
                    degree++;
                    seen.set(colour[other]);
                }
            }
            seen.clear(0);
            long saturation = seen.cardinality();
            if (saturation * colour.length + degree > most) {
                most = saturation * colour.length + degree;
                best = i;
            }
        }
        return best;
    }
}
