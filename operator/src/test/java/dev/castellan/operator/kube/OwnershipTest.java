package dev.castellan.operator.kube;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ManagedFieldsEntryBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OwnershipTest {
    private final KafkaCluster cluster = cluster("events", "uid-1");

    @Test
    void whatTheClusterControlsIsItsOwnEvenWithoutLabels() {
        assertThat(Ownership.of(object(Owner.of(cluster).reference()), cluster)).isEqualTo(Ownership.OURS);
    }

    @Test
    void labelsAloneDoNotMakeAnObjectOurs() {
        var object = labelled(new ConfigMap());

        assertThat(Ownership.of(object, cluster)).isEqualTo(Ownership.FOREIGN);
    }

    @Test
    void whatWasOrphanedIsTakenUpAgainIfItWasAppliedByUs() {
        var orphan = labelled(new ConfigMap());
        orphan.getMetadata()
                .getManagedFields()
                .add(new ManagedFieldsEntryBuilder()
                        .withManager(ApiServerKube.FIELD_MANAGER)
                        .withOperation("Apply")
                        .build());

        assertThat(Ownership.of(orphan, cluster)).isEqualTo(Ownership.OURS);
    }

    @Test
    void aClaimNeedsItsLabelOnlySinceItOutlivesItsMakers() {
        var claim = labelled(new PersistentVolumeClaimBuilder().build());

        assertThat(Ownership.of(claim, cluster)).isEqualTo(Ownership.OURS);
    }

    @Test
    void whatAnEarlierClusterOfTheNameLeftIsLeavingAndNoFactAboutThisOne() {
        var object = object(Owner.of(cluster("events", "uid-0")).reference());

        assertThat(Ownership.of(object, cluster)).isEqualTo(Ownership.LEAVING);
        assertThat(Ownership.isOfEarlierCluster(object, cluster)).isTrue();
    }

    @Test
    void whatOnlyRefersToTheClusterIsForeign() {
        var reference = new OwnerReferenceBuilder(Owner.of(cluster).reference())
                .withController(false)
                .build();

        assertThat(Ownership.isOurs(labelled(object(reference)), cluster)).isFalse();
    }

    @Test
    void whatAnotherClusterControlsIsForeign() {
        var object = object(Owner.of(cluster("orders", "uid-2")).reference());

        assertThat(Ownership.of(object, cluster)).isEqualTo(Ownership.FOREIGN);
        assertThat(Ownership.isOfEarlierCluster(object, cluster)).isFalse();
    }

    @Test
    void whatAnotherKindControlsIsForeignWhateverItsLabels() {
        var object = labelled(object(new OwnerReferenceBuilder()
                .withApiVersion("apps/v1")
                .withKind("Deployment")
                .withName("events")
                .withUid("uid-3")
                .withController(true)
                .build()));

        assertThat(Ownership.of(object, cluster)).isEqualTo(Ownership.FOREIGN);
    }

    @Test
    void whatIsOursAndBeingDeletedIsLeaving() {
        var object = object(Owner.of(cluster).reference());
        object.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");

        assertThat(Ownership.of(object, cluster)).isEqualTo(Ownership.LEAVING);
        assertThat(Ownership.isOurs(object, cluster)).isTrue();
    }

    private static KafkaCluster cluster(String name, String uid) {
        var cluster = new KafkaCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withNamespace("ns")
                .withName(name)
                .withUid(uid)
                .build());
        return cluster;
    }

    private static ConfigMap object(OwnerReference owner) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace("ns")
                .withName("events-nodes")
                .withOwnerReferences(owner)
                .endMetadata()
                .build();
    }

    private static <T extends HasMetadata> T labelled(T object) {
        if (object.getMetadata() == null) {
            object.setMetadata(new ObjectMetaBuilder().withName("events-nodes").build());
        }
        object.getMetadata().setLabels(Map.of(Labels.CLUSTER, "events"));
        return object;
    }
}
