package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Moves that Kafka refuses, or that would not end, hold up no others, and the user reads why. */
class BarredMovesTest {

    @Test
    void whatHasACopyOnABrokerThatOthersHaveCordonedIsNotAskedFor() {
        // Given
        var cluster = of("{brokers: {replicas: 4}}", List.of(3, 0), List.of(3, 1), List.of(3, 2));
        cluster.kafka.cordonByHand(0);
        // When
        cluster.edit(brokers(3)).settle();
        // Then
        assertThat(cluster.kafka.truth().getFirst().partitions())
                .extracting(partition -> partition.replicas())
                .containsExactly(List.of(3, 0), List.of(1, 2), List.of(2, 1));
        assertThat(cluster.last().step().reason())
                .isEqualTo(
                        "broker 3 is to hold nothing: 0 partitions are being moved, 1 are left: 1 cannot be moved (orders-0):"
                                + " somebody else has cordoned broker 0, and Kafka moves nothing of which a copy is to lie there:"
                                + " delete cordoned.log.dirs of it to go on");
        assertThat(cluster.plan())
                .filteredOn(line -> line.startsWith("MoveReplicas"))
                .hasSize(1);
        // When
        cluster.kafka.uncordonByHand();
        cluster.settle();
        // Then
        assertThat(cluster.kafka.known()).containsExactly(0, 1, 2);
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    /** Which asks for no such thing. */
    @Test
    void before44WhatHasACopyOnABrokerThatOthersHaveCordonedIsMoved() {
        // Given
        var cluster = of("{version: 4.3.1, brokers: {replicas: 4}}", List.of(3, 0), List.of(3, 1), List.of(3, 2));
        cluster.kafka.cordonByHand(0);
        // When
        cluster.edit(brokers(3)).settle();
        // Then
        assertThat(cluster.kafka.truth().getFirst().partitions())
                .extracting(partition -> partition.replicas())
                .containsExactly(List.of(0, 1), List.of(1, 2), List.of(2, 1));
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    @Test
    void whereAllWhoStayAreCordonedTheirNamesAreTold() {
        // Given
        var cluster = of("{brokers: {replicas: 2}, controllers: {replicas: 1, zones: []}}", List.of(1));
        cluster.kafka.cordonByHand(0);
        // When
        cluster.edit(brokers(1)).settle();
        // Then
        assertThat(cluster.plan()).noneMatch(line -> line.startsWith("MoveReplicas"));
        assertThat(cluster.last().step().reason()).contains("1 are left", "somebody else has cordoned broker 0");
    }

    /** It may be for long: nobody waits for it, and it is not forgotten. */
    @Test
    void aNewBrokerThatOthersHaveCordonedGetsItsShareWhenTheCordonIsGone() {
        // Given
        var cluster = of("{brokers: {replicas: 3}}", List.of(0), List.of(1), List.of(2), List.of(0), List.of(1));
        cluster.edit(brokers(4)).until(() -> cluster.kafka.cordonByHand(3));
        // When
        cluster.settle();
        // Then
        assertThat(cluster.kafka.holdsAnything(3)).isFalse();
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(cluster.last().step().reason())
                .startsWith(
                        "everything is as declared; but broker 3 has no even share of the replicas: somebody else has"
                                + " cordoned broker 3, ");
        assertThat(shareless(cluster)).containsExactly(3);
        // When
        cluster.kafka.uncordonByHand();
        cluster.pass(60).restartOperator().settle();
        // Then
        assertThat(cluster.kafka.holdsAnything(3)).isTrue();
        assertThat(cluster.last().step().reason()).isEqualTo("everything is as declared");
        assertThat(shareless(cluster)).isEmpty();
    }

    /** And of the others those that may be moved are. */
    @Test
    void whoGivesAndIsCordonedHoldsUpNoneOfTheOthers() {
        // Given
        var cluster = of(
                "{brokers: {replicas: 3}}", List.of(0, 1), List.of(0, 2), List.of(1, 2), List.of(1, 2), List.of(2, 1));
        cluster.kafka.cordonByHand(0);
        // When
        cluster.edit(brokers(4)).settle();
        // Then
        assertThat(cluster.kafka.holdsAnything(3)).isTrue();
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    /** Until 4.3 Kafka ends a move when all copies are in sync. */
    @Test
    void whatHasACopyOutOfSyncComesLastWhereKafkaWouldWaitForIt() {
        // Given
        var cluster = of(
                "{version: 4.2.1, brokers: {replicas: 5}, controllers: {replicas: 1, zones: []}}",
                List.of(4, 0),
                List.of(4, 1));
        cluster.edit(brokers(4)).hang(0, 100).pass(20);
        // When
        cluster.until(() ->
                !cluster.kafka.truth().getFirst().partitions().get(1).replicas().contains(4));
        cluster.pass(10).reconcile();
        // Then
        assertThat(cluster.kafka.moving()).isEmpty();
        assertThat(cluster.kafka.truth().getFirst().partitions().getFirst().replicas())
                .containsExactly(4, 0);
        // When
        cluster.pass(100).settle();
        // Then
        assertThat(cluster.kafka.known()).containsExactly(0, 1, 2, 3);
    }

    /** A restart waits for the move, and only its user can help that on. */
    @Test
    void whoeverWaitsAheadOfThemTellsWhatIsInTheirWay() {
        // Given
        var cluster = of("{brokers: {replicas: 4}}", List.of(0, 1));
        cluster.edit(brokers(3)).until(() -> cluster.plan().stream().anyMatch(line -> line.startsWith("LowerNodeSet")));
        cluster.kafka.createTopic("late", 1, List.of(List.of(3, 0)));
        cluster.kafka.cordonByHand(0);
        // When
        cluster.edit(declared -> declared.getSpec().config = Map.of("queued.max.requests", IntNode.valueOf(600)))
                .settle();
        // Then
        assertThat(cluster.last().step().reason())
                .isEqualTo(
                        "broker 0 (events-brokers-0) cannot be restarted now: late-0 would be left with 0 of 2 replicas in sync,"
                                + " min.insync.replicas is 1; 1 cannot be moved (late-0): somebody else has cordoned broker 0, and Kafka"
                                + " moves nothing of which a copy is to lie there: delete cordoned.log.dirs of it to go on");
    }

    /** Since then it asks for the new ones alone. */
    @Test
    void whatHasACopyOutOfSyncIsMovedWhereKafkaDoesNotWaitForIt() {
        // Given
        var cluster =
                of("{version: 4.3.1, brokers: {replicas: 5}, controllers: {replicas: 1, zones: []}}", List.of(4, 0));
        cluster.edit(brokers(4)).hang(0, 1000).pass(20);
        // When
        cluster.settle();
        // Then
        assertThat(cluster.kafka.holdsAnything(4)).isFalse();
    }

    /** @param replicas of each partition of orders */
    @SafeVarargs
    private static CalmCluster of(String spec, List<Integer>... replicas) {
        var declared = Specs.cluster(spec);
        declared.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(declared).settle();
        cluster.kafka.createTopic("orders", 1, List.of(replicas));
        cluster.pass(40).reconcile();
        cluster.plan().clear();
        return cluster;
    }

    private static List<Integer> shareless(CalmCluster cluster) {
        return cluster.kube.everything(StatefulSet.class).stream()
                .flatMap(set -> Shareless.of(set).stream())
                .toList();
    }

    private static Consumer<KafkaCluster> brokers(int replicas) {
        return cluster -> cluster.getSpec().brokers.replicas = replicas;
    }
}
