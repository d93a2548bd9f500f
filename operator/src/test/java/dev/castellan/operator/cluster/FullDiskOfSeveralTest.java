package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.Healing;
import dev.castellan.api.v1beta1.PodTemplate;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Kafka does without a disk that is full, and serves from the others: that disk is well, and is kept. It gets more room, or the user is
 * told how to give it, and is back with a restart.
 */
class FullDiskOfSeveralTest {
    private static final String BROKER = "events-brokers-1";
    private static final String FULL = "b-" + BROKER;
    private static final String TITLE = "disk " + FULL + " (full) of broker 1 (events-brokers-1)";

    @Test
    void growsAndIsBackWithARestart() {
        // Given
        var cluster = growing("20Gi");
        var claims = claims(cluster);
        var pods = pods(cluster);
        // When
        fill(cluster).settle();
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "13Gi");
        assertThat(cluster.plan())
                .containsSubsequence(
                        "GrowVolume: volume claim " + FULL
                                + " of broker 1 (events-brokers-1) is full, and grows by itself from 10Gi to 13Gi",
                        "RestartNodes: disk " + FULL + " (was full) of broker 1 (events-brokers-1) has room again:"
                                + " broker 1 (events-brokers-1) is restarted, so that Kafka takes it back");
        isBack(cluster, claims, pods);
        assertThat(cluster.kube.events())
                .filteredOn(event -> event.startsWith("Warning"))
                .containsExactly(
                        "Warning DiskFull: disk " + FULL + " (full) of broker 1 does not serve, for want of room");
    }

    @Test
    void doesNotGrowTwiceWhileTheStorageTakesItsTime() {
        // Given: storage that does nothing yet
        var cluster = growing("100Gi");
        fill(cluster);
        var pods = pods(cluster);
        // When
        for (int i = 0; i < 200; i++) {
            cluster.pass(1);
            setCapacity(cluster, "10Gi");
            cluster.reconcile();
        }
        // Then
        assertThat(cluster.volumeSizes()).containsEntry(FULL, "13Gi");
        assertThat(pods(cluster)).isEqualTo(pods);
        assertThat(degraded(cluster))
                .isEqualTo("DisksFull: Kafka does without " + TITLE
                        + ": its file system is about to become as large as its volume is to be");
    }

    @Test
    void atTheMostThatItMayTheUserIsTold() {
        // Given
        var cluster = growing("10Gi");
        var claims = claims(cluster);
        var pods = pods(cluster);
        // When
        fill(cluster).settle();
        // Then
        var told =
                "Kafka does without " + TITLE + ": it may not become larger than storage.autoGrow.max 10Gi: raise max";
        assertThat(degraded(cluster)).isEqualTo("DisksFull: " + told);
        assertThat(cluster.status().plan.reason).isEqualTo(told);
        assertThat(cluster.status().brokers.get(1).failedDisk).isEqualTo(FULL + " (full)");
        assertThat(pods(cluster)).isEqualTo(pods);
        // When
        cluster.edit(spec -> spec.getSpec().brokers.storage.autoGrow.max = new Quantity("40Gi"))
                .settle();
        // Then
        isBack(cluster, claims, pods);
    }

    /** However long it is full, and whatever is said of disks that fail. */
    @Test
    void isKeptUntilTheUserDeclaresMore() {
        // Given
        var cluster = fixed();
        cluster.edit(spec -> {
            spec.getSpec().healing = new Healing();
            spec.getSpec().healing.brokerGrace = "1m";
        });
        var claims = claims(cluster);
        var pods = pods(cluster);
        // When
        fill(cluster).settle().pass(3_600).settle();
        // Then
        var told = "Kafka does without " + TITLE + ": declare more than 10Gi for it in storage";
        assertThat(degraded(cluster)).isEqualTo("DisksFull: " + told);
        assertThat(cluster.status().plan.reason).isEqualTo(told);
        assertThat(pods(cluster)).isEqualTo(pods);
        assertThat(claims(cluster)).isEqualTo(claims);
        // When
        cluster.edit(spec -> spec.getSpec().brokers.storage.volumes.get(1).size = new Quantity("20Gi"))
                .settle();
        // Then
        isBack(cluster, claims, pods);
    }

    @Test
    void isBackTooWhereSomebodyMakesRoom() {
        // Given
        var cluster = fixed();
        var claims = claims(cluster);
        var pods = pods(cluster);
        fill(cluster).settle();
        // When
        cluster.fillDisk("b", BROKER, 50).settle();
        // Then
        isBack(cluster, claims, pods);
    }

    /** Or one that is full again at once would be restarted for ever. */
    @Test
    void isNotRestartedAgainAtOnce() {
        // Given
        var cluster = fixed();
        fill(cluster).settle().fillDisk("b", BROKER, 50).settle();
        var pods = pods(cluster);
        // When
        fill(cluster).fillDisk("b", BROKER, 50).pass(1).reconcile();
        // Then
        assertThat(cluster.status().plan.reason)
                .startsWith("disk " + FULL + " (was full) of broker 1 (events-brokers-1) has room again,"
                        + " and Kafka takes it back with a restart, which waits: it has started a moment ago");
        assertThat(pods(cluster)).isEqualTo(pods);
        // When
        cluster.settle();
        // Then
        assertThat(pods(cluster)).isNotEqualTo(pods);
        assertThat(cluster.kafka.doesWithoutSecondDisk(1)).isFalse();
    }

    @Test
    void waitsUntilAllOthersAreThere() {
        // Given
        var cluster = fixed();
        fill(cluster).settle();
        var uid = cluster.pod(BROKER).getMetadata().getUid();
        cluster.putToSleep("events-brokers").losePod("events-brokers-2");
        // When
        cluster.fillDisk("b", BROKER, 50).pass(1).reconcile();
        // Then
        assertThat(cluster.plan()).noneMatch(line -> line.startsWith("RestartNodes"));
        assertThat(cluster.pod(BROKER).getMetadata().getUid()).isEqualTo(uid);
        // When
        cluster.settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(cluster.pod(BROKER).getMetadata().getUid()).isNotEqualTo(uid);
    }

    @Test
    void waitsWhereAPartitionCannotSpareItsBroker() {
        // Given
        var cluster = fixed();
        fill(cluster).settle();
        cluster.kafka.createTopic("strict", 2, List.of(List.of(1, 2, 0)));
        cluster.blind("events-brokers-2");
        cluster.kafka.hang(2, 60);
        cluster.pass(30);
        // When
        cluster.fillDisk("b", BROKER, 50).pass(1).reconcile();
        // Then
        assertThat(cluster.plan()).noneMatch(line -> line.startsWith("RestartNodes"));
    }

    /** From when it has failed, not from when it was full. */
    @Test
    void oneThatFailsInTheEndIsReplacedLikeAnyOther() {
        // Given
        var cluster = fixed();
        cluster.edit(spec -> {
            spec.getSpec().healing = new Healing();
            spec.getSpec().healing.brokerGrace = "1m";
        });
        var claims = claims(cluster);
        fill(cluster).settle();
        // When
        cluster.failDisk("b", BROKER).pass(1).reconcile().pass(50).reconcile();
        // Then
        assertThat(cluster.status().plan.reason).contains("it is replaced at");
        assertThat(claims(cluster)).isEqualTo(claims);
        // When
        cluster.settle();
        // Then
        assertThat(claims(cluster).get(FULL)).isNotEqualTo(claims.get(FULL));
        assertThat(cluster.kube.events())
                .contains("Warning DiskFailed: disk " + FULL
                        + " (Input/output error) of broker 1 does not serve: it was full, and has failed since");
    }

    /** What lies on it does not catch up before, for which a roll would wait. */
    @Test
    void isBackByARollWhereThereIsOne() {
        // Given
        var cluster = fixed();
        cluster.kafka.createTopic("orders", 2, List.of(List.of(0, 1, 2), List.of(1, 2, 0)));
        cluster.kafka.createTopic("events", 2, List.of(List.of(0, 1, 2), List.of(1, 2, 0)));
        cluster.kafka.createTopic("audit", 2, List.of(List.of(0, 1, 2), List.of(1, 2, 0)));
        var claims = claims(cluster);
        var pods = pods(cluster);
        fill(cluster).settle();
        cluster.edit(spec -> {
                    spec.getSpec().brokers.template = new PodTemplate();
                    spec.getSpec().brokers.template.annotations = Map.of("a", "b");
                })
                .settle();
        assertThat(pods(cluster)).as("nobody goes down meanwhile").isEqualTo(pods);
        // When
        cluster.fillDisk("b", BROKER, 50).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(cluster.kafka.doesWithoutSecondDisk(1)).isFalse();
        assertThat(pods(cluster).values()).doesNotContainAnyElementsOf(pods.values());
        assertThat(cluster.kube.events())
                .filteredOn(event -> event.contains("NodeRestarted"))
                .hasSize(3);
        assertThat(claims(cluster)).isEqualTo(claims);
    }

    /** The only one that was in sync lies on the disk, and so the other has nobody to catch up with. */
    @Test
    void aPartitionThatNobodyLeadsUntilThenHoldsUpNoRoll() {
        // Given
        var cluster = fixed();
        cluster.kafka.createTopic("jobs", 1, List.of(List.of(1, 2)));
        cluster.kafka.hang(2, 60);
        fill(cluster.pass(20)).pass(30);
        assertThat(cluster.kafka.topics().getFirst().partitions().getFirst().leader())
                .isNegative();
        var pods = pods(cluster);
        cluster.edit(spec -> {
            spec.getSpec().brokers.template = new PodTemplate();
            spec.getSpec().brokers.template.annotations = Map.of("a", "b");
        });
        // When
        cluster.fillDisk("b", BROKER, 50).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(pods(cluster).values()).doesNotContainAnyElementsOf(pods.values());
    }

    private static void isBack(CalmCluster cluster, Map<String, String> claims, Map<String, String> pods) {
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(degraded(cluster)).isEmpty();
        assertThat(cluster.kafka.doesWithoutSecondDisk(1)).isFalse();
        assertThat(cluster.status().brokers)
                .allSatisfy(broker -> assertThat(broker.failedDisk).isNull());
        assertThat(claims(cluster)).isEqualTo(claims);
        assertThat(pods(cluster).get(BROKER)).isNotEqualTo(pods.get(BROKER));
        var others = new TreeMap<>(pods);
        others.remove(BROKER);
        assertThat(pods(cluster)).containsAllEntriesOf(others);
    }

    private static CalmCluster fill(CalmCluster cluster) {
        cluster.fillDisk("b", BROKER, 100).pass(31).reconcile();
        assertThat(cluster.kafka.doesWithoutSecondDisk(1)).isTrue();
        assertThat(cluster.kafka.isRunning(1)).isTrue();
        return cluster;
    }

    private static CalmCluster growing(String max) {
        return cluster(", autoGrow: {max: " + max + "}");
    }

    private static CalmCluster fixed() {
        return cluster("");
    }

    private static CalmCluster cluster(String growth) {
        var spec = Specs.cluster("""
                {brokers: {replicas: 3, storage: {
                  volumes: [{name: a, size: 10Gi}, {name: b, size: 10Gi}]%s}}}
                """.formatted(growth));
        spec.getMetadata().setGeneration(1L);
        return new CalmCluster(spec).settle();
    }

    private static void setCapacity(CalmCluster cluster, String size) {
        cluster.kube.everything(PersistentVolumeClaim.class).stream()
                .filter(claim -> claim.getMetadata().getName().equals(FULL))
                .forEach(claim -> claim.getStatus().setCapacity(Map.of("storage", new Quantity(size))));
    }

    /** Empty: it is not. */
    private static String degraded(CalmCluster cluster) {
        return cluster.status().conditions.stream()
                .filter(condition -> condition.getType().equals("Degraded"))
                .map(FullDiskOfSeveralTest::words)
                .findFirst()
                .orElse("");
    }

    private static String words(Condition condition) {
        return condition.getReason() + ": " + condition.getMessage();
    }

    /** Uids, by name. */
    private static Map<String, String> claims(CalmCluster cluster) {
        return cluster.kube.everything(PersistentVolumeClaim.class).stream()
                .collect(Collectors.toMap(claim -> claim.getMetadata().getName(), claim -> claim.getMetadata()
                        .getUid()));
    }

    private static Map<String, String> pods(CalmCluster cluster) {
        return cluster.kube.everything(Pod.class).stream()
                .collect(Collectors.toMap(pod -> pod.getMetadata().getName(), pod -> pod.getMetadata()
                        .getUid()));
    }
}
