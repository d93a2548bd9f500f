package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.castellan.api.v1beta1.Healing;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.Disk;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Edit;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Disks of a broker fail while its Kubernetes node lives: one that it can do without, and the one with its metadata. */
@E2E
class DiskLossE2E {
    private static final Logger LOG = LoggerFactory.getLogger(DiskLossE2E.class);

    /** The broker's volumes; with the first of them goes its metadata. */
    private static final List<String> VOLUMES = List.of("a", "b");

    private static final List<Disk> DISKS = new ArrayList<>();

    private static Kafka kafka;
    private static Traffic traffic;
    private static String host;
    private static String broker;

    @BeforeAll
    static void found(Scene scene) {
        assumeThat(scene.ownHosts())
                .as("Kubernetes nodes that may be given disks")
                .hasSizeGreaterThanOrEqualTo(3);
        host = scene.ownHosts().getLast();
        for (var volume : VOLUMES) {
            scene.client()
                    .resource(new StorageClassBuilder()
                            .withNewMetadata()
                            .withName(storageClass(volume))
                            .endMetadata()
                            .withProvisioner("kubernetes.io/no-provisioner")
                            .withVolumeBindingMode("WaitForFirstConsumer")
                            .build())
                    .serverSideApply();
            scene.ownHosts().forEach(any -> addDisk(scene, any, volume));
        }
        kafka = scene.kafka("spinning");
        kafka.apply("""
                brokers:
                  replicas: 3
                  storage:
                    volumes:
                      - {name: a, size: 300Mi, storageClass: e2e-disks-a}
                      - {name: b, size: 300Mi, storageClass: e2e-disks-b}
                """);
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        broker = kafka.podList().stream()
                .filter(pod -> host.equals(pod.getSpec().getNodeName()))
                .findFirst()
                .orElseThrow()
                .getMetadata()
                .getName();
    }

    @AfterAll
    static void clear(Scene scene) {
        DISKS.forEach(disk -> {
            scene.client().persistentVolumes().withName(disk.name()).delete();
            disk.remove();
        });
        VOLUMES.forEach(volume -> scene.client()
                .storage()
                .v1()
                .storageClasses()
                .withName(storageClass(volume))
                .delete());
    }

    @BeforeEach
    void startFromHealth() {
        kafka.awaitInSync();
        kafka.awaitSettled();
        traffic.waits();
    }

    @Test
    @Order(1)
    void aDiskOfSeveralIsReplacedAndTheOthersStay(Scene scene) {
        var before = volumes(scene);
        var uids = Map.of(broker, kafka.podUids().get(broker));
        addDisk(scene, host, "b");
        heal("10s", List.of());

        var failed = Instant.now();
        diskOf(scene, "b").fail();

        kafka.await("tells of the disk", cluster -> failedDisk(cluster).contains("Read-only file system"));
        var told = Instant.now();
        kafka.awaitReplaced(uids);
        var ready = Instant.now();
        kafka.awaitInSync();
        LOG.info(
                "  one disk of two failed: told after {} s, its broker Ready with another after {} s, in sync after {} s; {}",
                seconds(failed, told),
                seconds(failed, ready),
                seconds(failed, Instant.now()),
                traffic.waits());
        kafka.awaitSettled();
        assertThat(volumes(scene)).containsEntry(claim("a"), before.get(claim("a")));
        assertThat(volumes(scene).get(claim("b"))).isNotEqualTo(before.get(claim("b")));
        assertThat(events(scene)).contains("DiskFailed", "DiskReplaced");
        traffic.readAgain();
    }

    @Test
    @Order(2)
    void aDiskThatIsFullIsKeptAndIsBackWhenThereIsRoom(Scene scene) {
        var before = volumes(scene);
        var uids = Map.of(broker, kafka.podUids().get(broker));
        var disk = diskOf(scene, "b");

        disk.fill();
        kafka.await(
                "does without the disk, and keeps it",
                cluster -> tells(cluster, "Kafka does without", claim("b"), "make room"));
        kafka.await("tells of it", cluster -> failedDisk(cluster).contains("(full)"));
        traffic.checkpoint();

        disk.makeRoom();
        kafka.awaitReplaced(uids);
        kafka.awaitInSync();
        kafka.awaitSettled();
        assertThat(volumes(scene)).isEqualTo(before);
        traffic.readAgain();
    }

    @Test
    @Order(3)
    void aDiskThatIsMendedInTimeIsKept(Scene scene) {
        var before = volumes(scene);
        var disk = diskOf(scene, "a");
        heal("10m", List.of());

        disk.fail();
        kafka.await("tells when it is replaced", cluster -> tells(cluster, claim("a"), "it is replaced at"));
        setSchedulable(scene, false);
        try {
            var uid = kafka.podUids().get(broker);
            kafka.pod(broker).delete();
            Await.until(kafka.pod(broker), "another pod, without a place", Kafka.PATIENCE, pod -> !pod.getMetadata()
                    .getUid()
                    .equals(uid));
            disk.mend();
        } finally {
            setSchedulable(scene, true);
        }

        kafka.awaitInSync();
        kafka.awaitSettled();
        assertThat(volumes(scene)).isEqualTo(before);
        traffic.readAgain();
    }

