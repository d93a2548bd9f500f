package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Storage;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimCondition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimConditionBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Volumes grow where they are, whatever dies on the way, and no pod is touched. */
class VolumesTest {
    @Test
    void growsEveryClaimAndThenWhatNewNodesGet() {
        // Given
        var cluster = three();
        var pods = pods(cluster);
        // When
        cluster.edit(size("20Gi")).settle();
        // Then
        assertThat(cluster.volumeSizes()).hasSize(3).containsValue("20Gi").doesNotContainValue("10Gi");
        assertThat(template(cluster)).isEqualTo("20Gi");
        assertThat(pods(cluster)).isEqualTo(pods);
        assertThat(cluster.status().plan.step).isEqualTo("Done");
        assertThat(records(cluster)).isEmpty();
        // When
        cluster.edit(spec -> spec.getSpec().brokers.replicas = 4).settle();
        // Then
        assertThat(cluster.volumeSizes()).hasSize(4).containsEntry("data-events-brokers-3", "20Gi");
        assertThat(pods(cluster)).containsAllEntriesOf(pods);
    }

    @Test
    void aStatefulSetThatIsAwayIsMadeAgainWhateverTheSpecSaysNow() {
        // Given
        var cluster = three();
        var pods = pods(cluster);
        var before = set(cluster);
        cluster.edit(size("20Gi"));
        while (cluster.kube.exists(StatefulSet.class, "events-brokers")) {
            cluster.reconcile().pass(1);
        }
        // When
        cluster.restartOperator()
                .edit(spec -> {
                    spec.getSpec().version = "0.8.2";
                    spec.getMetadata().setAnnotations(Map.of(Annotations.PAUSE, "true"));
                })
                .settle();
        // Then
        var after = set(cluster);
        assertThat(after.getMetadata().getUid())
                .isNotEqualTo(before.getMetadata().getUid());
        assertThat(after.getMetadata().getAnnotations())
                .containsAllEntriesOf(before.getMetadata().getAnnotations());
        assertThat(after.getSpec().getTemplate()).isEqualTo(before.getSpec().getTemplate());
        assertThat(after.getSpec().getReplicas()).isEqualTo(3);
        assertThat(template(cluster)).isEqualTo("20Gi");
        assertThat(pods(cluster)).isEqualTo(pods);
        assertThat(cluster.pod("events-brokers-0").getMetadata().getOwnerReferences())
                .extracting(owner -> owner.getUid())
                .containsExactly(after.getMetadata().getUid());
    }

    @Test
    void goesOnThoughTheOperatorIsAnotherWithEachReconcile() {
        // Given
        var cluster = three();
        var pods = pods(cluster);
        cluster.edit(size("20Gi"));
        // When
        for (int i = 0; i < 30; i++) {
            cluster.restartOperator().reconcile().pass(1);
        }
        // Then
        assertThat(cluster.volumeSizes()).doesNotContainValue("10Gi");
        assertThat(template(cluster)).isEqualTo("20Gi");
        assertThat(pods(cluster)).isEqualTo(pods);
    }

