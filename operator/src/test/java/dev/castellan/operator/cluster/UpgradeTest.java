package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.api.v1beta1.BrokerPool;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Upgrade;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.FinaliseMetadataVersion;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How upgrades of Kafka end, and what is refused. */
class UpgradeTest {
    /** New with 4.4.0. */
    private static final String INFLATED = "max.decompressed.message.bytes";

    @Test
    void endsToTheSecondThoughTheOperatorRestartsMeanwhile() {
        // Given
        var cluster = at("4.3.1").edit(soak("1h")).edit(version("4.4.0")).settle();
        var outlook = cluster.status().plan.next;
        assertThat(outlook).singleElement().asString().startsWith("metadata.version goes from 4.3-IV0 to 4.4-IV2 at ");

        // When
        cluster.pass(3_500).restartOperator().reconcile();

        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(cluster.status().plan.next).isEqualTo(outlook);
        cluster.pass(45).reconcile();
        assertThat(cluster.last().recheck()).isLessThan(Duration.ofMinutes(1));
        cluster.pass((int) cluster.last().recheck().toSeconds()).reconcile();
        assertThat(cluster.last().step()).isInstanceOf(FinaliseMetadataVersion.class);
        assertThat(cluster.settle().status().metadataVersion).isEqualTo("4.4-IV2");
        assertThat(cluster.status().plan.next).isNull();
        assertThat(cluster.kube.events()).anyMatch(event -> event.contains("MetadataVersionFinalised"));
    }

    @Test
    void aSoakOfNothingEndsWithTheLastNodeAndAVersionMayBeSkipped() {
        // Given
        var cluster = at("4.2.1").edit(soak("0s"));

        // When
        cluster.edit(version("4.4.0")).settle();

        // Then
        assertThat(cluster.plan())
                .endsWith(
                        "FinaliseMetadataVersion: metadata.version goes from 4.2-IV1 to 4.4-IV2: all nodes run 4.4.0",
                        "Done: everything is as declared");
    }

    @Test
    void nothingIsFinalisedWhileANodeIsDownAndTheSoakBeginsAnew() {
        // Given
        var cluster =
                at("4.3.1").edit(soak("10m")).edit(version("4.4.0")).settle().pass(500);

        // When
        cluster.loseAllPods().pass(1).edit(level("4.4-IV2")).reconcile().reconcile();

        // Then
        assertThat(cluster.last().step()).isInstanceOf(Wait.class);
        cluster.edit(level(null)).settle().pass(500).reconcile();
        assertThat(cluster.status().metadataVersion).isEqualTo("4.3-IV0");
        assertThat(cluster.pass(100).settle().status().metadataVersion).isEqualTo("4.4-IV2");
    }

    @Test
    void aHalfDoneUpgradeGoesOnOrBackFromWhatIsThere() {
        // Given
        var cluster = at("4.2.1").edit(soak("0s")).edit(version("4.4.0"));
        while (versions(cluster).distinct().count() < 2) {
            cluster.reconcile().pass(1);
        }

        // When
        cluster.restartOperator().edit(version("4.3.1")).settle();

        // Then
        assertThat(versions(cluster)).containsOnly("4.3.1");
        assertThat(cluster.status().metadataVersion).isEqualTo("4.3-IV0");
        assertThat(cluster.plan()).noneMatch(line -> line.contains("to 4.4-IV2"));
    }

    @Test
    void aLevelOfBeforeHoldsTheEndAndOneBetweenIsTakenAtOnce() {
        // Given
        var cluster = at("4.2.1")
                .edit(soak("1m"))
                .edit(level("4.2-IV1"))
                .edit(version("4.4.0"))
                .settle();

        // When
        cluster.pass(100).settle();

        // Then
        assertThat(cluster.status().metadataVersion).isEqualTo("4.2-IV1");
        assertThat(cluster.status().plan.next).isNull();
        assertThat(cluster.edit(level("4.3-IV0")).settle().status().metadataVersion)
                .isEqualTo("4.3-IV0");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "-",
            value = {
                "4.2.1 | -       | spec.version is 4.2.1: it cannot read the cluster's metadata, which goes up to 4.3-IV0; set it back",
                "4.4.0 | 4.2-IV1 | spec.metadataVersion is 4.2-IV1: the cluster's metadata goes up to 4.3-IV0, which Kafka does not take back; set that, or none",
                "4.3.1 | 4.4-IV2 | spec.metadataVersion is 4.4-IV2: Kafka 4.3.1 does not know it; set 4.3-IV0 or an older one"
            })
    void refusesWhatTheMetadataDoesNotAllow(String version, String level, String reason) {
        // Given
        var cluster = at("4.3.1");
        var pods = cluster.kube.everything(Pod.class);

        // When
        cluster.edit(version(version)).edit(level(level)).settle();

        // Then
        assertRefused(cluster, reason);
        assertThat(cluster.kube.everything(Pod.class)).isEqualTo(pods);
        assertThat(cluster.edit(version("4.3.1"))
                        .edit(level(null))
                        .settle()
                        .last()
                        .step())
                .isInstanceOf(Done.class);
    }

