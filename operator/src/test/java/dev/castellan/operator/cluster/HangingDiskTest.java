package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A disk that hangs is told of, and nothing is done about it. */
class HangingDiskTest {
    private final CalmCluster cluster = new CalmCluster(Specs.cluster("brokers: {replicas: 3}")).settle();

    @Test
    void isToldWithoutAnyStepUntilItAnswersAgain() {
        // Given
        var pod = cluster.pod("events-brokers-1").getMetadata().getUid();
        // When
        cluster.hangDisk("data", "events-brokers-1", true).pass(40).reconcile();
        // Then
        assertThat(degraded()).containsExactly("DisksHanging");
        var told = CanonicalJson.write(cluster.status());
        int writes = cluster.kube.writes();
        // When
        for (int i = 0; i < 30; i++) {
            cluster.pass(60).reconcile();
        }
        // Then
        assertThat(CanonicalJson.write(cluster.status())).isEqualTo(told);
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(cluster.kube.writes()).isEqualTo(writes);
        assertThat(cluster.pod("events-brokers-1").getMetadata().getUid()).isEqualTo(pod);
        // When
        cluster.hangDisk("data", "events-brokers-1", false).pass(40).reconcile();
        // Then
        assertThat(degraded()).isEmpty();
        assertThat(cluster.status().brokers)
                .allSatisfy(broker -> assertThat(broker.hangingDisks).isNull());
    }

    private List<String> degraded() {
        return cluster.status().conditions.stream()
                .filter(condition -> condition.getType().equals("Degraded"))
                .map(Condition::getReason)
                .toList();
    }
}
