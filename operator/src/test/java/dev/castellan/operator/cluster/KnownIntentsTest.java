package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.desired.Installation;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.cluster.observe.Inventory;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class KnownIntentsTest {
    private static final String NAMESPACE = "shop";

    private final SpecBlueprint blueprint = new SpecBlueprint(
            new Installation("", "IfNotPresent", Optional.empty()), new KnownRevisions(10), () -> "x".repeat(22));
    private final KafkaCluster cluster = cluster();
    private final Inventory founded = inventory(List.of(), List.of(), Optional.empty());
    private final ConfigMap identity =
            blueprint.of(cluster, founded).identityRecord().orElseThrow();
    private final StatefulSet set =
            blueprint.of(cluster, founded).statefulSets().values().iterator().next();

    private int asked;
    private final KnownIntents known = new KnownIntents((cluster, inventory) -> {
        asked++;
        return blueprint.of(cluster, inventory);
    });

    @Test
    void isAskedOnceWhileNothingChanges() {
        // Given
        var first = known.of(cluster, standing("1", "1", "1"));
        // When
        var again = known.of(cluster, standing("1", "1", "1"));
        // Then
        assertThat(again).isSameAs(first);
        assertThat(asked).isOne();
    }

    @Test
    void isAskedAgainWhenTheSpecHasChanged() {
        // Given
        known.of(cluster, standing("1", "1", "1"));
        cluster.getMetadata().setGeneration(2L);
        // When
        known.of(cluster, standing("1", "1", "1"));
        // Then
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void isAskedAgainForAClusterThatWasMadeAgain() {
        // Given
        known.of(cluster, standing("1", "1", "1"));
        cluster.getMetadata().setUid("another");
        // When
        known.of(cluster, standing("1", "1", "1"));
        // Then
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void isAskedAgainForEachObjectThatHasChangedOrGone() {
        // When
        known.of(cluster, standing("1", "1", "1"));
        known.of(cluster, standing("2", "1", "1"));
        known.of(cluster, standing("2", "2", "1"));
        known.of(cluster, standing("2", "2", "2"));
        known.of(cluster, inventory(List.of(), List.of(claim("2")), Optional.of(identity("2"))));
        known.of(cluster, inventory(List.of(), List.of(), Optional.of(identity("2"))));
        // Then
        assertThat(asked).isEqualTo(6);
    }

    @Test
    void isAskedAgainAfterAnAct() {
        // Given
        known.of(cluster, standing("1", "1", "1"));
        // When
        known.forget(NAMESPACE, cluster.getMetadata().getName());
        known.of(cluster, standing("1", "1", "1"));
        // Then
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void isAskedEachTimeWhileNobodyHasFoundedTheCluster() {
        // When
        known.of(cluster, founded);
        known.of(cluster, founded);
        // Then
        assertThat(asked).isEqualTo(2);
    }

    @Test
    void isAskedEachTimeWhileTheSpecCannotBeFollowed() {
        // Given
        cluster.getSpec().version = "0.8.2";
        // When
        known.of(cluster, standing("1", "1", "1"));
        known.of(cluster, standing("1", "1", "1"));
        // Then
        assertThat(asked).isEqualTo(2);
    }

    private static KafkaCluster cluster() {
        var cluster = Specs.cluster("brokers: {replicas: 3}");
        cluster.getMetadata().setGeneration(1L);
        return cluster;
    }

    private Inventory standing(String setVersion, String claimVersion, String identityVersion) {
        var live = new StatefulSetBuilder(set)
                .editMetadata()
                .withResourceVersion(setVersion)
                .endMetadata()
                .build();
        return inventory(List.of(live), List.of(claim(claimVersion)), Optional.of(identity(identityVersion)));
    }

    private static PersistentVolumeClaim claim(String version) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName("data-events-brokers-0")
                .withResourceVersion(version)
                .endMetadata()
                .build();
    }

    private ConfigMap identity(String version) {
        return new ConfigMapBuilder(identity)
                .editMetadata()
                .withResourceVersion(version)
                .endMetadata()
                .build();
    }

    private static Inventory inventory(
            List<StatefulSet> sets, List<PersistentVolumeClaim> claims, Optional<ConfigMap> identity) {
        return new Inventory(false, identity, Optional.empty(), sets, List.of(), claims, List.of(), List.of());
    }
}
