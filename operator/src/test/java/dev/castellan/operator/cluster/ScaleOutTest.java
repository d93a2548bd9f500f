package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Rebalance;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** More brokers: they get their share, and it is known without memory that they have not had it. */
class ScaleOutTest {
    private static final int LONG = 200;

    @Test
    void newBrokersGetTheirShare() {
        // Given
        var cluster = three();
        // When
        cluster.edit(replicas(5)).settle();
        // Then: 36 replicas over 5 brokers
        assertThat(counts(cluster, 5)).containsOnly(7, 8);
        assertAtRest(cluster);
    }

    /** Or topics would have to wait for them. */
    @Test
    void newBrokersAreMissedByNobody() {
        // Given
        var cluster = three().edit(replicas(7));
        // When
        while (!cluster.kafka.isServing(6)) {
            cluster.reconcile().pass(1);
            // Then
            assertThat(ready(cluster)).isEqualTo("Serving");
        }
    }

    @Test
    void whoHoldsSomethingIsMissed() {
        // Given
        var cluster = three("{brokers: {replicas: 3}, controllers: {replicas: 3}}");
        // When
        cluster.putToSleep("events-brokers");
        cluster.losePod("events-brokers-0").losePod("events-brokers-1").pass(20).reconcile();
        // Then
        assertThat(ready(cluster)).isEqualTo("NotServing");
    }

    @Test
    void goesOnThoughTheOperatorIsAnotherWithEachReconcile() {
        // Given
        var cluster = three().edit(replicas(5));
        // When
        for (int i = 0; i < LONG; i++) {
            cluster.restartOperator().reconcile().pass(1);
        }
        // Then
        assertThat(counts(cluster, 5)).containsOnly(7, 8);
        assertAtRest(cluster);
    }

    @Test
    void movesNothingWhereItsOwnerDoesNotWantIt() {
        // Given
        var cluster = three().edit(onScale(false));
        // When
        cluster.edit(replicas(4)).settle();
        // Then
        assertThat(cluster.kafka.holdsAnything(3)).isFalse();
        // When: makes up for it
        cluster.edit(onScale(true)).settle();
        // Then
        assertThat(counts(cluster, 4)).containsOnly(9);
        assertAtRest(cluster);
    }

    @Test
    void whoLeavesHalfwayIsDrained() {
        // Given
        var cluster = three().edit(replicas(5));
        while (cluster.kafka.moving().isEmpty()) {
            cluster.reconcile().pass(1);
        }
        // When
        cluster.edit(replicas(3)).settle();
        // Then
        assertThat(cluster.kube.everything(Pod.class)).hasSize(3);
        assertThat(cluster.kafka.known()).containsExactly(0, 1, 2);
        assertAtRest(cluster);
    }

    @Test
    void whoAsksForEvenSharesGetsThemOnce() {
        // Given
        var cluster = three().edit(onScale(false));
        cluster.edit(replicas(4)).settle();
        cluster.kafka.createTopic("skewed", 1, Collections.nCopies(6, List.of(0)));
        cluster.pass(40).settle();
        assertThat(counts(cluster, 4)).containsExactly(18, 12, 12, 0);
        // When
        cluster.edit(request("monday")).settle();
        // Then
        assertThat(counts(cluster, 4)).allMatch(count -> count == 10 || count == 11);
        assertAtRest(cluster);
        // When
        cluster.kafka.createTopic("skewed-too", 1, Collections.nCopies(8, List.of(1)));
        cluster.pass(40).restartOperator().settle().edit(request(null)).settle();
        // Then
        assertThat(counts(cluster, 4).get(1)).isGreaterThan(17);
        // When
        cluster.edit(request("tuesday")).settle();
        // Then
        assertThat(counts(cluster, 4)).allMatch(count -> count == 12 || count == 13);
        assertAtRest(cluster);
    }

    @Test
    void aRequestIsOutlivedByBrokersThatGoMeanwhile() {
        // Given
        var cluster = three().edit(onScale(false));
        cluster.edit(replicas(4)).settle();
        // When
        cluster.edit(request("monday"));
        while (cluster.kafka.moving().isEmpty()) {
            cluster.reconcile().pass(1);
        }
        cluster.edit(replicas(3)).settle();
        // Then
        assertThat(cluster.kafka.known()).containsExactly(0, 1, 2);
        assertThat(counts(cluster, 3)).containsExactly(12, 12, 12);
        assertAtRest(cluster);
    }

    @Test
    void theFirstRequestOfANewClusterAsksForNothing() {
        // When
        var spec = Specs.cluster("{brokers: {replicas: 3}, rebalance: {request: monday}}");
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle();
        // Then
        assertAtRest(cluster);
        assertThat(cluster.plan()).noneMatch(line -> line.contains("share"));
    }

    @Test
    void aClusterThatWasNotScaledIsLeftAsItIs() {
        // Given
        var cluster = three();
        cluster.kafka.createTopic("skewed", 1, Collections.nCopies(6, List.of(0)));
        // When
        cluster.pass(40).settle();
        // Then
        assertThat(counts(cluster, 3).getFirst()).isEqualTo(18);
    }

    private static CalmCluster three() {
        return three("{brokers: {replicas: 3}}");
    }

    private static CalmCluster three(String yaml) {
        var spec = Specs.cluster(yaml);
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle();
        cluster.kafka.createTopic("orders", 2, Collections.nCopies(12, List.of(0, 1, 2)));
        return cluster.pass(40).reconcile();
    }

    private static String ready(CalmCluster cluster) {
        return cluster.status().conditions.stream()
                .filter(condition -> condition.getType().equals("Ready"))
                .map(Condition::getReason)
                .findFirst()
                .orElseThrow();
    }

    private static List<Integer> counts(CalmCluster cluster, int brokers) {
        var counts = new ArrayList<>(Collections.nCopies(brokers, 0));
        cluster.kafka.truth().stream()
                .flatMap(topic -> topic.partitions().stream())
                .flatMap(partition -> partition.replicas().stream())
                .forEach(id -> counts.set(id, counts.get(id) + 1));
        return counts;
    }

    private static Consumer<KafkaCluster> replicas(int replicas) {
        return cluster -> cluster.getSpec().brokers.replicas = replicas;
    }

    private static Consumer<KafkaCluster> request(String request) {
        return cluster -> cluster.getSpec().rebalance.request = request;
    }

    private static Consumer<KafkaCluster> onScale(boolean onScale) {
        return cluster -> {
            cluster.getSpec().rebalance = new Rebalance();
            cluster.getSpec().rebalance.onScale = onScale;
        };
    }

    private static void assertAtRest(CalmCluster cluster) {
        assertThat(cluster.kafka.moving()).isEmpty();
        assertThat(Throttle.isRateOurs(cluster.kafka.config())).isFalse();
        assertThat(cluster.kafka.details().values()).noneMatch(topic -> Throttle.isSigned(topic.config()));
        assertThat(cluster.kube.everything(StatefulSet.class))
                .allMatch(set -> Shareless.of(set).isEmpty());
    }
}
