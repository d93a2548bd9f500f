package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import org.junit.jupiter.api.Test;

/** In a namespace that is being deleted what is gone stays so, and that is no failure. */
class NamespaceLeavingTest {
    private static final String WORDS = "Wait: namespace shop is being deleted, and nothing is made there any more";

    private final CalmCluster cluster = settled();

    @Test
    void whatIsGoneIsNotMadeAgain() {
        // Given
        cluster.kube.leave();
        cluster.kube.everything(StatefulSet.class).forEach(cluster.kube::erase);
        cluster.kube.everything(Service.class).forEach(cluster.kube::erase);
        // When
        reconcileFor(300);
        // Then
        assertThat(cluster.plan()).containsExactly(WORDS);
        assertThat(cluster.kube.everything(StatefulSet.class)).isEmpty();
        assertThat(((Wait) cluster.last().step()).recheck()).hasMinutes(1);
    }

    /** Kubernetes makes no pod there, however often its StatefulSet is touched. */
    @Test
    void noStatefulSetIsTouchedForPodsThatNobodyMakes() {
        // Given
        cluster.kube.leave();
        cluster.putToSleep("events-brokers").losePod("events-brokers-1");
        // When
        reconcileFor(300);
        // Then
        assertThat(cluster.plan()).endsWith(WORDS);
        assertThat(cluster.kube.everything(StatefulSet.class))
                .allSatisfy(
                        set -> assertThat(set.getMetadata().getAnnotations()).doesNotContainKey(Annotations.WOKEN));
    }

    private void reconcileFor(int seconds) {
        for (int i = 0; i < seconds; i++) {
            cluster.reconcile().pass(1);
        }
    }

    private static CalmCluster settled() {
        var declared = Specs.cluster("{brokers: {replicas: 3}}");
        declared.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(declared).settle();
        cluster.plan().clear();
        return cluster;
    }
}
