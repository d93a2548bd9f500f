package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** More controllers, or fewer: what must hold on the way, whatever happens on it. Their ids begin with 1000. */
class ScaleControllersTest {
    private static final int LONG = 120;

    @ParameterizedTest
    @CsvSource({"1, 3", "3, 5", "1, 5", "5, 3", "3, 1", "5, 1"})
    void goesOnThoughTheOperatorIsAnotherWithEachReconcile(int from, int to) {
        // Given
        var cluster = of(from);
        var brokers = brokers(cluster);
        // When
        cluster.edit(controllers(to));
        for (int i = 0; i < LONG; i++) {
            cluster.restartOperator().reconcile().pass(1);
        }
        // Then
        assertThat(cluster.kafka.voters()).hasSize(to).allMatch(id -> id < 1000 + to);
        assertThat(replicas(cluster)).isEqualTo(to);
        assertThat(brokers(cluster)).isEqualTo(brokers);
    }

    @Test
    void whoStartsIsToldOfAllThatMayVoteAndNobodyIsRestartedForIt() {
        // Given
        var cluster = of(1);
        var revisions = revisions(cluster);
        // When
        cluster.edit(controllers(3)).settle();
        // Then
        assertThat(bootstrap(cluster))
                .isEqualTo("events-controllers-1000.shop.svc:9093,events-controllers-1001.shop.svc:9093,"
                        + "events-controllers-1002.shop.svc:9093");
        assertThat(revisions(cluster)).isEqualTo(revisions);
        // And when
        cluster.edit(controllers(1)).settle();
        // Then
        assertThat(bootstrap(cluster)).isEqualTo("events-controllers-1000.shop.svc:9093");
    }

    @Test
    void twoVotersAreOnlyPassedThrough() {
        // Given: the third cannot come
        var cluster = of(1).edit(controllers(3));
        while (cluster.kube.everything(Pod.class).size() < 6) {
            cluster.reconcile().pass(1);
        }
        cluster.loseHostOf("events-controllers-1002", true);
        // When
        cluster.settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactly(1000);
        // And when
        cluster.bringHostBack().settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(1000, 1001, 1002);
    }

    @Test
    void nobodyGivesUpItsVoteWhileOneThatStaysIsDown() {
        // Given
        var cluster = of(5);
        cluster.loseHostOf("events-controllers-1001", true).pass(10);
        // When
        cluster.edit(controllers(3)).settle();
        // Then
        assertThat(cluster.kafka.voterCount()).isEqualTo(5);
        // And when
        cluster.bringHostBack().settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(1000, 1001, 1002);
    }

    @Test
    void oneThatIsDownMayGo() {
        // Given
        var cluster = of(5);
        cluster.loseHostOf("events-controllers-1004", true).pass(10);
        // When
        cluster.edit(controllers(3)).settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(1000, 1001, 1002);
        assertThat(replicas(cluster)).isEqualTo(3);
    }

    @Test
    void leadershipGoesOnceAtMost() {
        // Given: not the first controller leads
        var cluster = of(3).losePod("events-controllers-1000").pass(10);
        assertThat(cluster.kafka.quorum().leaderId()).isEqualTo(1001);
        var leaders = new ArrayList<Integer>();
        // When
        cluster.edit(controllers(1));
        for (int i = 0; i < LONG; i++) {
            cluster.reconcile().pass(1);
            if (cluster.kafka.answers()) {
                leaders.add(cluster.kafka.quorum().leaderId());
            }
        }
        // Then
        assertThat(leaders.stream().distinct()).containsExactly(1001, 1000);
    }

    @Test
    void disksAreKeptAndComeBackAsObservers() {
        // Given
        var cluster = of(3);
        var disks = cluster.kube.everything(PersistentVolumeClaim.class).size();
        // When
        cluster.edit(controllers(1)).settle();
        // Then
        assertThat(cluster.kube.everything(PersistentVolumeClaim.class)).hasSize(disks);
        // And when
        cluster.edit(controllers(3)).settle();
        // Then
        assertThat(cluster.kafka.voters()).containsExactlyInAnyOrder(1000, 1001, 1002);
        assertThat(cluster.kube.everything(PersistentVolumeClaim.class)).hasSize(disks);
    }

    private static CalmCluster of(int controllers) {
        var spec = Specs.cluster("{brokers: {replicas: 3}, controllers: {replicas: " + controllers + "}}");
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle();
        cluster.kafka.createTopic("orders", 2, List.of(List.of(0, 1, 2)));
        return cluster.pass(40);
    }

    private static Consumer<KafkaCluster> controllers(int replicas) {
        return cluster -> cluster.getSpec().controllers.replicas = replicas;
    }

    private static int replicas(CalmCluster cluster) {
        return set(cluster).getSpec().getReplicas();
    }

    private static StatefulSet set(CalmCluster cluster) {
        return cluster.kube.everything(StatefulSet.class).stream()
                .filter(set -> set.getMetadata().getName().equals("events-controllers"))
                .findFirst()
                .orElseThrow();
    }

    private static Map<String, String> brokers(CalmCluster cluster) {
        var uids = new TreeMap<String, String>();
        cluster.kube.everything(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getName().contains("-brokers-"))
                .forEach(pod ->
                        uids.put(pod.getMetadata().getName(), pod.getMetadata().getUid()));
        return uids;
    }

    private static List<String> revisions(CalmCluster cluster) {
        return cluster.kube.everything(StatefulSet.class).stream()
                .map(set -> Intent.podSpec(set).orElseThrow())
                .toList();
    }

    private static String bootstrap(CalmCluster cluster) {
        return cluster.kube
                .getLive(ConfigMap.class, Names.identity("events"))
                .orElseThrow()
                .getData()
                .get(Identity.BOOTSTRAP);
    }
}
