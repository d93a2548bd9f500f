package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.PodWatch;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What may be lost of a cluster of three without a message being lost: everything but its disks. */
@E2E
class LossE2E {
    private static final Logger LOG = LoggerFactory.getLogger(LossE2E.class);
    private static final String SPEC = "brokers: {replicas: 3}";

    private static Kafka kafka;
    private static Traffic traffic;
    private static String clusterId;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("events");
        kafka.apply(SPEC);
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        traffic.checkpoint();
        clusterId = kafka.ask("brokers").get("cluster");
    }

    @BeforeEach
    void startFromHealth() {
        kafka.awaitInSync();
        kafka.awaitSettled();
        traffic.waits();
    }

    @Test
    @Order(1)
    void aDeletedPodComesBackToItsDisk() {
        var before = kafka.podUids();

        kafka.pod("events-brokers-1").delete();

        kafka.awaitReplaced(Map.of("events-brokers-1", before.get("events-brokers-1")));
        kafka.awaitInSync();
        assertThat(kafka.podUids())
                .containsEntry("events-brokers-0", before.get("events-brokers-0"))
                .containsEntry("events-brokers-2", before.get("events-brokers-2"));
        tellWaits("one pod deleted");
    }

    @Test
    @Order(2)
    void allPodsKilledAtOnceComeBackWithEverything() {
        var before = kafka.podUids();

        kafka.pods().withGracePeriod(0).delete();

        kafka.awaitReplaced(before);
        kafka.awaitInSync();
        kafka.awaitSettled();
        tellWaits("all pods killed");
        traffic.readAgain();
    }

    @Test
    @Order(3)
    void aBrokerComesBackWithoutTheOperator(Scene scene) {
        var before = kafka.podUids();
        scene.operator().scaleTo(0);
        try {
            kafka.pod("events-brokers-2").delete();

            kafka.awaitReplaced(Map.of("events-brokers-2", before.get("events-brokers-2")));
            kafka.awaitInSync();
            traffic.checkpoint();
        } finally {
            scene.operator().scaleTo(2);
        }
        kafka.awaitSettled();
        assertThat(kafka.podUids())
                .containsEntry("events-brokers-0", before.get("events-brokers-0"))
                .containsEntry("events-brokers-1", before.get("events-brokers-1"));
    }

    @Test
    @Order(4)
    void deletedServicesAndConfigMapsAreRestoredAndNobodyRestarts(Scene scene) {
        var pods = kafka.podUids();
        var lost = Stream.of("services", "configMaps", "serviceAccounts", "podDisruptionBudgets", "networkPolicies")
                .flatMap(kind -> ours(scene, kind).stream())
                .toList();
        assertThat(lost).hasSizeGreaterThanOrEqualTo(7);

        lost.forEach(object -> scene.client().resource(object).delete());

        lost.forEach(object -> Await.until(
                scene.client().resource(object),
                object.getKind() + " " + object.getMetadata().getName() + " restored",
                Kafka.PATIENCE,
                now -> !now.getMetadata().getUid().equals(object.getMetadata().getUid())));
        kafka.awaitSettled();
        assertThat(kafka.podUids()).isEqualTo(pods);
        assertThat(kafka.ask("brokers")).containsEntry("cluster", clusterId);
        assertThat(identity(scene).getData())
                .containsEntry("cluster.id", clusterId)
                .containsEntry("formed", "true")
                .containsEntry("controllers", "0,1,2");
        tellWaits("Services and ConfigMaps deleted");
    }

    @Test
    @Order(5)
    void aDeletedStatefulSetIsRestoredWithTheSameDisks(Scene scene) {
        var disks = claimUids(scene);
        var set = scene.client()
                .apps()
                .statefulSets()
                .inNamespace(scene.namespace())
                .withName("events-brokers");
        var uid = set.require().getMetadata().getUid();

        set.delete();

        Await.until(set, "StatefulSet restored", Kafka.PATIENCE, now -> !now.getMetadata()
                .getUid()
                .equals(uid));
        kafka.awaitInSync();
        kafka.awaitSettled();
        assertThat(claimUids(scene)).isEqualTo(disks);
        assertThat(kafka.ask("brokers")).containsEntry("cluster", clusterId);
        tellWaits("StatefulSet deleted");
        traffic.readAgain();
    }

    @Test
    @Order(6)
    void aChangeOfConfigRollsOneByOne() {
        try (var watch = PodWatch.of(kafka)) {
            kafka.edit(spec -> spec.config.put("queued.max.requests", IntNode.valueOf(600)));

            kafka.awaitSettled();
            assertThat(watch.replacements())
                    .isEqualTo(Map.of("events-brokers-0", 1, "events-brokers-1", 1, "events-brokers-2", 1));
            assertThat(watch.mostOutOfService()).isEqualTo(1);
        }
        kafka.awaitBrokerConfig("queued.max.requests", Map.of("0", "600", "1", "600", "2", "600"));
        tellWaits("roll");
        traffic.readAgain();
    }

    @Test
    @Order(7)
    void aWrongSpecHarmsNothing() {
        var pods = kafka.podUids();

        kafka.edit(spec -> spec.config.put("node.id", IntNode.valueOf(7)));

        var refused = kafka.awaitCondition("Stalled", "True", "InvalidSpec");
        assertThat(Kafka.condition(refused, "Stalled").orElseThrow().getMessage())
                .contains("spec.config[node.id]", "node ids are worked out from the pod");
        traffic.checkpoint();
        assertThat(kafka.podUids()).isEqualTo(pods);

        kafka.pod("events-brokers-0").delete();
        kafka.awaitReplaced(Map.of("events-brokers-0", pods.get("events-brokers-0")));
        kafka.awaitInSync();

        kafka.edit(spec -> spec.config.remove("node.id"));
        kafka.awaitSettled();
        assertThat(kafka.podUids())
                .containsEntry("events-brokers-1", pods.get("events-brokers-1"))
                .containsEntry("events-brokers-2", pods.get("events-brokers-2"));
    }

    @Test
    @Order(8)
    void aBrokerWhoseVolumeClaimIsDeletedGetsAnotherDisk(Scene scene) {
        var pods = kafka.podUids();
        var disks = claimUids(scene);

        scene.client()
                .persistentVolumeClaims()
                .inNamespace(scene.namespace())
                .withName("data-events-brokers-1")
                .delete();

        kafka.awaitReplaced(Map.of("events-brokers-1", pods.get("events-brokers-1")));
        kafka.awaitInSync();
        kafka.awaitSettled();
        assertThat(kafka.podUids())
                .containsEntry("events-brokers-0", pods.get("events-brokers-0"))
                .containsEntry("events-brokers-2", pods.get("events-brokers-2"));
        var replaced = new HashSet<>(disks);
        replaced.removeAll(claimUids(scene));
        assertThat(replaced).hasSize(1).allMatch(claim -> claim.startsWith("data-events-brokers-1 "));
        tellWaits("volume claim deleted");
        traffic.readAgain();
    }

    @Test
    @Order(9)
    void aProtectedClusterCannotBeDeleted() {
        kafka.edit(spec -> spec.deletionProtection = true);

        assertThatThrownBy(() -> kafka.handle().delete()).hasMessageContaining("deletionProtection");

        kafka.edit(spec -> spec.deletionProtection = false);
        kafka.awaitSettled();
    }

    @Test
    @Order(10)
    void aDeletedClusterLivesOnInItsDisksAndComesBackWithAllMessages(Scene scene) {
        var disks = claimUids(scene);
        var pods = kafka.podUids();
        traffic.pause();

        kafka.handle().delete();
        Await.untilGone(kafka.handle(), "KafkaCluster", Kafka.PATIENCE);
        pods.keySet().forEach(pod -> Await.untilGone(kafka.pod(pod), "pod " + pod, Kafka.PATIENCE));
        assertThat(claimUids(scene)).isEqualTo(disks);

        kafka.apply(SPEC);
        kafka.awaitSettled();
        assertThat(kafka.now().getStatus().clusterId).isEqualTo(clusterId);
        assertThat(kafka.ask("brokers")).containsEntry("cluster", clusterId);
        assertThat(claimUids(scene)).isEqualTo(disks);
        traffic.resume();
        traffic.readAgain();
    }

    private static void tellWaits(String what) {
        LOG.info("  {}: {}", what, traffic.waits());
    }

    private static ConfigMap identity(Scene scene) {
        return scene.client()
                .configMaps()
                .inNamespace(scene.namespace())
                .withName("events-identity")
                .require();
    }

    private static List<? extends HasMetadata> ours(Scene scene, String kind) {
        var client = scene.client();
        var all =
                switch (kind) {
                    case "services" ->
                        client.services().inNamespace(scene.namespace()).resources();
                    case "configMaps" ->
                        client.configMaps().inNamespace(scene.namespace()).resources();
                    case "serviceAccounts" ->
                        client.serviceAccounts().inNamespace(scene.namespace()).resources();
                    case "podDisruptionBudgets" ->
                        client.policy()
                                .v1()
                                .podDisruptionBudget()
                                .inNamespace(scene.namespace())
                                .resources();
                    default ->
                        client.network()
                                .v1()
                                .networkPolicies()
                                .inNamespace(scene.namespace())
                                .resources();
                };
        return all.map(Resource::get)
                .filter(object -> object != null
                        && object.getMetadata().getLabels() != null
                        && "events".equals(object.getMetadata().getLabels().get("castellan.dev/cluster")))
                .toList();
    }

    private static Set<String> claimUids(Scene scene) {
        return scene.client().persistentVolumeClaims().inNamespace(scene.namespace()).list().getItems().stream()
                .map(PersistentVolumeClaim::getMetadata)
                .map(meta -> meta.getName() + " " + meta.getUid())
                .collect(Collectors.toSet());
    }
}
