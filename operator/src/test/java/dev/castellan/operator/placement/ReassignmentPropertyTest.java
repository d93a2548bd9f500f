package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.Reassignment.Aim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Small random clusters, beside every assignment that there is. */
class ReassignmentPropertyTest {
    private static final int SEEDS = 3_000;

    @Test
    void aReplicaMoreForEachPartitionIsPlacedAsWellAsAnyPlanCould() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var small = new Small(seed);
            var factor = small.factor + 1;
            check(small, new Aim(small.racks(small.brokers), Map.of("t", factor), false), true);
        }
    }

    @Test
    void severalMoreAreCopiedOnceAndSpreadOverRacks() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var small = new Small(seed);
            check(small, new Aim(small.racks(small.brokers), Map.of("t", small.brokers), false), false);
        }
    }

    @Test
    void whatABrokerHeldGoesToTheOthersAsWellAsAnyPlanCould() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var small = new Small(seed);
            check(small, new Aim(small.racks(small.brokers - 1), Map.of(), false), true);
        }
    }

    @Test
    void levellingTakesNoMoreCopiesThanItMustWhereRacksAllowIt() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var small = new Small(seed);
            var racks = new TreeMap<Integer, String>();
            small.racks(small.brokers).keySet().forEach(id -> racks.put(id, "one"));
            var plan = Reassignment.of(List.of(small.topic), new Aim(racks, Map.of(), true));
            var figures = plan.figures();
            assertThat(figures.gap())
                    .as("seed %d: %s %s", seed, small.topic, plan)
                    .isZero();
            assertThat(Reassignment.of(
                                    List.of(ReassignmentTest.after(small.topic, plan)), new Aim(racks, Map.of(), true))
                            .moves())
                    .isEmpty();
        }
    }

    @Test
    void fewerReplicasCopyNothingAndKeepTheLeader() {
        for (int seed = 0; seed < SEEDS; seed++) {
            var small = new Small(seed);
            var plan =
                    Reassignment.of(List.of(small.topic), new Aim(small.racks(small.brokers), Map.of("t", 1), false));
            assertThat(plan.figures().copies()).isZero();
            assertThat(plan.moves()).allSatisfy(move -> assertThat(move.to())
                    .containsExactly(
                            small.topic.partitions().get(move.partition()).leader()));
        }
    }

    private static void check(Small small, Aim aim, boolean best) {
        var plan = Reassignment.of(List.of(small.topic), aim);
        var what = "seed %d: %s on %s: %s".formatted(small.seed, small.topic, aim, plan);
        var optimum = new Everything(small.topic, aim).lowestMost();
        if (optimum < 0) {
            assertThat(plan.moves()).as(what).isEmpty();
            return;
        }
        var after = ReassignmentTest.after(small.topic, plan);
        for (int p = 0; p < after.partitions().size(); p++) {
            var replicas = after.partitions().get(p).replicas();
            var before = small.topic.partitions().get(p).replicas();
            assertThat(replicas)
                    .as(what)
                    .doesNotHaveDuplicates()
                    .isSubsetOf(aim.racks().keySet());
            assertThat(replicas)
                    .as(what)
                    .containsAll(
                            before.stream().filter(aim.racks()::containsKey).toList());
            assertThat(replicas).as(what).hasSize(aim.factors().getOrDefault("t", before.size()));
        }
        assertThat(plan.figures().copies()).as(what).isEqualTo(plan.figures().fewestCopies());
        assertThat(plan.figures().lowestMost()).as(what).isLessThanOrEqualTo(optimum);
        if (best) {
            assertThat(plan.figures().most()).as(what).isEqualTo(optimum);
        } else {
            assertThat(plan.figures().most()).as(what).isGreaterThanOrEqualTo(optimum);
        }
    }

    /** A topic of up to four partitions on up to five brokers. */
    private static final class Small {
        final int seed;
        final int brokers;
        final int factor;
        final TopicPartitions topic;
        private final Random random;
        private final List<String> names = new ArrayList<>();

        Small(int seed) {
            this.seed = seed;
            random = new Random(seed);
            brokers = 2 + random.nextInt(4);
            factor = 1 + random.nextInt(Math.min(3, brokers));
            var racks = 1 + random.nextInt(3);
            IntStream.range(0, brokers).forEach(b -> names.add("r" + random.nextInt(racks)));
            topic = ReassignmentTest.topic(
                    "t",
                    IntStream.range(0, 1 + random.nextInt(4))
                            .mapToObj(p -> replicas())
                            .toList());
        }

        private List<Integer> replicas() {
            var replicas = new ArrayList<>(IntStream.range(0, brokers).boxed().toList());
            java.util.Collections.shuffle(replicas, random);
            return List.copyOf(replicas.subList(0, factor));
        }

        SortedMap<Integer, String> racks(int first) {
            var racks = new TreeMap<Integer, String>();
            IntStream.range(0, first).forEach(b -> racks.put(b, names.get(b)));
            return racks;
        }
    }

    /** Every assignment that keeps what may stay, each partition over as many racks as it can. */
    private static final class Everything {
        private final TopicPartitions topic;
        private final Aim aim;
        private final Map<Integer, Integer> counts = new HashMap<>();
        private int lowest = -1;

        Everything(TopicPartitions topic, Aim aim) {
            this.topic = topic;
            this.aim = aim;
        }

        int lowestMost() {
            aim.racks().keySet().forEach(id -> counts.put(id, 0));
            from(0);
            return lowest;
        }

        private void from(int partition) {
            if (partition == topic.partitions().size()) {
                int most = counts.values().stream().max(Integer::compare).orElse(0);
                lowest = lowest < 0 ? most : Math.min(lowest, most);
                return;
            }
            for (var replicas : bestSpread(partition)) {
                replicas.forEach(id -> counts.merge(id, 1, Integer::sum));
                from(partition + 1);
                replicas.forEach(id -> counts.merge(id, -1, Integer::sum));
            }
        }

        private List<List<Integer>> bestSpread(int partition) {
            var before = topic.partitions().get(partition).replicas();
            var kept = before.stream().filter(aim.racks()::containsKey).toList();
            var all = new ArrayList<List<Integer>>();
            complete(kept, 0, aim.factors().getOrDefault("t", before.size()), all);
            int best = all.stream().mapToInt(this::crowding).min().orElse(0);
            return all.stream().filter(one -> crowding(one) == best).toList();
        }

        private void complete(List<Integer> so, int next, int size, List<List<Integer>> all) {
            if (so.size() == size) {
                all.add(so);
                return;
            }
            for (int id : aim.racks().keySet()) {
                if (id >= next && !so.contains(id)) {
                    var more = new ArrayList<>(so);
                    more.add(id);
                    complete(more, id + 1, size, all);
                }
            }
        }

        private int crowding(List<Integer> replicas) {
            var of = new HashMap<String, Integer>();
            replicas.forEach(id -> of.merge(aim.racks().get(id), 1, Integer::sum));
            return of.values().stream().mapToInt(n -> n * n).sum() - new HashSet<>(replicas).size();
        }
    }
}
