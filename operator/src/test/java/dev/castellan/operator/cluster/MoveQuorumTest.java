package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.Controllers;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Rollout;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The quorum moves from brokers to dedicated controllers, and back. Dedicated controllers' ids begin with 1000. */
class MoveQuorumTest {
    private static final int LONG = 200;

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 3", "3, 1", "3, 3", "3, 5", "5, 3"})
    void goesThereAndBackThoughTheOperatorIsAnotherWithEachReconcile(int brokers, int controllers) {
        // Given
        var cluster = of(brokers);
        var combined = cluster.kafka.voters();
        // When
        cluster.edit(dedicated(controllers));
        live(cluster);
        // Then
        assertThat(cluster.kafka.voters()).hasSize(controllers).allMatch(id -> id >= 1000);
        assertThat(cluster.kafka.registeredControllers()).isEqualTo(cluster.kafka.voters());
        assertThat(combined).noneMatch(cluster.kafka::isController);
        // And when
        cluster.edit(combined());
        live(cluster);
        // Then
        assertThat(cluster.kafka.voters()).isEqualTo(combined);
        assertThat(cluster.kafka.registeredControllers()).isEqualTo(combined);
        assertThat(cluster.kube.everything(Pod.class)).hasSize(brokers);
    }

    /** Each budget lets one go, and one is all that the quorum can do without. */
    @Test
    void whileBrokersVoteBesideControllersOnlyOneBudgetLetsAnybodyGo() {
        // Given
        var cluster = of(3);
        for (var move : List.of(dedicated(3), combined())) {
            cluster.edit(move);
            for (int i = 0; i < LONG; i++) {
                // When
                cluster.reconcile();
                // Then
                if (cluster.kafka.voters().stream().anyMatch(id -> id < 1000)) {
                    assertThat(open(cluster)).as(cluster.last().step().reason()).hasSizeLessThan(2);
                }
                cluster.pass(1);
            }
        }
    }

    private static List<String> open(CalmCluster cluster) {
        return cluster.kube.everything(PodDisruptionBudget.class).stream()
                .filter(budget -> new IntOrString(1).equals(budget.getSpec().getMaxUnavailable()))
                .map(budget -> budget.getMetadata().getName())
                .toList();
    }

    private static void live(CalmCluster cluster) {
        for (int i = 0; i < LONG; i++) {
            cluster.restartOperator().reconcile().pass(1);
        }
    }

    /** Of five brokers three vote. Who starts is told whom to ask for the leader, and only then. */
    @Test
    void brokersAreRestartedToKnowWhomToAskAndThoseThatWereControllersOnceMore() {
        // Given
        var cluster = of(5);
        var before = brokers(cluster);
        // When
        cluster.edit(dedicated(3));
        while (!cluster.kafka.voters().containsAll(Set.of(1000, 1001, 1002)) || cluster.kafka.voterCount() > 3) {
            cluster.reconcile().pass(1);
        }
        // Then
        assertThat(restarted(before, brokers(cluster))).hasSize(5);
        // And when
        before = brokers(cluster);
        cluster.settle();
        // Then
        assertThat(restarted(before, brokers(cluster))).containsExactlyInAnyOrder("0", "1", "2");
        // And when
        before = brokers(cluster);
        cluster.edit(combined()).settle();
        // Then
        assertThat(restarted(before, brokers(cluster))).hasSize(5);
    }

    /** Otherwise nobody would find the leader, once it is another. */
    @Test
    void nobodyGivesUpAVoteAsLongAsABrokerKnowsNobodyElse() {
        // Given
        var cluster = of(3).edit(restartsPaused(true));
        // When
        cluster.edit(dedicated(3)).settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(0, 1, 2, 1000, 1001, 1002);
        assertThat(cluster.plan().getLast()).startsWith("Held: restarts of 3 nodes wait");
        // And when
        cluster.edit(restartsPaused(false)).settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(1000, 1001, 1002);
        // And when
        cluster.edit(restartsPaused(true));
        cluster.edit(combined()).settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(1000, 1001, 1002);
        assertThat(cluster.plan().getLast()).startsWith("Held: restarts of 3 nodes wait");
    }

    /** With every second that it may be taken back at. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 5, 7, 9, 11, 13, 15, 17, 20, 24, 28, 32, 36, 40, 50})
    void isTakenBackHalfWay(int seconds) {
        // Given
        var cluster = of(3).edit(dedicated(3));
        step(cluster, seconds);
        // When
        cluster.edit(combined()).settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(0, 1, 2);
        assertThat(cluster.kube.everything(Pod.class)).hasSize(3);
        // And when
        cluster.edit(dedicated(3)).settle();
        cluster.edit(combined());
        step(cluster, seconds);
        cluster.edit(dedicated(3)).settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(1000, 1001, 1002);
        assertThat(cluster.kafka.registeredControllers()).isEqualTo(cluster.kafka.voters());
    }

    private static void step(CalmCluster cluster, int seconds) {
        for (int i = 0; i < seconds; i++) {
            cluster.reconcile().pass(1);
        }
    }

    @Test
    void nobodyGivesUpAVoteBeforeAllDedicatedControllersHaveTheirs() {
        // Given: one of them cannot come
        var cluster = of(3).edit(dedicated(3));
        while (cluster.kube.everything(Pod.class).size() < 6) {
            cluster.reconcile().pass(1);
        }
        cluster.loseHostOf("events-controllers-1002", true);
        // When
        cluster.settle();
        // Then
        assertThat(cluster.kafka.voters()).containsAll(Set.of(0, 1, 2));
        // And when
        cluster.edit(combined()).settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(0, 1, 2);
    }

    /** One that is not heard of is not gone, as long as its process runs: a new leader has not heard of anybody yet. */
    @Test
    void whoIsNotHeardOfForAMomentKeepsItsVote() {
        // Given
        var cluster = of(3).hang(2, 20);
        // When
        cluster.edit(dedicated(3));
        step(cluster, 15);
        // Then
        assertThat(cluster.kafka.voters()).containsAll(Set.of(0, 1, 2));
        // And when
        cluster.settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(1000, 1001, 1002);
    }

