package dev.castellan.operator.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.api.v1beta1.Brokers;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.PodTemplate;
import dev.castellan.api.v1beta1.Rollout;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.RestartNodes;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** When a node counts as failed with what the spec changes, and when it does not. */
class TrialTest {
    private final CalmCluster cluster = settled();

    @Test
    void whatFailedIsNotTriedAgain() {
        // Given
        cluster.edit(broken("crash")).settle();
        var pods = uids();
        // When
        cluster.pass(600).restartOperator().settle().edit(replicas(4)).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> assertThat(stall.why())
                .isEqualTo(StallReason.TrialFailed));
        assertThat(uids()).containsAllEntriesOf(pods).hasSize(4);
    }

    @Test
    void whatFailedIsTriedAgainOnceTheUserHasTakenItBack() {
        // Given
        cluster.edit(broken("crash")).settle();
        // When
        cluster.edit(broken(null)).settle();
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        cluster.plan().clear();
        cluster.edit(broken("crash")).settle();
        // Then
        assertThat(cluster.plan())
                .anyMatch(line -> line.startsWith("RestartNodes: round 1 of 3"))
                .anyMatch(line -> line.startsWith("RecordTrialFailure: "));
    }

    @Test
    void whatKafkaIsToldWhileItRunsMayBeTheCureOfACrash() {
        // Given
        cluster.edit(broken("crash")).settle();
        cluster.plan().clear();
        // When
        cluster.edit(config("num.io.threads", "9")).settle();
        // Then
        assertThat(cluster.plan()).anyMatch(line -> line.startsWith("RestartNodes: round 1 of 3"));
    }

    @Test
    void whatKafkaIsToldWhileItRunsIsNoCureOfAMissingImage() {
        // Given
        cluster.edit(c -> {
                    c.getSpec().image = "kafka:missing";
                    c.getSpec().rollout = new Rollout();
                    c.getSpec().rollout.patience = "10s";
                })
                .settle();
        var pods = uids();
        // When
        cluster.edit(config("num.io.threads", "9")).settle();
        // Then
        assertThat(uids()).isEqualTo(pods);
        assertThat(cluster.kafka.effective(1, "num.io.threads")).isEqualTo("9");
    }

    @Test
    void aProcessThatRunsMayTakeItsTime() {
        // When
        cluster.edit(broken("hang")).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Wait.class);
        assertThat(annotations()).doesNotContainKey(Annotations.FAILED_TRIAL);
    }

    @Test
    void aNodeThatGetsSickLaterIsNoFailedTrial() {
        // Given
        cluster.edit(config("log.retention.hours", "1")).settle();
        assertThat(annotations()).doesNotContainKey(Annotations.LAST_GOOD);
        // When
        crashOnAndOn("events-brokers-2");
        cluster.reconcile().reconcile();
        // Then
        assertThat(annotations()).doesNotContainKey(Annotations.FAILED_TRIAL);
    }

    @Test
    void nobodyIsBlamedWhileKafkaDoesNotAnswer() {
        // Given
        cluster.edit(broken("crash")).reconcile().reconcile().pass(1);
        cluster.kafka.reachable(false);
        // When
        cluster.settle();
        // Then
        assertThat(annotations()).doesNotContainKey(Annotations.FAILED_TRIAL);
    }

    @Test
    void nobodyIsBlamedForCrashesThatBeganBeforeTheOthersWereWell() {
        // Given
        cluster.edit(broken("crash")).reconcile().reconcile().pass(1);
        cluster.loseAllPods().pass(1);
        // When: all crash, since the StatefulSet has no better for them
        cluster.settle();
        // Then
        assertThat(annotations()).doesNotContainKey(Annotations.FAILED_TRIAL);
    }

    @Test
    void resourcesAreNotBlamedForAHostThatIsGone() {
        // Given
        cluster.edit(c -> {
            c.getSpec().brokers.resources = new ResourceRequirementsBuilder()
                    .addToLimits("memory", new Quantity("3Gi"))
                    .build();
            c.getSpec().rollout = new Rollout();
            c.getSpec().rollout.patience = "5s";
        });
        while (!cluster.plan().getLast().startsWith("RestartNodes: round 1 of 3: broker 1")) {
            cluster.pass(1).reconcile();
        }
        // When
        cluster.pass(1).loseHostOf("events-brokers-1", true).losePod("events-brokers-1");
        cluster.pass(10).reconcile();
        // Then
        assertThat(annotations()).doesNotContainKey(Annotations.FAILED_TRIAL);
        assertThat(cluster.bringHostBack().pass(1).settle().last().step()).isInstanceOf(Done.class);
    }

    @Test
    void anImageThatIsMissedThoughItIsNoOtherIsNotTheSpecsFault() {
        // Given
        cluster.edit(config("log.retention.hours", "1"));
        for (int i = 0; i < 10 && !(cluster.last().step() instanceof RestartNodes); i++) {
            cluster.pass(1).reconcile();
        }
        cluster.pass(3);
        // When
        for (int i = 0; i < 400; i++) {
            report("events-brokers-1", PodStatuses.State.WITHOUT_IMAGE);
            cluster.reconcile().pass(1);
        }
        // Then
        assertThat(annotations()).doesNotContainKey(Annotations.FAILED_TRIAL);
    }

    @Test
    void aPodLostMeanwhileComesBackAsBefore() {
        // Given
        cluster.edit(broken("crash")).settle();
        // When
        cluster.losePod("events-brokers-2").pass(10).settle();
        // Then
        assertThat(cluster.kafka.serving()).containsExactly(0, 1, 2);
    }

    @Test
    void whatACrashingNodeWasMadeWithKeepsNoValueFromThoseThatRun() {
        // Given
        var young = new CalmCluster(resource()).edit(broken("crash")).settle();
        young.edit(broken(null))
                .edit(config("num.io.threads", "40"))
                .reconcile()
                .reconcile();
        young.edit(paused(true)).losePod("events-brokers-1").losePod("events-brokers-2");
        young.pass(10).reconcile().pass(1);
        // When
        young.edit(paused(false))
                .edit(c -> c.getSpec().config =
                        Map.of("num.io.threads", new TextNode("40"), "min.insync.replicas", new TextNode("1")))
                .settle();
        // Then
        assertThat(young.last().step()).isInstanceOf(Done.class);
        assertThat(young.kafka.serving()).containsExactly(0, 1, 2).allSatisfy(id -> assertThat(
                        young.kafka.effective(id, "num.io.threads"))
                .isEqualTo("40"));
    }

    private static Consumer<KafkaCluster> paused(boolean isPaused) {
        return cluster -> cluster.getMetadata().setAnnotations(Map.of(Annotations.PAUSE, String.valueOf(isPaused)));
    }

    private void crashOnAndOn(String pod) {
        for (int i = 0; i < 5; i++) {
            report(pod, PodStatuses.State.CRASHING);
        }
    }

    private void report(String name, PodStatuses.State state) {
        var pod = cluster.pod(name);
        var reported = new Pod(pod.getApiVersion(), pod.getKind(), pod.getMetadata(), pod.getSpec(), null);
        reported.setStatus(PodStatuses.of(state, cluster.now(), pod.getStatus()));
        cluster.kube.update(reported);
    }

    private Map<String, String> annotations() {
        return cluster.kube
                .everything(StatefulSet.class)
                .getFirst()
                .getMetadata()
                .getAnnotations();
    }

    private Map<String, String> uids() {
        var uids = new TreeMap<String, String>();
        cluster.kube
                .everything(Pod.class)
                .forEach(pod ->
                        uids.put(pod.getMetadata().getName(), pod.getMetadata().getUid()));
        return uids;
    }

    private static CalmCluster settled() {
        var cluster = new CalmCluster(resource()).settle();
        cluster.kafka.createTopic("orders", 2, List.of(List.of(0, 1, 2), List.of(1, 2, 0)));
        cluster.pass(40).reconcile();
        return cluster;
    }

    private static KafkaCluster resource() {
        var resource = new KafkaCluster();
        resource.setMetadata(new ObjectMetaBuilder()
                .withNamespace("ns")
                .withName("events")
                .withUid("uid-1")
                .withGeneration(1L)
                .build());
        resource.setSpec(new KafkaClusterSpec());
        resource.getSpec().brokers = new Brokers();
        resource.getSpec().brokers.replicas = 3;
        return resource;
    }

    private static Consumer<KafkaCluster> broken(String how) {
        return cluster -> {
            cluster.getSpec().brokers.template = new PodTemplate();
            cluster.getSpec().brokers.template.annotations = how == null ? null : Map.of(FakeNodes.BROKEN, how);
        };
    }

    private static Consumer<KafkaCluster> replicas(int replicas) {
        return cluster -> cluster.getSpec().brokers.replicas = replicas;
    }

    private static Consumer<KafkaCluster> config(String key, String value) {
        return cluster -> cluster.getSpec().config = Map.of(key, new TextNode(value));
    }
}
