package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.Quorum;
import dev.castellan.operator.kafka.Quorum.Replica;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.DisruptionGate.Verdict;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Safe;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Unsafe;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DisruptionGateTest {
    private static final Quorum WELL = quorum(0, 0, 0);

    @Test
    void letsGoOneOfThreeInSync() {
        assertThat(verdict(1, WELL, topic(2, 0, List.of(0, 1, 2), List.of(0, 1, 2))))
                .isEqualTo(new Safe(0));
    }

    @Test
    void keepsWhatWouldFallBelowMinInSync() {
        assertThat(verdict(1, WELL, topic(2, 0, List.of(0, 1, 2), List.of(0, 1))))
                .isEqualTo(new Unsafe("orders-0 would be left with 1 of 3 replicas in sync, min.insync.replicas is 2"));
    }

    @Test
    void letsGoWhoIsNotInSyncWhateverElseIsWrong() {
        assertThat(verdict(2, WELL, topic(2, 0, List.of(0, 1, 2), List.of(0)))).isEqualTo(new Safe(0));
    }

    @Test
    void countsWhatNobodyCanProtect() {
        assertThat(verdict(1, WELL, topic(2, 1, List.of(1), List.of(1)))).isEqualTo(new Safe(1));
        assertThat(verdict(1, WELL, topic(2, 1, List.of(1, 0), List.of(1, 0)))).isEqualTo(new Safe(1));
    }

    @Test
    void waitsForUnprotectedPartitionsToBeWhole() {
        assertThat(verdict(1, WELL, topic(2, 1, List.of(1, 0), List.of(1)))).isInstanceOf(Unsafe.class);
    }

    @Test
    void keepsTheOnlyCopyOfWhatGoesWithThePod() {
        var topics = List.of(topic(1, 1, List.of(0, 1), List.of(1)));
        assertThat(DisruptionGate.mayTakeDown(Set.of(1), Set.of(1), WELL, topics))
                .isEqualTo(new Unsafe("orders-0 may have its only copy there"));
    }

    @Test
    void aDiskIsGivenUpOnlyWhereItsPartitionsAreInSyncElsewhere() {
        var elsewhere = topic(2, 0, List.of(0, 1, 2), List.of(0, 2));
        var onlyThere = topic(1, -1, List.of(1), List.of(1));
        var nobodyKnows = topic(2, -1, List.of(0, 1, 2), List.of());

        assertThat(diskVerdict(List.of(elsewhere), elsewhere)).isEqualTo(new Safe(0));
        assertThat(diskVerdict(List.of(onlyThere), onlyThere))
                .isEqualTo(new Unsafe("orders-0 may have its only copy there"));
        assertThat(diskVerdict(List.of(nobodyKnows), nobodyKnows)).isInstanceOf(Unsafe.class);
    }

    @Test
    void aNodeGoesDownForADiskAsForAnyRestart() {
        var onAnotherDisk = topic(1, 1, List.of(1), List.of(1));
        var atMinimum = topic(2, 0, List.of(0, 1, 2), List.of(0, 1));

        assertThat(diskVerdict(List.of(), onAnotherDisk)).isEqualTo(new Safe(1));
        assertThat(diskVerdict(List.of(), atMinimum)).isInstanceOf(Unsafe.class);
        assertThat(DisruptionGate.mayReplaceDisk(1, quorum(0, 0, 9_000), List.of(), List.of()))
                .isInstanceOf(Unsafe.class);
    }

    private static Verdict diskVerdict(List<TopicPartitions> there, TopicPartitions all) {
        return DisruptionGate.mayReplaceDisk(1, WELL, List.of(all), there);
    }

    @Test
    void keepsACopyThatMayBeTheLastThoughNobodyIsInSync() {
        // As with eligible leader replicas: the last in sync went down, and is the one that may lead again.
        var topics = List.of(topic(2, -1, List.of(0, 1, 2), List.of()));
        assertThat(DisruptionGate.mayTakeDown(Set.of(1), Set.of(1), WELL, topics))
                .isEqualTo(new Unsafe("orders-0 may have its only copy there"));
        assertThat(DisruptionGate.mayTakeDown(Set.of(1), Set.of(), WELL, topics))
                .isEqualTo(new Safe(0));
        assertThat(DisruptionGate.mayTakeDown(Set.of(3), Set.of(3), WELL, topics))
                .isEqualTo(new Safe(0));
    }

    @Test
    void letsGoTheOneThatAnOfflinePartitionWaitsFor() {
        assertThat(verdict(1, WELL, topic(2, -1, List.of(0, 1, 2), List.of(1)))).isEqualTo(new Safe(0));
    }

    @Test
    void doesNotTrustWhatIsNotKnown() {
        assertThat(verdict(1, WELL, topic(-1, 0, List.of(0, 1, 2), List.of(0, 1, 2))))
                .isInstanceOf(Unsafe.class);
        var unheardOf = new TopicPartitions("orders", "", false, 0, List.of());
        assertThat(verdict(1, WELL, unheardOf))
                .isEqualTo(new Unsafe("where topic orders has its replicas is not known"));
        assertThat(verdict(1, quorum(0, 0, -1))).isInstanceOf(Unsafe.class);
        assertThat(verdict(1, quorum(0, -1, -1))).isInstanceOf(Unsafe.class);
    }

    @Test
    void keepsTheMajorityOfTheQuorum() {
        assertThat(verdict(1, WELL)).isEqualTo(new Safe(0));
        assertThat(verdict(1, quorum(0, 0, 60_000)))
                .isEqualTo(new Unsafe("the quorum would be left with 1 of 3 voters that have caught up"));
    }

    @Test
    void letsGoTheVoterThatIsDeadAlready() {
        assertThat(verdict(2, quorum(0, 0, 60_000))).isEqualTo(new Safe(0));
    }

    @Test
    void pausesAQuorumThatHasNoneToSpare() {
        assertThat(verdict(0, quorum(0))).isEqualTo(new Safe(0));
        assertThat(verdict(1, quorum(0, 0))).isEqualTo(new Safe(0));
        assertThat(verdict(0, quorum(0, 60_000))).isInstanceOf(Unsafe.class);
    }

    @Test
    void neverThrowsAwayTheOnlyLogOfAQuorum() {
        assertThat(DisruptionGate.mayTakeDown(Set.of(0), Set.of(0), quorum(0), List.of()))
                .isInstanceOf(Unsafe.class);
    }

    @Test
    void looksAtAllNodesTogether() {
        var topics = List.of(topic(1, 0, List.of(0, 1, 2), List.of(0, 1, 2)));
        assertThat(DisruptionGate.mayTakeDown(Set.of(3, 4), Set.of(), quorum(0, 0, 0), topics))
                .isInstanceOf(Safe.class);
        assertThat(DisruptionGate.mayTakeDown(Set.of(0, 1), Set.of(), quorum(0, 0, 0), topics))
                .isInstanceOf(Unsafe.class);
    }

    @Test
    void anyOneMayGoExactlyIfEachMayGoAlone() {
        var random = new Random(1);
        for (int i = 0; i < 2_000; i++) {
            var quorum = quorum(random.longs(3, 0, 3)
                    .map(kind -> List.of(0L, 100_000L, -1L).get((int) kind))
                    .toArray());
            var replicas = IntStream.range(0, 4)
                    .filter(id -> random.nextInt(3) > 0)
                    .boxed()
                    .toList();
            var inSync = replicas.stream().filter(id -> random.nextInt(4) > 0).toList();
            int leader = inSync.isEmpty() ? -1 : inSync.getFirst();
            var topics = List.of(topic(random.nextInt(4), leader, replicas, inSync));
            var losing = random.nextBoolean() ? Set.of(random.nextInt(4)) : Set.<Integer>of();
            var nodes = Set.of(0, 1, 2, 3);

            var each = nodes.stream()
                    .map(id -> DisruptionGate.mayTakeDown(
                            Set.of(id), losing.contains(id) ? losing : Set.of(), quorum, topics));

            assertThat(DisruptionGate.mayTakeDownAnyOne(nodes, losing, quorum, topics) instanceof Safe)
                    .as("%s, %s, losing %s", topics, quorum, losing)
                    .isEqualTo(each.allMatch(Safe.class::isInstance));
        }
    }

    private static Verdict verdict(int node, Quorum quorum, TopicPartitions... topics) {
        return DisruptionGate.mayTakeDown(Set.of(node), Set.of(), quorum, List.of(topics));
    }

    private static TopicPartitions topic(int minInSync, int leader, List<Integer> replicas, List<Integer> inSync) {
        return new TopicPartitions(
                "orders", "id", false, minInSync, List.of(new Partition(0, leader, replicas, inSync)));
    }

    /** Voters 0, 1, …, so long behind each. */
    private static Quorum quorum(long... behind) {
        var voters = IntStream.range(0, behind.length)
                .mapToObj(id -> new Replica(id, "directory-" + id, 10, behind[id]))
                .toList();
        return new Quorum(0, 10, voters, List.of());
    }
}
