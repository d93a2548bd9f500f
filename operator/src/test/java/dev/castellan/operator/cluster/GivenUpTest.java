package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The user's word about data that is lost for good: what it says, and what it does not. */
class GivenUpTest {
    private static final String POD = "events-brokers-1";

    @Test
    void theConditionTellsWhatToAdd() {
        // Given
        var cluster = withOnlyCopy("{}");
        // When
        cluster.loseHostOf(POD, true).pass(1).settle();
        // Then
        assertThat(cluster.last().step().reason())
                .contains("only copy of audit-0")
                .endsWith("by adding %s to spec.healing.acceptDataLossOn".formatted(uid(cluster)));
    }

    /** As long as it stays in Git, and though the machine that is lost now was lost and mended before. */
    @Test
    void theWordAboutOneLossSaysNothingAboutTheNext() {
        // Given: its disks lie on the machine that was lost first
        var cluster = withOnlyCopy("{}");
        var first = volume(cluster);
        cluster.loseHostOf(POD, true).pass(1).settle().giveUp(POD).settle();
        cluster.bringHostBack().pass(1).settle();
        cluster.loseHostOf(POD, true).pass(1).settle().giveUp(POD).settle();
        cluster.bringHostBack().pass(1).settle();
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(volume(cluster)).isEqualTo(first);
        // When
        cluster.loseHostOf(POD, true).pass(1).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Stall.class);
    }

    @Test
    void theWordAboutOneDiskOfALostHostIsNotEnough() {
        // Given
        var cluster = withOnlyCopy("{volumes: [{name: a, size: 1Gi}, {name: b, size: 1Gi}]}");
        cluster.loseHostOf(POD, true).pass(1).settle();
        // When
        cluster.edit(spec -> spec.getSpec().healing.acceptDataLossOn = List.of(uid(cluster)))
                .settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Stall.class);
        // When
        cluster.giveUp(POD).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    private static CalmCluster withOnlyCopy(String storage) {
        var spec = Specs.cluster("{brokers: {replicas: 3, storage: " + storage + "}, healing: {brokerGrace: 1m}}");
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle();
        cluster.kafka.createTopic("audit", 1, List.of(List.of(1)));
        return cluster;
    }

    private static String uid(CalmCluster cluster) {
        return claim(cluster).getMetadata().getUid();
    }

    /** In the fake it bears its machine's name. */
    private static String volume(CalmCluster cluster) {
        return claim(cluster).getSpec().getVolumeName();
    }

    /** The first of its volume claims. */
    private static PersistentVolumeClaim claim(CalmCluster cluster) {
        return cluster.kube.everything(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getName().endsWith(POD))
                .findFirst()
                .orElseThrow();
    }
}