    @Test
    void aNewClusterBeginsWithTheLevelOfItsVersion() {
        var cluster = created("4.4.0").edit(level("4.3-IV0")).settle();

        assertRefused(
                cluster,
                "spec.metadataVersion is 4.3-IV0: a new cluster of Kafka 4.4.0 begins with 4.4-IV2;"
                        + " set none, or begin with an older spec.version");
    }

    @Test
    void disksAreNotGivenToAVersionThatCannotReadThem() {
        // Given
        var claims = at("4.4.0").kube.everything(PersistentVolumeClaim.class);
        var cluster = created("4.3.1");
        claims.forEach(cluster.kube::put);

        // When
        cluster.settle();

        // Then
        assertRefused(
                cluster,
                "spec.version is 4.3.1: it cannot read the cluster's metadata, which goes up to 4.4-IV2; set it back");
        assertThat(cluster.kube.everything(Pod.class)).isEmpty();
    }

    @Test
    void whatAClusterMayHaveBegunWithIsRememberedBeforeItsFirstPod() {
        // Given
        var cluster = created("4.3.1").reconcile().reconcile();
        assertThat(records(cluster)).containsExactly("4.3-IV0");
        cluster.edit(version("4.4.0"));
        while (cluster.kube.everything(StatefulSet.class).isEmpty()) {
            cluster.reconcile();
        }

        // When
        cluster.kube.everything(StatefulSet.class).forEach(cluster.kube::erase);
        cluster.edit(version("4.3.1")).settle();

        // Then
        assertThat(records(cluster)).containsExactly("4.4-IV2");
        assertRefused(
                cluster,
                "spec.version is 4.3.1: it cannot read the cluster's metadata, which goes up to 4.4-IV2; set it back");
    }

    @Test
    void whatIsFinalisedByHandIsRemembered() {
        // Given
        var cluster = at("4.3.1").edit(version("4.4.0")).settle();

        // When
        cluster.kafka.finaliseMetadataVersion("4.4-IV2", false);
        cluster.pass(40).settle();

        // Then
        assertThat(records(cluster)).hasSize(4).containsOnly("4.4-IV2");
        cluster.kafka.reachable(false);
        cluster.edit(version("4.3.1")).settle();
        assertThat(versions(cluster)).containsOnly("4.4.0");
        cluster.kafka.reachable(true);
        assertThat(cluster.settle().last().step()).isInstanceOf(Stall.class);
    }

