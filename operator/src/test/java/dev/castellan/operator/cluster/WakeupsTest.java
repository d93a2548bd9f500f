package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class WakeupsTest {
    private final Pod pod = pod().build();

    @Test
    void ourOwnStatusWakesNobody() {
        var after = cluster();
        after.setStatus(new KafkaClusterStatus());
        after.getMetadata().setResourceVersion("2");

        assertThat(Wakeups.ofCluster(after, cluster())).isFalse();
    }

    @Test
    void anAnnotationOnTheClusterWakesForThatIsHowItIsPaused() {
        var after = cluster();
        after.getMetadata().setAnnotations(Map.of("castellan.dev/pause", "true"));

        assertThat(Wakeups.ofCluster(after, cluster())).isTrue();
    }

    @Test
    void aChangedSpecWakes() {
        var after = cluster();
        after.getMetadata().setGeneration(2L);

        assertThat(Wakeups.ofCluster(after, cluster())).isTrue();
    }

    @Test
    void aPodThatBecomesReadyWakes() {
        var after = pod().editStatus()
                .editFirstCondition()
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();

        assertThat(Wakeups.ofPod(after, pod)).isTrue();
    }

    @Test
    void whatBecomesOfAResizeWakes() {
        var seen = pod().editStatus().withObservedGeneration(2L).endStatus().build();
        var pending = pod().editStatus()
                .addNewCondition()
                .withType("PodResizePending")
                .withStatus("True")
                .withReason("Deferred")
                .endCondition()
                .endStatus()
                .build();

        assertThat(Wakeups.ofPod(seen, pod)).isTrue();
        assertThat(Wakeups.ofPod(pending, pod)).isTrue();
        assertThat(Wakeups.ofPod(pod, pending)).isTrue();
    }

    @Test
    void aPodThatIsBeingDeletedWakes() {
        var after = pod().editMetadata()
                .withDeletionTimestamp("2026-01-01T00:00:00Z")
                .endMetadata()
                .build();

        assertThat(Wakeups.ofPod(after, pod)).isTrue();
    }

    @Test
    void aContainerThatStartsAgainWakes() {
        var after = pod().editStatus()
                .editFirstContainerStatus()
                .withRestartCount(1)
                .endContainerStatus()
                .endStatus()
                .build();

        assertThat(Wakeups.ofPod(after, pod)).isTrue();
    }

    @Test
    void theTimesThatAKubeletWritesWakeNobody() {
        var after = pod().editMetadata()
                .withResourceVersion("2")
                .endMetadata()
                .editStatus()
                .editFirstCondition()
                .withLastTransitionTime("2026-01-01T00:00:01Z")
                .endCondition()
                .addNewCondition()
                .withType("PodReadyToStartContainers")
                .withStatus("True")
                .endCondition()
                .endStatus()
                .build();

        assertThat(Wakeups.ofPod(after, pod)).isFalse();
    }

    @Test
    void aStatefulSetThatOnlyCountsItsReadyPodsWakesNobody() {
        var after = statefulSet();
        after.getStatus().setReadyReplicas(3);

        assertThat(Wakeups.ofStatefulSet(after, statefulSet())).isFalse();
    }

    private static KafkaCluster cluster() {
        var cluster = new KafkaCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withName("events")
                .withGeneration(1L)
                .withResourceVersion("1")
                .build());
        return cluster;
    }

    private static PodBuilder pod() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("events-brokers-0")
                .withResourceVersion("1")
                .endMetadata()
                .withNewSpec()
                .withNodeName("node-1")
                .endSpec()
                .withNewStatus()
                .withPhase("Running")
                .addNewCondition()
                .withType("Ready")
                .withStatus("False")
                .withLastTransitionTime("2026-01-01T00:00:00Z")
                .endCondition()
                .addNewContainerStatus()
                .withName("kafka")
                .withRestartCount(0)
                .endContainerStatus()
                .endStatus();
    }

    private static StatefulSet statefulSet() {
        return new StatefulSetBuilder()
                .withNewMetadata()
                .withName("events-brokers")
                .withGeneration(1L)
                .endMetadata()
                .withNewStatus()
                .withReplicas(3)
                .endStatus()
                .build();
    }
}
