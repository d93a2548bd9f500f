package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.api.v1beta1.BrokerPool;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Storage;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.Hibernating;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Nodes that sleep: what must hold while they do, and on the way there and back. */
class HibernateTest {
    @Test
    void whatIsStartedByHandIsStoppedAgainAndForgetsNothing() {
        // Given
        var cluster = asleep();
        // When
        cluster.kube.update(new StatefulSetBuilder(set(cluster))
                .editMetadata()
                .withGeneration(set(cluster).getMetadata().getGeneration() + 1)
                .endMetadata()
                .editSpec()
                .withReplicas(1)
                .endSpec()
                .build());
        cluster.pass(2).settle();
        // Then
        assertThat(pods(cluster)).isEmpty();
        assertThat(cluster.edit(hibernate(false)).settle().kube.everything(Pod.class))
                .hasSize(3);
    }

    @Test
    void nodesWakeFromWhatTheyWereMadeOfBefore() {
        // Given
        var cluster = awake();
        var before = Intent.podSpec(set(cluster)).orElseThrow();
        cluster.edit(hibernate(true)).settle();
        // When
        cluster.edit(spec -> spec.getSpec().config = Map.of("log.retention.hours", new TextNode("1")))
                .edit(hibernate(false));
        while (pods(cluster).size() < 3) {
            cluster.reconcile().pass(1);
        }
        // Then
        assertThat(pods(cluster)).allSatisfy(pod -> assertThat(pod.getMetadata().getAnnotations())
                .containsEntry(Annotations.POD_SPEC, before));
        assertThat(set(cluster).getMetadata().getAnnotations()).containsEntry(Annotations.STOPPED, "3");
        cluster.settle();
        assertThat(set(cluster).getMetadata().getAnnotations()).doesNotContainKey(Annotations.STOPPED);
        assertThat(Intent.podSpec(set(cluster)).orElseThrow()).isNotEqualTo(before);
    }

    @Test
    void nobodySleepsBeforeWhoWouldLoseItsDiskByItHasGone() {
        // Given
        var cluster = awake();
        cluster.edit(spec -> spec.getSpec().brokers.pools = List.of(ephemeral()))
                .settle();
        assertThat(pods(cluster)).hasSize(4);
        var steps = cluster.plan().size();
        // When
        cluster.edit(spec -> spec.getSpec().brokers.pools = null)
                .edit(hibernate(true))
                .settle();
        // Then
        assertThat(pods(cluster)).isEmpty();
        assertThat(cluster.plan().subList(steps, cluster.plan().size()))
                .containsSubsequence(
                        cluster.plan().stream()
                                .filter(line -> line.startsWith("LowerNodeSet"))
                                .findFirst()
                                .orElseThrow(),
                        cluster.plan().stream()
                                .filter(line -> line.startsWith("StopNodes"))
                                .findFirst()
                                .orElseThrow());
    }

    @Test
    void aDeadHostKeepsNobodyAwake() {
        // Given
        var spec = Specs.cluster("{brokers: {replicas: 3}, controllers: {replicas: 3}}");
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle().loseHostOf("events-brokers-2", true);
        // When
        cluster.pass(5).edit(hibernate(true)).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Hibernating.class);
        assertThat(cluster.last().step().reason())
                .endsWith("they may still run: events-brokers-2 on Kubernetes node "
                        + cluster.pod("events-brokers-2").getSpec().getNodeName()
                        + "; delete the Node object of one that is gone for good");
        assertThat(pods(cluster)).extracting(pod -> pod.getMetadata().getName()).containsExactly("events-brokers-2");
        assertThat(cluster.kube.everything(PersistentVolumeClaim.class)).hasSize(6);
        cluster.bringHostBack().pass(10).settle();
        assertThat(pods(cluster)).isEmpty();
        assertThat(cluster.last().step().reason()).endsWith("they start when it is false");
        assertThat(cluster.edit(hibernate(false)).settle().last().step()).isInstanceOf(Done.class);
    }

    @Test
    void whatHasOnlyJustBeenToldToEndIsWaitedFor() {
        // Given
        var cluster = awake().loseHostOf("events-brokers-2", true).pass(5).edit(hibernate(true));
        // When
        cluster.reconcile().pass(60).reconcile();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Wait.class);
        assertThat(cluster.last().step().reason()).endsWith("as spec.hibernate says: events-brokers-2");
    }

    @Test
    void whoLeavesForGoodIsWaitedForThoughItsHostIsSilentAndTheReasonNamesIt() {
        // Given
        var spec = Specs.cluster("{brokers: {replicas: 4}, controllers: {replicas: 3}}");
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle().edit(fewer -> fewer.getSpec().brokers.replicas = 3);
        while (!cluster.plan().getLast().startsWith("LowerNodeSet")) {
            cluster.pass(1).reconcile();
        }
        cluster.loseHostOf("events-brokers-3", true);
        // When
        cluster.edit(hibernate(true)).settle();
        // Then
        assertThat(cluster.last().step().reason())
                .startsWith("events-brokers-3 leaves for good, and shuts down before all others. Nobody tells")
                .contains("events-brokers-3 on Kubernetes node ");
        assertThat(pods(cluster)).hasSize(7);
    }

    private static BrokerPool ephemeral() {
        var pool = new BrokerPool();
        pool.name = "fast";
        pool.replicas = 1;
        pool.storage = new Storage();
        pool.storage.ephemeral = true;
        return pool;
    }

    private static CalmCluster awake() {
        var spec = Specs.cluster("{brokers: {replicas: 3}}");
        spec.getMetadata().setGeneration(1L);
        return new CalmCluster(spec).settle();
    }

    private static CalmCluster asleep() {
        var cluster = awake().edit(hibernate(true)).settle();
        assertThat(pods(cluster)).isEmpty();
        return cluster;
    }

    private static Consumer<KafkaCluster> hibernate(boolean sleep) {
        return cluster -> cluster.getSpec().hibernate = sleep;
    }

    private static StatefulSet set(CalmCluster cluster) {
        return cluster.kube.everything(StatefulSet.class).getFirst();
    }

    private static List<Pod> pods(CalmCluster cluster) {
        return cluster.kube.everything(Pod.class);
    }
}