    @Test
    void whatKafkaRejectsIsNotTakenForDone() {
        // Given
        var cluster = withStranger().edit(version("4.4.0")).settle();

        // When
        cluster.edit(level("4.4-IV2")).reconcile();

        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> {
            assertThat(stall.why()).isEqualTo(StallReason.MetadataVersionRefused);
            assertThat(stall.reason())
                    .startsWith("metadata.version stays at 4.3-IV0, Kafka refuses 4.4-IV2:"
                            + " node 77 does not support metadata.version 4.4-IV2. ");
        });
        assertThat(records(cluster)).containsOnly("4.3-IV0");
        cluster.edit(level(null)).edit(version("4.3.1")).settle();
        assertThat(versions(cluster)).containsOnly("4.3.1");
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    @Test
    void whatKafkaRejectsHoldsUpNothingElseAndIsAskedForAgain() {
        // Given
        var cluster =
                withStranger().edit(level("4.4-IV2")).edit(version("4.4.0")).settle();
        var told = cluster.last().status();
        var second = new BrokerPool();
        second.name = "second";
        second.replicas = 1;
        cluster.edit(spec -> spec.getSpec().brokers.pools = List.of(second)).settle();

        // When
        cluster.edit(spec -> spec.getSpec().brokers.pools = null).settle();

        // Then
        assertThat(cluster.kube.everything(StatefulSet.class)).hasSize(1);
        assertThat(cluster.pass((int) cluster.last().recheck().toSeconds())
                        .reconcile()
                        .last()
                        .status()
                        .conditions)
                .as("asked for again, it tells the same")
                .filteredOn(condition -> condition.getType().equals("Stalled"))
                .extracting(Condition::getMessage)
                .isEqualTo(told.conditions.stream()
                        .filter(condition -> condition.getType().equals("Stalled"))
                        .map(Condition::getMessage)
                        .toList());
        cluster.kafka.unregistersStrangers();
        assertThat(cluster.pass(30).settle().status().metadataVersion).isEqualTo("4.4-IV2");
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    private static CalmCluster withStranger() {
        var cluster = at("4.3.1");
        cluster.kafka.registersStranger(77, "4.3.1");
        return cluster;
    }

    @Test
    void whatKafkaTakesWhileItRunsDoesNotProlongTheSoakAndWhatItRefusesHoldsTheEnd() {
        // Given
        var cluster =
                at("4.3.1").edit(soak("10m")).edit(version("4.4.0")).settle().pass(300);
        var outlook = cluster.status().plan.next;
        assertThat(cluster.edit(threads("9")).settle().status().plan.next).isEqualTo(outlook);

        // When
        cluster.edit(threads(FakeKafka.REFUSED)).settle().pass(600).settle();

        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> assertThat(stall.why())
                .isEqualTo(StallReason.ConfigRefused));
        assertThat(cluster.status().metadataVersion).isEqualTo("4.3-IV0");
        assertThat(cluster.edit(threads("10")).settle().status().metadataVersion)
                .isEqualTo("4.4-IV2");
    }

    @Test
    void whatOnlyTheNewerVersionTakesWhileItRunsIsNoObstacleOnTheWayBack() {
        // Given
        var cluster = at("4.3.1").edit(version("4.4.0")).edit(inflated("9")).settle();
        cluster.edit(inflated("10")).settle();
        assertThat(cluster.kafka.config()).containsEntry(INFLATED, "10");

        // When
        cluster.edit(version("4.3.1")).edit(inflated(null)).settle();

        // Then
        assertThat(versions(cluster)).containsOnly("4.3.1");
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(cluster.edit(version("4.4.0")).settle().last().step()).isInstanceOf(Done.class);
        assertThat(cluster.kafka.config()).doesNotContainKey(INFLATED);
    }

    private static void assertRefused(CalmCluster cluster, String reason) {
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> assertThat(stall.reason())
                .isEqualTo(reason));
    }

    private static Stream<String> versions(CalmCluster cluster) {
        return cluster.status().brokers.stream().map(broker -> broker.version);
    }

    /** What each that is to remember the level says, if it says anything. */
    private static List<String> records(CalmCluster cluster) {
        return Stream.<HasMetadata>concat(
                        cluster.kube.everything(ConfigMap.class).stream(),
                        cluster.kube.everything(PersistentVolumeClaim.class).stream())
                .map(holder -> holder.getMetadata().getAnnotations())
                .filter(annotations -> annotations != null && annotations.containsKey(Annotations.METADATA_VERSION))
                .map(annotations -> annotations.get(Annotations.METADATA_VERSION))
                .toList();
    }

    private static CalmCluster at(String version) {
        return created(version).settle();
    }

    private static CalmCluster created(String version) {
        var cluster = Specs.cluster("brokers: {replicas: 3}");
        cluster.getMetadata().setGeneration(1L);
        return new CalmCluster(cluster).edit(version(version));
    }

    private static Consumer<KafkaCluster> version(String version) {
        return cluster -> cluster.getSpec().version = version;
    }

    private static Consumer<KafkaCluster> level(String level) {
        return cluster -> cluster.getSpec().metadataVersion = level;
    }

    private static Consumer<KafkaCluster> soak(String soak) {
        return cluster -> {
            cluster.getSpec().upgrade = new Upgrade();
            cluster.getSpec().upgrade.soak = soak;
        };
    }

    private static Consumer<KafkaCluster> threads(String count) {
        return config(FakeKafka.THREADS, count);
    }

    private static Consumer<KafkaCluster> inflated(String bytes) {
        return config(INFLATED, bytes);
    }

    /** @param value null: it is not declared */
    private static Consumer<KafkaCluster> config(String key, String value) {
        return cluster -> cluster.getSpec().config = value == null ? Map.of() : Map.of(key, new TextNode(value));
    }
}