    @Test
    @Order(4)
    void theDiskWithTheMetadataIsReplacedAndTheOthersStay(Scene scene) {
        var before = volumes(scene);
        var uids = Map.of(broker, kafka.podUids().get(broker));
        var voters = kafka.ask("quorum").get("voters");
        addDisk(scene, host, "a");
        heal("10s", List.of());

        var failed = Instant.now();
        diskOf(scene, "a").fail();

        kafka.awaitReplaced(uids);
        var ready = Instant.now();
        kafka.awaitInSync();
        LOG.info(
                "  the disk with the metadata failed: its broker Ready with another after {} s, in sync after {} s; {}",
                seconds(failed, ready),
                seconds(failed, Instant.now()),
                traffic.waits());
        kafka.awaitSettled();
        assertThat(volumes(scene)).containsEntry(claim("b"), before.get(claim("b")));
        assertThat(volumes(scene).get(claim("a"))).isNotEqualTo(before.get(claim("a")));
        assertThat(kafka.ask("quorum").get("voters"))
                .as("the quorum is whole again, with one new disk")
                .matches("0:[^,]+,1:[^,]+,2:[^,]+")
                .isNotEqualTo(voters);
        traffic.readAgain();
    }

    @Test
    @Order(5)
    void theOnlyCopyIsGivenUpOnTheUsersWordAlone(Scene scene) {
        kafka.applyTopic("single", "{partitions: 12, replicationFactor: 1, config: {min.insync.replicas: '1'}}")
                .awaitReady();
        var before = volumes(scene);
        var uids = Map.of(broker, kafka.podUids().get(broker));
        addDisk(scene, host, "b");

        diskOf(scene, "b").fail();

        var stalled = kafka.awaitCondition("Stalled", "True", "DataOnFailedDisk");
        assertThat(Kafka.condition(stalled, "Stalled").orElseThrow().getMessage())
                .contains(claim("b"), "single-")
                .doesNotContain("e2e-traffic");
        assertThat(volumes(scene)).isEqualTo(before);
        traffic.checkpoint();

        heal("10s", Kafka.uidsToGiveUp(stalled));
        kafka.awaitReplaced(uids);
        kafka.awaitInSync();
        kafka.awaitSettled();
        assertThat(volumes(scene)).containsEntry(claim("a"), before.get(claim("a")));
        traffic.readAgain();
    }

    /** @param givenUp uids of volume claims */
    private static void heal(String grace, List<String> givenUp) {
        kafka.edit(spec -> {
            spec.healing = new Healing();
            spec.healing.brokerGrace = grace;
            spec.healing.acceptDataLossOn = givenUp;
        });
    }

    private static void addDisk(Scene scene, String in, String volume) {
        var disk = scene.disk(in, "e2e-disk-" + DISKS.size());
        DISKS.add(disk);
        scene.client()
                .resource(disk.volume(storageClass(volume), new Quantity("400Mi")))
                .create();
    }

    private static String storageClass(String volume) {
        return "e2e-disks-" + volume;
    }

    private static String claim(String volume) {
        return volume + "-" + broker;
    }

    private static Disk diskOf(Scene scene, String volume) {
        var name = volumes(scene).get(claim(volume));
        return DISKS.stream()
                .filter(disk -> disk.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** What the status says of the broker's disks. */
    private static String failedDisk(KafkaCluster cluster) {
        return cluster.getStatus().brokers.stream()
                .filter(status -> broker.equals(status.pod) && status.failedDisk != null)
                .map(status -> status.failedDisk)
                .findFirst()
                .orElse("");
    }

    private static boolean tells(KafkaCluster cluster, String... words) {
        return List.of(words).stream().allMatch(said -> Kafka.isDoing(cluster, said));
    }

    private static long seconds(Instant from, Instant to) {
        return Duration.between(from, to).toSeconds();
    }

    private static void setSchedulable(Scene scene, boolean schedulable) {
        Edit.of(scene.client().nodes().withName(host), seen -> seen.getSpec()
                .setUnschedulable(schedulable ? null : true));
    }

    private static List<String> events(Scene scene) {
        return scene.client().v1().events().inNamespace(kafka.namespace()).list().getItems().stream()
                .map(event -> event.getReason())
                .toList();
    }

    /** By claim. */
    private static Map<String, String> volumes(Scene scene) {
        var volumes = new TreeMap<String, String>();
        scene.client()
                .persistentVolumeClaims()
                .inNamespace(scene.namespace())
                .list()
                .getItems()
                .forEach(claim -> volumes.put(
                        claim.getMetadata().getName(), claim.getSpec().getVolumeName()));
        return volumes;
    }
}