    @Test
    void whatTheApiServerRefusesIsToldAndAllElseGoesOn() {
        // Given
        var cluster = three();
        cluster.kube.volumesMayGrow(false);
        // When
        cluster.edit(size("20Gi"))
                .edit(spec -> spec.getSpec().brokers.replicas = 4)
                .settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> {
            assertThat(stall.why()).isEqualTo(StallReason.VolumeGrowthRefused);
            assertThat(stall.reason()).contains("data-events-brokers-", "allowVolumeExpansion: true", "StorageClass");
        });
        assertThat(pods(cluster)).hasSize(4);
        assertThat(cluster.volumeSizes()).doesNotContainValue("20Gi");
        assertThat(template(cluster)).isEqualTo("10Gi");
        // When
        cluster.kube.volumesMayGrow(true);
        cluster.pass(30).settle();
        // Then
        assertThat(cluster.volumeSizes()).doesNotContainValue("10Gi");
        assertThat(template(cluster)).isEqualTo("20Gi");
    }

    @Test
    void whatSomebodyElseMadeLargerIsLeftAndTold() {
        // Given
        var cluster = three();
        cluster.kube.update(with("data-events-brokers-1", cluster, "100Gi"));
        // When
        cluster.edit(size("20Gi")).settle();
        // Then
        assertThat(cluster.volumeSizes())
                .containsEntry("data-events-brokers-1", "100Gi")
                .containsEntry("data-events-brokers-0", "20Gi");
        assertThat(cluster.status().plan.reason)
                .isEqualTo("everything is as declared; larger than declared, and left so:"
                        + " data-events-brokers-1 has 100Gi, not 20Gi");
    }

    @Test
    void tellsHowFarItIsInKubernetesWords() {
        // Given: a volume whose storage fails to grow it
        var cluster = three();
        var claim = with("data-events-brokers-1", cluster, "10Gi");
        claim.getStatus().setCapacity(Map.of("storage", new Quantity("5Gi")));
        claim.getStatus()
                .setConditions(List.of(
                        condition("Resizing", null), condition("ControllerResizeError", "no space in the pool")));
        cluster.kube.update(claim);
        // When
        cluster.reconcile();
        // Then
        assertThat(cluster.status().plan.reason)
                .isEqualTo("volumes grow: data-events-brokers-1 from 5Gi to 10Gi"
                        + " (ControllerResizeError: no space in the pool)");
    }

    @Test
    void growsOnlyTheDiskAndThePoolOfWhichItIsSaid() {
        // Given
        var spec = Specs.cluster("""
                {brokers: {replicas: 2, storage: {volumes: [{name: a, size: 1Gi}, {name: b, size: 1Gi}]},
                  pools: [{name: fast, replicas: 1, storage: {size: 5Gi}}]}}
                """);
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle();
        var pods = pods(cluster);
        // When
        cluster.edit(edited -> edited.getSpec().brokers.storage.volumes.getLast().size = new Quantity("2Gi"))
                .settle();
        // Then
        assertThat(cluster.volumeSizes())
                .isEqualTo(Map.of(
                        "a-events-brokers-0", "1Gi",
                        "a-events-brokers-1", "1Gi",
                        "b-events-brokers-0", "2Gi",
                        "b-events-brokers-1", "2Gi",
                        "data-events-fast-1000", "5Gi"));
        assertThat(set(cluster).getSpec().getVolumeClaimTemplates())
                .extracting(claim -> VolumeChanges.requested(claim).toString())
                .containsExactly("1Gi", "2Gi");
        assertThat(pods(cluster)).isEqualTo(pods);
    }

    @Test
    void otherDisksThanThereAreAreRefusedAsBefore() {
        // Given
        var cluster = three();
        // When
        cluster.edit(size("5Gi")).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> assertThat(stall.reason())
                .isEqualTo("events-brokers keeps its volumes [data 10Gi]: they can grow, but they cannot become"
                        + " [data 5Gi]; set storage back"));
        assertThat(cluster.volumeSizes()).doesNotContainValue("5Gi");
    }

    @Test
    void theSuccessorOfASetThatWasSetFreeHasNoOwnerThatIsGone() {
        // Given
        var record = Successor.record(set(three()));
        // When
        record.getMetadata().setOwnerReferences(List.of());
        // Then
        assertThat(Successor.of(record).orElseThrow().getMetadata().getOwnerReferences())
                .isEmpty();
    }

    @Test
    void aRecordOfAnotherStatefulSetIsNone() {
        // Given
        var record = Successor.record(set(three()));
        // When
        record.getMetadata().setName("events-other-successor");
        // Then
        assertThat(Successor.of(record)).isEmpty();
    }

    @Test
    void aRecordIsBelievedOnlyOfPodsThatRun() {
        // Given
        var set = set(three());
        var pod = new PodBuilder()
                .withMetadata(new ObjectMetaBuilder()
                        .withAnnotations(
                                set.getSpec().getTemplate().getMetadata().getAnnotations())
                        .build())
                .build();
        var forged = new StatefulSetBuilder(set).build();
        forged.getSpec().getTemplate().getSpec().setHostNetwork(true);
        var revisions = new KnownRevisions(10);
        // Then
        assertThat(revisions.isOfSet(pod, set)).isTrue();
        assertThat(revisions.isOfSet(pod, forged)).isFalse();
        assertThat(Successor.withAbsent(List.of(), List.of(Successor.record(set)), List.of(pod), revisions::isOfSet))
                .hasSize(1);
        assertThat(Successor.withAbsent(List.of(), List.of(Successor.record(set)), List.of(), revisions::isOfSet))
                .isEmpty();
    }

    private static PersistentVolumeClaimCondition condition(String type, String message) {
        return new PersistentVolumeClaimConditionBuilder()
                .withType(type)
                .withStatus("True")
                .withMessage(message)
                .build();
    }

    private static PersistentVolumeClaim with(String name, CalmCluster cluster, String size) {
        return new PersistentVolumeClaimBuilder(
                        cluster.kube.getLive(PersistentVolumeClaim.class, name).orElseThrow())
                .editSpec()
                .editResources()
                .addToRequests("storage", new Quantity(size))
                .endResources()
                .endSpec()
                .build();
    }

    private static CalmCluster three() {
        var spec = Specs.cluster("{brokers: {replicas: 3}}");
        spec.getMetadata().setGeneration(1L);
        return new CalmCluster(spec).settle();
    }

    private static Consumer<KafkaCluster> size(String size) {
        return cluster -> {
            cluster.getSpec().brokers.storage = new Storage();
            cluster.getSpec().brokers.storage.size = new Quantity(size);
        };
    }

    private static StatefulSet set(CalmCluster cluster) {
        return cluster.kube.getLive(StatefulSet.class, "events-brokers").orElseThrow();
    }

    private static String template(CalmCluster cluster) {
        return VolumeChanges.requested(
                        set(cluster).getSpec().getVolumeClaimTemplates().getFirst())
                .toString();
    }

    private static Map<String, String> pods(CalmCluster cluster) {
        return cluster.kube.everything(Pod.class).stream()
                .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), pod -> pod.getMetadata()
                        .getUid()));
    }

    private static List<ConfigMap> records(CalmCluster cluster) {
        return cluster.kube.everything(ConfigMap.class).stream()
                .filter(Successor::isRecord)
                .toList();
    }
}
