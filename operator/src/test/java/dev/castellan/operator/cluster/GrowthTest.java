package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaClusterStatus.VolumeStatus;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Volumes grow by themselves when they are full, as far as they may, and nothing else happens. */
class GrowthTest {
    private static final String FULL = "a-events-brokers-1";

    @ParameterizedTest
    @CsvSource({
        "10Gi, 79, -", // room enough
        "10Gi, 80, 13Gi", // a quarter, rounded up
        "10Gi, 99, 13Gi",
        "1Gi, 80, 1280Mi",
        "3600Mi, 80, 5Gi",
        "90Gi, 80, 100Gi", // no more than it may
        "99900Mi, 80, 100Gi",
        "100Gi, 99, -",
        "200Gi, 99, -"
    })
    void growsByAQuarter(String size, int percent, String next) {
        // Given
        var growth = new Growth(new Quantity("100Gi"), 80);
        long used = Quantities.bytes(new Quantity(size)) / 100 * percent + 100;
        // Then
        assertThat(growth.next(new Quantity(size), used).map(Quantity::toString).orElse("-"))
                .isEqualTo(next);
    }

    @Test
    void theOneThatIsFullGrowsAndNothingElseHappens() {
        // Given
        var cluster = cluster("10Gi", "20Gi");
        var before = cluster.volumeSizes();
        var pods = pods(cluster);
        // When
        cluster.fillDisk("a", "events-brokers-1", 85).pass(60).settle();
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "13Gi");
        before.remove(FULL);
        assertThat(cluster.volumeSizes()).containsAllEntriesOf(before);
        assertThat(pods(cluster)).isEqualTo(pods);
        assertThat(cluster.plan())
                .anyMatch(line -> line.equals("GrowVolume: volume claim " + FULL + " of broker 1 (events-brokers-1) is"
                        + " more than 80% full, and grows by itself from 10Gi to 13Gi"));
        assertThat(template(cluster)).isEqualTo("10Gi");
        assertThat(cluster.status().plan.reason).isEqualTo("everything is as declared");
        assertThat(volume(cluster).size).isEqualTo(new Quantity("13Gi"));
        assertThat(volume(cluster).usedPercent).isEqualTo(65);
    }

    @Test
    void growsAgainAndAgainAsLongAsItMayAndThenSaysSo() {
        // Given
        var cluster = cluster("10Gi", "15Gi");
        // When
        for (int i = 0; i < 4; i++) {
            cluster.fillDisk("a", "events-brokers-1", 90).pass(60).settle();
        }
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "15Gi");
        assertThat(condition(cluster, "Degraded"))
                .hasValueSatisfying(condition -> assertThat(condition.getReason() + ": " + condition.getMessage())
                        .isEqualTo("VolumesAlmostFull: volume claim " + FULL
                                + " is more than 80% full, and may not become larger than storage.autoGrow.max 15Gi:"
                                + " raise max"));
        assertThat(condition(cluster, "Ready").orElseThrow().getStatus()).isEqualTo("True");
        assertThat(condition(cluster, "Stalled")).isEmpty();
        // When
        cluster.edit(spec -> spec.getSpec().brokers.storage.autoGrow.max = new Quantity("40Gi"))
                .pass(60)
                .settle();
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "19Gi");
        assertThat(condition(cluster, "Degraded")).isEmpty();
    }

    @Test
    void doesNotGrowTwiceWhileTheStorageTakesItsTime() {
        // Given: storage that does nothing yet
        var cluster = cluster("10Gi", "100Gi");
        cluster.fillDisk("a", "events-brokers-1", 95);
        // When
        for (int i = 0; i < 200; i++) {
            cluster.pass(1).reconcile();
            setCapacity(cluster, "10Gi");
        }
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "13Gi");
    }

    /** Nobody can be asked how full it is, and nothing else would bring it back. */
    @Test
    void aDiskThatIsFullGrowsWhileItsBrokerIsDownAndBringsItBack() {
        // Given
        var cluster = cluster("10Gi", "20Gi");
        var pods = pods(cluster);
        // When
        cluster.fillDisk("a", "events-brokers-1", 100).pass(1);
        assertThat(cluster.kafka.isRunning(1)).isFalse();
        cluster.settle();
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "13Gi");
        assertThat(cluster.plan())
                .contains("GrowVolume: volume claim " + FULL
                        + " of broker 1 (events-brokers-1) is full, and grows by itself from 10Gi to 13Gi");
        assertThat(cluster.status().plan.reason).isEqualTo("everything is as declared");
        assertThat(condition(cluster, "Degraded")).isEmpty();
        assertThat(pods(cluster)).isEqualTo(pods);
    }

    /** Of which nobody tells while the broker is down. */
    @Test
    void itsOtherVolumesAreToldAsTheyWere() {
        // Given
        var cluster = cluster("10Gi", "10Gi");
        cluster.fillDisk("b", "events-brokers-1", 40).pass(60).settle();
        // When
        cluster.fillDisk("a", "events-brokers-1", 100).pass(1).settle();
        // Then
        assertThat(cluster.status().brokers.get(1).volumes)
                .extracting(volume -> volume.name + " " + volume.usedPercent)
                .containsExactly("a 100", "b 40");
    }

    /** Its process ended for another reason than that. */
    @Test
    void whatElseABrokerWithAFullDiskSaidIsToldToo() {
        // Given
        var cluster = cluster("10Gi", "10Gi");
        cluster.fillDisk("a", "events-brokers-1", 100).pass(1);
        var pod = cluster.pod("events-brokers-1");
        pod.getStatus()
                .getContainerStatuses()
                .getFirst()
                .getLastState()
                .getTerminated()
                .setMessage("FATAL: node.id is missing\n"
                        + "FULL: disk /var/lib/kafka/a/kafka-log is full: 10200547328 bytes");
        cluster.kube.update(pod);
        // When
        cluster.settle();
        // Then
        assertThat(cluster.status().plan.reason).endsWith("raise max; it also said FATAL: node.id is missing");
    }

    @Test
    void allOfThemAtOnce() {
        // Given
        var cluster = cluster("10Gi", "20Gi");
        // When
        for (int i = 0; i < 3; i++) {
            cluster.fillDisk("a", "events-brokers-" + i, 100);
        }
        cluster.pass(1).settle();
        // Then
        assertThat(cluster.status().plan.reason).isEqualTo("everything is as declared");
        assertThat(cluster.volumeSizes().values()).filteredOn("13Gi"::equals).hasSize(3);
    }

    @Test
    void aFullDiskDoesNotGrowTwiceWhileTheStorageTakesItsTime() {
        // Given: storage that does nothing yet
        var cluster = cluster("10Gi", "100Gi");
        cluster.fillDisk("a", "events-brokers-1", 100).pass(1);
        // When
        for (int i = 0; i < 200; i++) {
            cluster.reconcile();
            setCapacity(cluster, "10Gi");
            cluster.pass(1);
        }
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "13Gi");
    }

    /** The next start tells anew. */
    @Test
    void norWhileItsBrokerHasNotStartedSinceItGrew() {
        // Given
        var cluster = cluster("10Gi", "100Gi");
        cluster.fillDisk("a", "events-brokers-1", 100).pass(1).until(() -> "13Gi"
                .equals(cluster.volumeSizes().get(FULL)));
        // When
        for (int i = 0; i < 200; i++) {
            setCapacity(cluster, "13Gi");
            cluster.reconcile();
        }
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "13Gi");
    }

    @Test
    void aFullDiskThatMayNotBecomeLargerIsToldWithTheCure() {
        // Given
        var cluster = cluster("10Gi", "10Gi");
        // When
        cluster.fillDisk("a", "events-brokers-1", 100).pass(1).settle();
        // Then
        var told = "disk " + FULL + " (full) of broker 1 (events-brokers-1) keeps it down:"
                + " it may not become larger than storage.autoGrow.max 10Gi: raise max";
        assertThat(condition(cluster, "Degraded"))
                .hasValueSatisfying(condition -> assertThat(condition.getReason() + ": " + condition.getMessage())
                        .isEqualTo("DisksFull: " + told));
        assertThat(cluster.status().plan.reason).isEqualTo(told);
        assertThat(condition(cluster, "Ready").orElseThrow().getStatus()).isEqualTo("True");
        assertThat(volume(cluster).usedPercent).isEqualTo(100);
        // When
        cluster.edit(spec -> spec.getSpec().brokers.storage.autoGrow.max = new Quantity("40Gi"))
                .settle();
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "13Gi");
        assertThat(cluster.status().plan.reason).isEqualTo("everything is as declared");
    }

    @Test
    void aFullDiskThatTheStorageRefusesMoreIsTold() {
        // Given
        var cluster = cluster("10Gi", "20Gi");
        cluster.kube.volumesMayGrow(false);
        // When
        cluster.fillDisk("a", "events-brokers-1", 100).pass(1).settle();
        // Then
        assertThat(condition(cluster, "Degraded").orElseThrow().getMessage()).contains(FULL, "allowVolumeExpansion");
        // When
        cluster.kube.volumesMayGrow(true);
        cluster.pass(60).settle();
        // Then
        assertThat(cluster.status().plan.reason).isEqualTo("everything is as declared");
    }

    @ParameterizedTest
    @CsvSource({
        "FULL: disk /var/lib/kafka/a/kafka-log is full: 10200547328 bytes, DisksFull",
        "FATAL: it ended;FULL: disk /var/lib/kafka/a/kafka-log is full: 10737418240 bytes, DisksFull",
        "FULL: disk /var/lib/kafka/a/kafka-log is full: 8589934592 bytes, NodesDown", // before it grew
        "FULL: disk /var/lib/kafka/a/kafka-log is full: 99999999999 bytes, NodesDown", // of the host
        "FULL: disk /var/lib/kafka/a/kafka-log is full: 99999999999999999999 bytes, NodesDown",
        "FULL: disk /var/lib/kafka/c/kafka-log is full: 10200547328 bytes, NodesDown",
        "FATAL: it ended, NodesDown"
    })
    void goesByTheLastWordsAboutTheVolumeAsItIs(String words, String reason) {
        // Given
        var cluster = cluster("10Gi", "10Gi");
        cluster.fillDisk("a", "events-brokers-1", 100).pass(1);
        // When
        var pod = cluster.pod("events-brokers-1");
        pod.getStatus()
                .getContainerStatuses()
                .getFirst()
                .getLastState()
                .getTerminated()
                .setMessage(words.replace(';', '\n'));
        cluster.kube.update(pod);
        cluster.settle();
        // Then
        assertThat(condition(cluster, "Degraded").orElseThrow().getReason()).isEqualTo(reason);
    }

    @Test
    void whatTheStorageRefusesIsTold() {
        // Given
        var cluster = cluster("10Gi", "100Gi");
        cluster.kube.volumesMayGrow(false);
        // When
        cluster.fillDisk("a", "events-brokers-1", 85).pass(60).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> assertThat(stall.why())
                .isEqualTo(StallReason.VolumeGrowthRefused));
        // When
        cluster.kube.volumesMayGrow(true);
        cluster.pass(60).settle();
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "13Gi");
    }

    @Test
    void whatSomebodyElseMadeLargeEnoughIsWell() {
        // Given
        var cluster = cluster("10Gi", "100Gi");
        cluster.kube.everything(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getName().equals(FULL))
                .forEach(claim -> claim.getSpec().getResources().setRequests(Map.of("storage", new Quantity("200Gi"))));
        // When
        cluster.fillDisk("a", "events-brokers-1", 85).pass(60).settle();
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "200Gi");
        assertThat(cluster.status().plan.reason).isEqualTo("everything is as declared");
    }

    @Test
    void isNotToldAnewWithEveryRecord() {
        // Given
        var cluster = cluster("10Gi", "100Gi");
        cluster.fillDisk("a", "events-brokers-1", 40).pass(60).settle();
        var told = cluster.status();
        // When
        cluster.fillDisk("a", "events-brokers-1", 44).pass(60).settle();
        // Then
        assertThat(volume(cluster).usedPercent).isEqualTo(40);
        assertThat(cluster.status().brokers).usingRecursiveComparison().isEqualTo(told.brokers);
        // When
        cluster.fillDisk("a", "events-brokers-1", 46).pass(60).settle();
        // Then
        assertThat(volume(cluster).usedPercent).isEqualTo(45);
    }

    private static CalmCluster cluster(String size, String max) {
        var spec = Specs.cluster("""
                {brokers: {replicas: 3, storage: {
                  volumes: [{name: a, size: %s}, {name: b, size: %s}], autoGrow: {max: %s}}}}
                """.formatted(size, size, max));
        spec.getMetadata().setGeneration(1L);
        return new CalmCluster(spec).settle();
    }

    private static void setCapacity(CalmCluster cluster, String size) {
        cluster.kube.everything(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getName().equals(FULL))
                .forEach(claim -> claim.getStatus().setCapacity(Map.of("storage", new Quantity(size))));
    }

    private static Optional<Condition> condition(CalmCluster cluster, String type) {
        return cluster.status().conditions.stream()
                .filter(condition -> condition.getType().equals(type))
                .findFirst();
    }

    private static VolumeStatus volume(CalmCluster cluster) {
        return cluster.status().brokers.get(1).volumes.stream()
                .filter(volume -> volume.name.equals("a"))
                .findFirst()
                .orElseThrow();
    }

    private static String template(CalmCluster cluster) {
        var set = cluster.kube.getLive(StatefulSet.class, "events-brokers").orElseThrow();
        return VolumeChanges.requested(set.getSpec().getVolumeClaimTemplates().getFirst())
                .toString();
    }

    private static List<String> pods(CalmCluster cluster) {
        return cluster.kube.everything(Pod.class).stream()
                .map(pod -> pod.getMetadata().getUid())
                .toList();
    }
}
