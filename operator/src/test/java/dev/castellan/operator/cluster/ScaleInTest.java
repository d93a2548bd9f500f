package dev.castellan.operator.cluster;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.LowerNodeSet;
import dev.castellan.operator.cluster.plan.Step.MoveReplicas;
import dev.castellan.operator.cluster.plan.Step.UncordonBrokers;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.placement.Cordon;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Fewer brokers: what must hold on the way, whatever happens on it. */
class ScaleInTest {
    private static final int LONG = 200;

    @Test
    void goesOnThoughTheOperatorIsAnotherWithEachReconcile() {
        // Given
        var cluster = five().edit(replicas(3));
        // When
        for (int i = 0; i < LONG; i++) {
            cluster.restartOperator().reconcile().pass(1);
        }
        // Then
        assertThat(pods(cluster)).isEqualTo(3);
        assertThat(cluster.kafka.known()).containsExactly(0, 1, 2);
        assertNothingIsSlowedDown(cluster);
    }

    @Test
    void takesNobodyAwayBeforeTheSecondProof() {
        // Given
        var cluster = five().edit(replicas(3));
        // When
        var apart = fromEmptyToLowered(cluster);
        // Then
        assertThat(apart).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void whatWasProvedOfOneIsNotProvedOfAnother() {
        // Given
        var cluster = five().edit(replicas(4));
        cluster.until(() -> cluster.plan().stream().anyMatch(line -> line.startsWith("MarkDrained")));
        // When
        var apart = fromEmptyToLowered(cluster.edit(replicas(3)));
        // Then
        assertThat(apart).isGreaterThanOrEqualTo(Duration.ofSeconds(10));
        assertThat(replicasOfSet(cluster)).isEqualTo(3);
    }

    @Test
    void movesWhatIsCreatedOnALeavingBrokerMeanwhile() {
        // Given
        var cluster = five().edit(replicas(3));
        cluster.until(() -> cluster.plan().stream().anyMatch(line -> line.startsWith("MarkDrained")));
        // When
        cluster.kafka.createTopic("late", 1, List.of(List.of(4)));
        cluster.settle();
        // Then
        assertThat(pods(cluster)).isEqualTo(3);
        assertThat(cluster.kafka.holdsAnything(4)).isFalse();
    }

    /** It tells of topics as they were: of what was created between the two proofs it knows nothing. */
    @Test
    void nobodyIsTakenAwayOnTheWordOfABrokerThatHearsNothing() {
        // Given
        var cluster = dedicated(4).edit(replicas(3));
        cluster.until(() -> cluster.plan().stream().anyMatch(line -> line.startsWith("MarkDrained")));
        // When
        cluster.kafka.cutOff(1);
        cluster.pass(4);
        cluster.kafka.createTopic("late", 1, List.of(List.of(3)));
        cluster.settle();
        // Then
        assertThat(cluster.kafka.holdsAnything(3)).isTrue();
        assertThat(cluster.last().step().reason())
                .contains("holds nothing any more, by all accounts, but that is not sure: broker 1")
                .contains("is behind with the metadata");
        // When
        cluster.kafka.reconnect(1);
        cluster.pass(1).settle();
        // Then
        assertThat(cluster.kafka.known()).containsExactly(0, 1, 2);
        assertThat(cluster.kafka.holdsAnything(3)).isFalse();
    }

    /** The leader of the quorum knows that it follows. */
    @Test
    void aBrokerWhoseProbesAloneFailHoldsUpNobodyWhoGoes() {
        // Given
        var cluster = five().blind("events-brokers-4");
        // When
        cluster.edit(replicas(3)).settle();
        // Then
        assertThat(replicasOfSet(cluster)).isEqualTo(3);
        assertThat(cluster.kafka.known()).containsExactly(0, 1, 2);
    }

    @Test
    void nobodyIsForgottenOnTheWordOfABrokerThatHearsNothing() {
        // Given
        var cluster = five().edit(replicas(3));
        cluster.until(() -> replicasOfSet(cluster) == 3);
        // When
        cluster.kafka.cutOff(1);
        cluster.kafka.createTopic("late", 1, List.of(List.of(4)));
        cluster.pass(5).settle();
        // Then
        assertThat(cluster.kafka.known()).contains(4);
    }

    @Test
    void newTopicsGetNothingOnBrokersThatAreToGoAndNobodyIsCordonedInTheEnd() {
        // Given
        var cluster = cordoned(five().edit(replicas(3)));
        // When
        while (cluster.plan().stream().noneMatch(line -> line.startsWith("UncordonBrokers"))) {
            assertThat(cluster.kafka.usable()).containsExactly(0, 1, 2);
            cluster.pass(1).reconcile();
        }
        // Then
        cluster.reconcile();
        assertThat(cluster.last().step()).isInstanceOf(LowerNodeSet.class);
        cluster.settle();
        assertThat(cluster.plan().stream()
                        .filter(line -> line.contains("cordonBrokers") || line.startsWith("CordonBrokers")))
                .as("once for the whole drain")
                .hasSize(2);
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertNobodyIsCordoned(cluster);
    }

    @Test
    void whatIsCreatedWhenTheCordonIsLiftedIsMovedBeforeTheBrokerGoes() {
        // Given
        var cluster = cordoned(five().edit(replicas(3)));
        while (cluster.plan().stream().noneMatch(line -> line.startsWith("UncordonBrokers"))) {
            cluster.pass(1).reconcile();
        }
        // When
        cluster.kafka.createTopic("late", 1, List.of(List.of(4)));
        cluster.reconcile();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(MoveReplicas.class);
        cluster.settle();
        assertThat(pods(cluster)).isEqualTo(3);
        assertNobodyIsCordoned(cluster);
    }

    @Test
    void whoStaysAfterAllIsCordonedNoMoreThoughTheOperatorIsAnother() {
        // Given
        var cluster = cordoned(five().edit(replicas(3)));
        // When
        cluster.restartOperator().edit(replicas(4)).reconcile().pass(1);
        // Then
        assertThat(cluster.last().step()).isInstanceOf(UncordonBrokers.class);
        assertThat(cluster.kafka.usable()).containsExactly(0, 1, 2, 3);
        // When
        cluster.edit(replicas(3)).reconcile().pass(1);
        // Then
        assertThat(cluster.kafka.usable()).containsExactly(0, 1, 2);
        // When
        cluster.edit(replicas(5)).settle();
        // Then
        assertThat(pods(cluster)).isEqualTo(5);
        assertNobodyIsCordoned(cluster);
    }

    @Test
    void aBrokerThatDiesCordonedIsNotWhenItComesBack() {
        // Given
        var cluster = cordoned(five().edit(replicas(4)));
        cluster.hang(4, LONG).settle();
        assertThat(pods(cluster)).isEqualTo(4);
        assertThat(cluster.kafka.isCordoned(4)).isTrue();
        // When
        cluster.restartOperator().edit(replicas(5)).settle();
        // Then
        assertThat(cluster.kafka.holdsAnything(4)).isTrue();
        assertNobodyIsCordoned(cluster);
    }

    @Test
    void whatSomebodyElseHasCordonedStaysSo() {
        // Given
        var cluster = five();
        cluster.kafka.cordonByHand(4);
        cluster.edit(replicas(3));
        cluster.until(() -> cluster.plan().stream().anyMatch(line -> line.startsWith("MarkDrained")));
        // When
        cluster.edit(replicas(5)).settle();
        // Then
        assertThat(cluster.plan()).contains("CordonBrokers: broker 3 is to go, and gets no new replicas");
        assertThat(cluster.kafka.usable()).containsExactly(0, 1, 2, 3);
        assertThat(cluster.kafka.isCordoned(4)).isTrue();
    }

    /** Three copies are what new topics get as long as there are four brokers. */
    @Test
    void whereTooFewWouldBeLeftForNewTopicsNobodyIsCordoned() {
        // Given
        var cluster = dedicated(4);
        // When
        cluster.edit(replicas(2)).settle();
        // Then
        assertThat(cluster.kafka.known()).containsExactly(0, 1);
        assertThat(cluster.plan()).noneMatch(line -> line.startsWith("CordonBrokers: "));
    }

    @Test
    void aBrokerThatDoesNotHearHoldsUpNothing() {
        // Given
        var cluster = five().deafen(4, LONG);
        // When
        cluster.edit(replicas(3)).settle();
        // Then
        assertThat(pods(cluster)).isEqualTo(3);
        assertNobodyIsCordoned(cluster);
    }

    @Test
    void takesBackWhatIsNoLongerWanted() {
        // Given
        var cluster = underWay(five().edit(replicas(3)));
        // When
        cluster.edit(replicas(5)).settle();
        // Then
        assertThat(cluster.plan()).anyMatch(line -> line.startsWith("TakeBackMoves: "));
        assertThat(pods(cluster)).isEqualTo(5);
        assertThat(cluster.kafka.holdsAnything(4)).isTrue();
        assertNothingIsSlowedDown(cluster);
    }

    @Test
    void whoStaysAfterAllGetsItsShareAgain() {
        // Given
        var cluster = five().edit(replicas(3));
        while (cluster.kafka.holdsAnything(4)) {
            cluster.reconcile().pass(1);
        }
        // When
        cluster.edit(replicas(5)).settle();
        // Then: 12 replicas over 5 brokers
        assertThat(counts(cluster)).hasSize(5).allSatisfy((id, replicas) -> assertThat(replicas)
                .isBetween(2L, 3L));
        assertNothingIsSlowedDown(cluster);
    }

    @Test
    void whoIsLeftHasAnEvenShareThoughDrainingAloneGivesNone() {
        // Given: broker 3 can get nothing of what lies on brokers 4 and 5
        var cluster = of(6);
        cluster.kafka.createTopic("early", 2, Collections.nCopies(4, List.of(0, 1, 2)));
        cluster.kafka.createTopic("late", 2, Collections.nCopies(4, List.of(3, 4, 5)));
        // When
        cluster.pass(40).edit(replicas(4)).settle();
        // Then
        assertThat(counts(cluster)).isEqualTo(Map.of(0, 6L, 1, 6L, 2, 6L, 3, 6L));
        assertNothingIsSlowedDown(cluster);
    }

    @Test
    void aMoveToABrokerThatIsToGoTooIsMadeAnew() {
        // Given
        var cluster = underWay(five().edit(replicas(4)));
        // When
        cluster.edit(replicas(3)).settle();
        // Then
        assertThat(pods(cluster)).isEqualTo(3);
        assertThat(cluster.kafka.known()).containsExactly(0, 1, 2);
    }

    @Test
    void waitsForAThrottleOfOthersAndLeavesIt() {
        // Given
        var cluster = five();
        var rate = Map.of("leader.replication.throttled.rate", "1000");
        cluster.kafka.alterClusterConfig(new ConfigChange(rate, List.of()));
        // When
        cluster.edit(replicas(3)).settle();
        // Then
        assertThat(cluster.last().step().reason()).contains("somebody else slows all replicas down");
        assertThat(cluster.kafka.config()).containsAllEntriesOf(rate);
        assertThat(cluster.kafka.moving()).isEmpty();
        assertThat(pods(cluster)).isEqualTo(5);
    }

    @Test
    void aBrokerWithTheOnlyCopyIsKeptThoughItIsDown() {
        // Given
        var cluster = five();
        cluster.kafka.createTopic("single", 1, List.of(List.of(4)));
        cluster.putToSleep("events-brokers").losePod("events-brokers-4");
        // When
        cluster.pass(3).edit(replicas(3)).reconcile().pass(5).reconcile();
        // Then
        assertThat(cluster.kafka.holdsAnything(4)).isTrue();
        assertThat(replicasOfSet(cluster)).isEqualTo(5);
    }

    /** Of whom two are no controllers, and all have their share. */
    private static CalmCluster five() {
        var cluster = of(5);
        cluster.kafka.createTopic(
                "orders", 2, List.of(List.of(3, 4, 0), List.of(4, 0, 1), List.of(0, 1, 2), List.of(2, 3, 1)));
        cluster.pass(40).reconcile();
        cluster.plan().clear();
        return cluster;
    }

    private static CalmCluster of(int brokers) {
        var spec = Specs.cluster("{brokers: {replicas: " + brokers + "}}");
        spec.getMetadata().setGeneration(1L);
        return new CalmCluster(spec).settle();
    }

    private static Map<Integer, Long> counts(CalmCluster cluster) {
        return cluster.kafka.truth().stream()
                .flatMap(topic -> topic.partitions().stream())
                .flatMap(partition -> partition.replicas().stream())
                .collect(groupingBy(id -> id, counting()));
    }

    private static CalmCluster dedicated(int brokers) {
        var spec = Specs.cluster("{brokers: {replicas: " + brokers + "}, controllers: {replicas: 1, zones: []}}");
        spec.getMetadata().setGeneration(1L);
        return new CalmCluster(spec).settle();
    }

    private static CalmCluster cordoned(CalmCluster cluster) {
        while (cluster.plan().stream().noneMatch(line -> line.startsWith("CordonBrokers"))) {
            cluster.reconcile();
        }
        return cluster.pass(1);
    }

    private static void assertNobodyIsCordoned(CalmCluster cluster) {
        assertThat(List.of(0, 1, 2, 3, 4)).noneMatch(cluster.kafka::isCordoned);
        assertThat(Cordon.onRecord(cluster.kafka.config())).isEmpty();
    }

    /** Of brokers 3 and 4. */
    private static Duration fromEmptyToLowered(CalmCluster cluster) {
        Instant empty = null;
        var now = Instant.EPOCH;
        while (replicasOfSet(cluster) == 5) {
            cluster.reconcile().pass(1);
            now = now.plusSeconds(1);
            boolean isEmpty = !cluster.kafka.holdsAnything(3) && !cluster.kafka.holdsAnything(4);
            empty = isEmpty && empty == null ? now : empty;
        }
        return Duration.between(empty, now);
    }

    private static CalmCluster underWay(CalmCluster cluster) {
        while (cluster.kafka.moving().isEmpty()) {
            cluster.reconcile();
        }
        return cluster;
    }

    private static Consumer<KafkaCluster> replicas(int replicas) {
        return cluster -> cluster.getSpec().brokers.replicas = replicas;
    }

    private static int pods(CalmCluster cluster) {
        return cluster.kube.everything(Pod.class).size();
    }

    private static int replicasOfSet(CalmCluster cluster) {
        return cluster.kube.everything(StatefulSet.class).getFirst().getSpec().getReplicas();
    }

    private static void assertNothingIsSlowedDown(CalmCluster cluster) {
        assertThat(Throttle.isRateOurs(cluster.kafka.config())).isFalse();
        assertThat(cluster.kafka.details().values()).noneMatch(topic -> Throttle.isSigned(topic.config()));
    }
}
