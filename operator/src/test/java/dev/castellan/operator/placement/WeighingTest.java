package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.Reassignment.Aim;
import dev.castellan.operator.placement.Reassignment.Move;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Brokers hold the same number of replicas, and about the same number of bytes. */
class WeighingTest {
    private static final int SEEDS = 300;

    @Test
    void largeReplicasChangePlacesWithSmallOnes() {
        // Given: counts are even, bytes are not
        var topic = ReassignmentTest.topic("t", List.of(0), List.of(0), List.of(1), List.of(1));
        var sizes = sizes(100, 100, 1, 2);
        // When
        var plan = Reassignment.of(List.of(topic), aim(2, Set.of(0, 1), sizes));
        // Then: the smaller of the small ones comes back
        assertThat(plan.moves()).hasSize(2).contains(new Move("t", 2, List.of(1), List.of(0)));
        assertThat(plan.figures().bytes()).isEqualTo(101);
    }

    @Test
    void whatIsWithinATenthStaysAsItIs() {
        var topic = ReassignmentTest.topic("t", List.of(0), List.of(0), List.of(1), List.of(1));

        assertThat(Reassignment.of(List.of(topic), aim(2, Set.of(0, 1), sizes(54, 54, 46, 46)))
                        .moves())
                .isEmpty();
    }

    @Test
    void onlyThoseExchangeThatMay() {
        var topic = ReassignmentTest.topic("t", List.of(0), List.of(0), List.of(1), List.of(1));

        assertThat(Reassignment.of(List.of(topic), aim(2, Set.of(1), sizes(100, 100, 1, 2)))
                        .moves())
                .isEmpty();
    }

    @Test
    void racksAreKept() {
        // Given: brokers 0 and 2 in one rack, 1 and 3 in the other, each partition in both
        var topic = ReassignmentTest.topic("t", List.of(0, 1), List.of(0, 1), List.of(2, 3), List.of(2, 3));
        var racks = ReassignmentTest.racks("abab");
        // When
        var plan = Reassignment.of(
                List.of(topic), new Aim(racks, Set.of(), Map.of(), true, racks.keySet(), sizes(80, 80, 20, 20)));
        // Then
        var bytes = bytes(ReassignmentTest.after(topic, plan), sizes(80, 80, 20, 20), 4);
        assertThat(bytes).containsExactly(100, 100, 100, 100);
        ReassignmentTest.after(topic, plan).partitions().forEach(partition -> assertThat(
                        partition.replicas().stream().map(racks::get))
                .containsExactlyInAnyOrder("a", "b"));
    }

    @Test
    void whatIsDoneIsDone() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            int brokers = 2 + random.nextInt(7);
            var topic = topic(random, brokers, 1 + random.nextInt(80));
            var sizes = sizes(random, topic.partitions().size());
            var aim = aim(brokers, IntStream.range(0, brokers).boxed().collect(Collectors.toSet()), sizes);
            // When
            var plan = Reassignment.of(List.of(topic), aim);
            // Then
            var after = ReassignmentTest.after(topic, plan);
            var what = "seed %d: %s".formatted(seed, plan);
            assertThat(plan.figures().most()).as(what).isEqualTo(plan.figures().lowestMost());
            assertThat(Reassignment.of(List.of(after), aim).moves()).as(what).isEmpty();
            assertThat(spread(bytes(after, sizes, brokers)))
                    .as(what)
                    .isLessThanOrEqualTo(spread(bytes(topic, sizes, brokers)) + largest(sizes));
        }
    }

    @Test
    void aNewBrokerGetsAnEvenShareOfBytesAndHardlyMoreIsCopied() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            var topic = ReassignmentTest.topic(
                    "t",
                    IntStream.range(0, 4 * (50 + random.nextInt(50)))
                            .mapToObj(p -> List.of(p % 4, (p + 1) % 4))
                            .toList());
            var sizes = sizes(random, topic.partitions().size());
            // When
            var plan = Reassignment.of(List.of(topic), aim(5, Set.of(4), sizes));
            // Then
            var what = "seed %d: %s".formatted(seed, plan.figures());
            var bytes = bytes(ReassignmentTest.after(topic, plan), sizes, 5);
            double mean = mean(bytes);
            assertThat((double) bytes[4]).as(what).isBetween(0.9 * mean, 1.1 * mean);
            assertThat((double) plan.figures().bytes()).as(what).isLessThanOrEqualTo(1.05 * mean);
        }
    }

    private static double mean(long[] bytes) {
        return Arrays.stream(bytes).average().orElseThrow();
    }

    @Test
    void manyReplicasEndWithinATenth() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var random = new Random(seed);
            int brokers = 3 + random.nextInt(6);
            var topic = topic(random, brokers, 200);
            var sizes = sizes(random, 200);
            // When
            var plan = Reassignment.of(
                    List.of(topic),
                    aim(brokers, IntStream.range(0, brokers).boxed().collect(Collectors.toSet()), sizes));
            // Then
            var bytes = bytes(ReassignmentTest.after(topic, plan), sizes, brokers);
            double mean = mean(bytes);
            for (long own : bytes) {
                assertThat((double) own).as("seed %d: %s", seed, plan.figures()).isBetween(0.9 * mean, 1.1 * mean);
            }
        }
    }

    private static Aim aim(int brokers, Set<Integer> exchanging, Sizes sizes) {
        SortedMap<Integer, String> racks = new TreeMap<>();
        IntStream.range(0, brokers).forEach(b -> racks.put(b, "one"));
        return new Aim(racks, Set.of(), Map.of(), true, exchanging, sizes);
    }

    private static TopicPartitions topic(Random random, int brokers, int partitions) {
        int factor = 1 + random.nextInt(Math.min(3, brokers));
        var replicas = new ArrayList<List<Integer>>();
        for (int p = 0; p < partitions; p++) {
            var all = new ArrayList<>(IntStream.range(0, brokers).boxed().toList());
            Collections.shuffle(all, random);
            replicas.add(List.copyOf(all.subList(0, factor)));
        }
        return ReassignmentTest.topic("t", replicas);
    }

    /** Many small ones, and a few that are much larger. */
    private static Sizes sizes(Random random, int partitions) {
        return sizes(IntStream.range(0, partitions)
                .map(p -> (int) (1_000 * Math.exp(random.nextGaussian())))
                .toArray());
    }

    private static Sizes sizes(int... bytes) {
        var sizes = new HashMap<String, Long>();
        IntStream.range(0, bytes.length).forEach(p -> sizes.put("t-" + p, (long) bytes[p]));
        return new Sizes(sizes);
    }

    static long[] bytes(TopicPartitions topic, Sizes sizes, int brokers) {
        var bytes = new long[brokers];
        topic.partitions()
                .forEach(partition -> partition.replicas().forEach(id -> bytes[id] += sizes.of("t", partition.id())));
        return bytes;
    }

    private static long spread(long[] bytes) {
        return Arrays.stream(bytes).max().orElseThrow()
                - Arrays.stream(bytes).min().orElseThrow();
    }

    private static long largest(Sizes sizes) {
        return sizes.bytes().values().stream().max(Long::compare).orElseThrow();
    }
}