    @Test
    void oneVoterNeverBecomesTwoToRest() {
        // Given: of three only the first comes
        var cluster = of(1).edit(dedicated(3));
        while (cluster.kube.everything(Pod.class).size() < 4) {
            cluster.reconcile().pass(1);
        }
        cluster.loseHostOf("events-controllers-1001", true).losePod("events-controllers-1002");
        cluster.loseHostOf("events-controllers-1001", true);
        // When
        cluster.putToSleep("events-controllers").settle();
        // Then
        assertThat(cluster.kafka.voterCount() % 2).isEqualTo(1);
    }

    @Test
    void whoStartsIsToldOfAllThatMayVote() {
        // Given
        var cluster = of(1);
        // When
        cluster.edit(dedicated(1)).reconcile().reconcile();
        // Then
        assertThat(bootstrap(cluster)).contains("events-controllers-1000.shop", "events-brokers-0.shop");
        // And when
        cluster.settle();
        // Then
        assertThat(bootstrap(cluster)).isEqualTo("events-controllers-1000.shop.svc:9093");
    }

    @Test
    void whatIsOnRecordIsGoneBeforeABrokerHasItsVoteBack() {
        // Given
        var cluster = of(3).edit(dedicated(3)).settle();
        assertThat(relieved(cluster)).isEqualTo("0,1,2");
        // When
        cluster.edit(combined());
        // Then
        for (int i = 0; i < LONG; i++) {
            cluster.reconcile().pass(1);
            boolean anyVotes = cluster.kafka.voters().stream().anyMatch(id -> id < 1000);
            assertThat(!anyVotes || relieved(cluster).isEmpty()).isTrue();
        }
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void whoIsToFoundTheQuorumIsMissedIfTheSpecIsAnotherBeforeTheyAreThere() {
        // Given
        var spec = Specs.cluster("{brokers: {replicas: 3}, controllers: {replicas: 3}}");
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).reconcile();
        // When
        cluster.edit(combined()).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> {
            assertThat(stall.why()).isEqualTo(StallReason.InvalidSpec);
            assertThat(stall.reason()).contains("found the quorum (1000, 1001, 1002)");
        });
        // And when
        cluster.edit(dedicated(3)).settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(1000, 1001, 1002);
    }

    private static CalmCluster of(int brokers) {
        var spec = Specs.cluster("{brokers: {replicas: " + brokers + "}}");
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle();
        cluster.kafka.createTopic("orders", 1, List.of(brokers < 3 ? List.of(0) : List.of(0, 1, 2)));
        return cluster.pass(40);
    }

    private static Consumer<KafkaCluster> dedicated(int replicas) {
        return cluster -> {
            cluster.getSpec().controllers = new Controllers();
            cluster.getSpec().controllers.replicas = replicas;
        };
    }

    private static Consumer<KafkaCluster> combined() {
        return cluster -> cluster.getSpec().controllers = null;
    }

    private static Consumer<KafkaCluster> restartsPaused(boolean paused) {
        return cluster -> {
            cluster.getSpec().rollout = new Rollout();
            cluster.getSpec().rollout.paused = paused;
        };
    }

    private static List<String> restarted(Map<String, String> before, Map<String, String> after) {
        return before.keySet().stream()
                .filter(pod -> !before.get(pod).equals(after.get(pod)))
                .map(pod -> pod.substring(pod.lastIndexOf('-') + 1))
                .toList();
    }

    private static Map<String, String> brokers(CalmCluster cluster) {
        var uids = new TreeMap<String, String>();
        cluster.kube.everything(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getName().contains("-brokers-"))
                .forEach(pod ->
                        uids.put(pod.getMetadata().getName(), pod.getMetadata().getUid()));
        return uids;
    }

    private static String relieved(CalmCluster cluster) {
        return cluster.kube.everything(StatefulSet.class).stream()
                .filter(set -> set.getMetadata().getName().equals("events-brokers"))
                .map(set -> set.getMetadata().getAnnotations().getOrDefault(Annotations.RELIEVED, ""))
                .findFirst()
                .orElseThrow();
    }

    private static String bootstrap(CalmCluster cluster) {
        return cluster.kube
                .getLive(ConfigMap.class, Names.identity("events"))
                .orElseThrow()
                .getData()
                .get(Identity.BOOTSTRAP);
    }
}
