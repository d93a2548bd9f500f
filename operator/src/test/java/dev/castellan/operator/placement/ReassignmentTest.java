package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Reassignment.Aim;
import dev.castellan.operator.placement.Reassignment.Move;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReassignmentTest {
    private static final SortedMap<Integer, String> SIX = racks("abcabc");

    @Test
    void addsReplicasOfOtherRacksAndLeavesThoseThereAre() {
        var plan = Reassignment.of(List.of(topic("orders", List.of(0), List.of(1))), aim(SIX, Map.of("orders", 3)));

        assertThat(plan.moves())
                .containsExactly(
                        new Move("orders", 0, List.of(0), List.of(0, 2, 4)),
                        new Move("orders", 1, List.of(1), List.of(1, 3, 5)));
        assertThat(plan.figures()).hasToString("4 copies (bound 4), 1 replicas on the fullest broker (bound 1), gap 0");
    }

    @Test
    void otherTopicsCountButStayWhereTheyAre() {
        var heavy = topic("heavy", List.of(2), List.of(2), List.of(2));

        var plan = Reassignment.of(List.of(heavy, topic("orders", List.of(0))), aim(racks("abc"), Map.of("orders", 2)));

        assertThat(plan.moves()).containsExactly(new Move("orders", 0, List.of(0), List.of(0, 1)));
    }

    @Test
    void whoLeadsIsKeptWhenReplicasGo() {
        var topic = new TopicPartitions(
                "orders", "id", false, 1, List.of(new Partition(0, 2, List.of(0, 1, 2), List.of(0, 1, 2))));

        var one = Reassignment.of(List.of(topic), aim(racks("abc"), Map.of("orders", 1)));
        var two = Reassignment.of(List.of(topic), aim(racks("abc"), Map.of("orders", 2)));

        assertThat(one.moves()).extracting(Move::to).containsExactly(List.of(2));
        assertThat(two.moves()).extracting(Move::to).containsExactly(List.of(0, 2));
        assertThat(two.figures().copies()).isZero();
    }

    @Test
    void whatIsNotInSyncGoesFirstAndThenWhatSharesItsRack() {
        var lagging = new TopicPartitions(
                "lagging", "id", false, 1, List.of(new Partition(0, 0, List.of(0, 1, 2), List.of(0, 2))));
        var crowded = topic("crowded", List.of(0, 1, 3));

        var plan = Reassignment.of(List.of(lagging, crowded), aim(racks("abca"), Map.of("lagging", 2, "crowded", 2)));

        assertThat(plan.moves()).extracting(Move::to).containsExactly(List.of(0, 2), List.of(0, 1));
    }

    @Test
    void withMoreReplicasThanBrokersNothingIsTouched() {
        var plan = Reassignment.of(List.of(topic("orders", List.of(0))), aim(racks("ab"), Map.of("orders", 3)));

        assertThat(plan.moves()).isEmpty();
        assertThat(plan.figures().unplaced()).isEqualTo(1);
    }

    @Test
    void aBrokerThatIsAwayKeepsWhatItHoldsAndGetsNoMore() {
        var topic = topic("orders", List.of(0), List.of(1));

        var plan = Reassignment.of(List.of(topic), new Aim(racks("abc"), Set.of(0), Map.of("orders", 2), false));

        assertThat(plan.moves()).extracting(Move::to).containsExactly(List.of(0, 2), List.of(1, 2));
    }

    @Test
    void aBrokerThatIsToGoHandsItsReplicasAndItsLeadershipOn() {
        var topic = topic("orders", List.of(2, 0), List.of(0, 1), List.of(1, 2), List.of(2, 1));

        var plan = Reassignment.of(List.of(topic), aim(racks("ab"), Map.of()));

        assertThat(plan.moves()).extracting(Move::to).containsExactly(List.of(0, 1), List.of(1, 0), List.of(1, 0));
        assertThat(plan.figures().gap()).isZero();
    }

    @Test
    void aNewBrokerGetsItsShareAndNoMoreIsMoved() {
        var partitions = IntStream.range(0, 30)
                .mapToObj(p -> List.of(p % 3, (p + 1) % 3))
                .toList();
        var topic = topic("orders", partitions);

        var plan = Reassignment.of(List.of(topic), new Aim(racks("aaaa"), Map.of(), true));

        assertThat(plan.moves()).hasSize(15).allSatisfy(move -> assertThat(move.to())
                .contains(3));
        assertThat(plan.moves().stream().filter(move -> move.to().getFirst() == 3))
                .hasSizeBetween(7, 8);
        assertThat(plan.figures().gap()).isZero();
        assertThat(plan.figures().leaders()).isEqualTo(8);
    }

    @Test
    void whereRacksKeepOneBrokerFullTheOthersAreEven() {
        // Of each partition a replica is in rack b, which has one broker only.
        var partitions =
                IntStream.range(0, 12).mapToObj(p -> List.of(p < 9 ? 0 : 1, 2)).toList();

        var plan = Reassignment.of(List.of(topic("orders", partitions)), new Aim(racks("aab"), Map.of(), true));

        assertThat(plan.moves()).hasSize(3).allSatisfy(move -> {
            assertThat(move.from()).contains(0);
            assertThat(move.to()).containsExactlyInAnyOrder(1, 2);
        });
    }

    @Test
    void whatIsLevelStaysAsItIs() {
        var topic = topic("orders", List.of(0, 1), List.of(1, 2), List.of(2, 0));

        assertThat(Reassignment.of(List.of(topic), new Aim(racks("abc"), Map.of("orders", 2), true))
                        .moves())
                .isEmpty();
    }

    static SortedMap<Integer, String> racks(String names) {
        var racks = new TreeMap<Integer, String>();
        IntStream.range(0, names.length()).forEach(i -> racks.put(i, names.substring(i, i + 1)));
        return racks;
    }

    private static Aim aim(SortedMap<Integer, String> racks, Map<String, Integer> factors) {
        return new Aim(racks, factors, false);
    }

    @SafeVarargs
    static TopicPartitions topic(String name, List<Integer>... replicas) {
        return topic(name, List.of(replicas));
    }

    static TopicPartitions topic(String name, List<List<Integer>> replicas) {
        var partitions = new ArrayList<Partition>();
        for (int i = 0; i < replicas.size(); i++) {
            partitions.add(new Partition(i, replicas.get(i).getFirst(), replicas.get(i), replicas.get(i)));
        }
        return new TopicPartitions(name, "id", false, 1, List.copyOf(partitions));
    }

    /** The topic when the plan is done. */
    static TopicPartitions after(TopicPartitions topic, Reassignment plan) {
        var replicas = new ArrayList<>(topic.partitions().stream()
                .map(TopicPartitions.Partition::replicas)
                .toList());
        for (Move move : plan.moves()) {
            replicas.set(move.partition(), move.to());
        }
        return topic(topic.name(), replicas);
    }
}
