package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterStatus.VolumeStatus;
import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.Disk;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.storage.StorageClassBuilder;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A volume that fills grows by itself, and its file system with it; the test plays the driver of its storage. */
@E2E
class GrowthE2E {
    private static final Logger LOG = LoggerFactory.getLogger(GrowthE2E.class);
    private static final String CLASS = "e2e-disks-growing";
    private static final String SPILLING = "b-spilling-brokers-0";
    private static final long MIB = 1L << 20;
    private static final List<Disk> DISKS = new ArrayList<>();

    private static Kafka kafka;
    private static Traffic traffic;
    private static Map<String, String> pods;

    @BeforeAll
    static void found(Scene scene) {
        assumeThat(scene.ownHosts())
                .as("Kubernetes nodes that may be given disks")
                .hasSizeGreaterThanOrEqualTo(3);
        scene.client()
                .resource(new StorageClassBuilder()
                        .withNewMetadata()
                        .withName(CLASS)
                        .endMetadata()
                        .withProvisioner("kubernetes.io/no-provisioner")
                        .withVolumeBindingMode("WaitForFirstConsumer")
                        .withAllowVolumeExpansion(true)
                        .build())
                .serverSideApply();
        scene.ownHosts().forEach(host -> addDisk(scene, host, 500));
        kafka = scene.kafka("filling");
        kafka.apply("""
                brokers:
                  replicas: 3
                  storage: {size: 500Mi, storageClass: e2e-disks-growing, autoGrow: {max: 625Mi, at: 70}}
                """);
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        kafka.awaitInSync();
        pods = kafka.podUids();
    }

    @AfterAll
    static void clear(Scene scene) {
        DISKS.forEach(disk -> {
            scene.client().persistentVolumes().withName(disk.name()).delete();
            disk.remove();
        });
        scene.client().storage().v1().storageClasses().withName(CLASS).delete();
    }

    @Test
    @Order(1)
    void aVolumeThatFillsGrowsAndNoPodIsTouched(Scene scene) {
        kafka.await("tells how full volumes are", cluster -> cluster.getStatus().brokers.stream()
                .allMatch(broker -> broker.volumes != null && broker.volumes.getFirst().usedPercent < 50));
        var filled = Instant.now();

        diskOf(scene, filling(1)).put(360 * MIB);

        awaitSize(scene, filling(1), "625Mi");
        LOG.info("  full, and asked for more after {} s", seconds(filled));
        playDriver(scene, filling(1));
        kafka.await(
                "tells that it is large enough",
                cluster -> volume(cluster, 1).size.equals(new Quantity("625Mi"))
                        && volume(cluster, 1).usedPercent < 70
                        && "Done".equals(cluster.getStatus().plan.step));
        assertThat(size(scene, filling(0))).isEqualTo(size(scene, filling(2))).isEqualTo("500Mi");
        assertThat(kafka.podUids()).isEqualTo(pods);
        traffic.readAgain();
    }

    @Test
    @Order(2)
    void noFurtherThanItMay(Scene scene) {
        diskOf(scene, filling(1)).put(100 * MIB);

        var told = kafka.awaitCondition("Degraded", "True", "VolumesAlmostFull");

        assertThat(Kafka.condition(told, "Degraded").orElseThrow().getMessage())
                .contains("data-filling-brokers-1", "storage.autoGrow.max 625Mi");
        assertThat(Kafka.condition(told, "Ready").orElseThrow().getStatus()).isEqualTo("True");
        assertThat(size(scene, filling(1))).isEqualTo("625Mi");
        assertThat(kafka.podUids()).isEqualTo(pods);
        traffic.readAgain();
    }

    /** Nobody can be asked how full it is, and nobody does anything about it but the operator. */
    @Test
    @Order(3)
    void aBrokerThatIsDownForItsFullDiskComesBack(Scene scene) {
        kafka.pause(); // or it would grow before it is full

        diskOf(scene, filling(0)).fill();
        var told = kafka.awaitCondition("Degraded", "True", "DisksFull");
        LOG.info("  {}", Kafka.condition(told, "Degraded").orElseThrow().getMessage());
        assertThat(Kafka.condition(told, "Degraded").orElseThrow().getMessage())
                .contains("data-filling-brokers-0", "it grows by itself");
        assertThat(size(scene, filling(0))).isEqualTo("500Mi");
        var resumed = Instant.now();
        kafka.resume();

        awaitSize(scene, filling(0), "625Mi");
        playDriver(scene, filling(0));
        kafka.await(
                "has all its brokers again, and nothing left to do",
                cluster -> "Done".equals(cluster.getStatus().plan.step)
                        && cluster.getStatus().brokers.stream()
                                .allMatch(broker -> "Running".equals(broker.state) && broker.failedDisk == null));
        LOG.info("  full, and up again {} s after the operator might do something", seconds(resumed));
        kafka.awaitInSync();
        assertThat(kafka.podUids()).isEqualTo(pods);
        traffic.readAgain();
    }

    /** What lies there is well: nothing is replaced. */
    @Test
    @Order(4)
    void aFullDiskOfSeveralIsKeptAndIsBackWithARestart(Scene scene) {
        scene.ownHosts().forEach(host -> {
            addDisk(scene, host, 300);
            addDisk(scene, host, 300);
        });
        var spilling = scene.kafka("spilling");
        spilling.apply("""
                brokers:
                  replicas: 3
                  storage:
                    volumes:
                      - {name: a, size: 300Mi, storageClass: e2e-disks-growing}
                      - {name: b, size: 300Mi, storageClass: e2e-disks-growing}
                    autoGrow: {max: 375Mi, at: 90}
                """);
        var writes = scene.trafficThrough(spilling);
        spilling.awaitSettled();
        spilling.awaitInSync();
        var before = spilling.podUids();
        var disk = diskOf(scene, SPILLING);
        spilling.pause(); // or it would grow before it is full

        var filled = Instant.now();
        disk.fill();
        var told = spilling.awaitCondition("Degraded", "True", "DisksFull");
        LOG.info("  told after {} s: {}", seconds(filled), message(told));
        assertThat(message(told)).contains("Kafka does without disk " + SPILLING + " (full)", "it grows by itself");
        assertThat(spilling.podUids()).isEqualTo(before);
        writes.checkpoint();
        spilling.resume();

        awaitSize(scene, SPILLING, "375Mi");
        playDriver(scene, SPILLING);
        var grown = Instant.now();
        spilling.awaitReplaced(Map.of("spilling-brokers-0", before.get("spilling-brokers-0")));
        spilling.awaitInSync();
        LOG.info("  its broker restarted, and all in sync {} s after the file system had grown", seconds(grown));
        spilling.awaitSettled();
        assertThat(diskOf(scene, SPILLING)).isSameAs(disk);
        var after = spilling.podUids();
        assertThat(after.remove("spilling-brokers-0")).isNotEqualTo(before.remove("spilling-brokers-0"));
        assertThat(after).isEqualTo(before);
        assertThat(events(scene, "spilling"))
                .contains("DiskFull", "VolumeGrown", "NodeRestarted")
                .doesNotContain("DiskFailed", "DiskReplaced");
        writes.readAgain();
    }

    private static List<String> events(Scene scene, String cluster) {
        return scene.client().v1().events().inNamespace(scene.namespace()).list().getItems().stream()
                .filter(event -> cluster.equals(event.getInvolvedObject().getName()))
                .map(event -> event.getReason())
                .toList();
    }

    private static String message(KafkaCluster cluster) {
        return Kafka.condition(cluster, "Degraded").orElseThrow().getMessage();
    }

    private static void addDisk(Scene scene, String host, long mebi) {
        var disk = scene.growingDisk(host, "e2e-growing-" + DISKS.size(), mebi * MIB);
        DISKS.add(disk);
        scene.client().resource(disk.volume(CLASS, new Quantity(mebi + "Mi"))).create();
    }

    private static void awaitSize(Scene scene, String claim, String size) {
        Await.until(claim(scene, claim), "is to have " + size, Kafka.PATIENCE, found -> requested(found)
                .equals(size));
    }

    /** As a driver does it: the device, its file system, and the word of it. */
    private static void playDriver(Scene scene, String claim) {
        var disk = diskOf(scene, claim);
        var size = claim(scene, claim).require().getSpec().getResources().getRequests();
        disk.grow(Quantity.getAmountInBytes(size.get("storage")).longValueExact());
        scene.client().persistentVolumes().withName(disk.name()).edit(volume -> {
            volume.getSpec().setCapacity(size);
            return volume;
        });
        claim(scene, claim).editStatus(found -> {
            found.getStatus().setCapacity(size);
            return found;
        });
    }

    private static Disk diskOf(Scene scene, String claim) {
        var name = claim(scene, claim).require().getSpec().getVolumeName();
        return DISKS.stream()
                .filter(disk -> disk.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static VolumeStatus volume(KafkaCluster cluster, int broker) {
        return cluster.getStatus().brokers.get(broker).volumes.getFirst();
    }

    private static String size(Scene scene, String claim) {
        return requested(claim(scene, claim).require());
    }

    private static String requested(PersistentVolumeClaim claim) {
        return claim.getSpec().getResources().getRequests().get("storage").toString();
    }

    private static Resource<PersistentVolumeClaim> claim(Scene scene, String name) {
        return scene.client()
                .persistentVolumeClaims()
                .inNamespace(scene.namespace())
                .withName(name);
    }

    private static String filling(int broker) {
        return "data-filling-brokers-" + broker;
    }

    private static long seconds(Instant since) {
        return Duration.between(since, Instant.now()).toSeconds();
    }
}
