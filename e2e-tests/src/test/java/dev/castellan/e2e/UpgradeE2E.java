package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Consumer;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** From the oldest version of Kafka to the newest under traffic, and back for as long as there is a way back. */
@E2E
class UpgradeE2E {
    private static final Logger LOG = LoggerFactory.getLogger(UpgradeE2E.class);

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        scene.bring("4.2.1", "4.3.1");
        kafka = scene.kafka("upgraded");
        kafka.apply("""
                version: 4.2.1
                upgrade: {soak: 0s}
                brokers: {replicas: 3}
                """);
        traffic = scene.trafficThrough(kafka);
        assertThat(kafka.awaitSettled().getStatus().metadataVersion).isEqualTo("4.2-IV1");
        traffic.checkpoint();
    }

    @Test
    @Order(1)
    void withoutASoakTheEndComesWithTheLastBroker() {
        roll("4.3.1", spec -> {});

        awaitFinalised("4.3-IV0");
        assertLoweringIsRefused("4.3.1", "4.2.1", "4.3-IV0");
    }

    @Test
    @Order(2)
    void whatSoaksMayBeTakenBack() {
        var raised = roll("4.4.0", spec -> spec.upgrade = null);

        assertThat(raised.getStatus().metadataVersion).isEqualTo("4.3-IV0");
        assertThat(raised.getStatus().plan.next)
                .singleElement()
                .asString()
                .startsWith("metadata.version goes from 4.3-IV0 to 4.4-IV2 at ");

        var lowered = roll("4.3.1", spec -> {});

        assertThat(lowered.getStatus().metadataVersion).isEqualTo("4.3-IV0");
        assertThat(lowered.getStatus().plan.next).isNull();
    }

    @Test
    @Order(3)
    void whereTheUserNamesTheLevelItIsTakenAtOnceAndForGood() {
        roll("4.4.0", spec -> spec.metadataVersion = "4.4-IV2");
        var pods = kafka.podUids();

        awaitFinalised("4.4-IV2");
        assertLoweringIsRefused("4.4.0", "4.3.1", "4.4-IV2");

        assertThat(kafka.podUids()).isEqualTo(pods);
    }

    private static KafkaCluster roll(String version, Consumer<KafkaClusterSpec> further) {
        var before = kafka.podUids();
        var start = Instant.now();
        traffic.waits();
        kafka.edit(spec -> {
            spec.version = version;
            further.accept(spec);
        });
        kafka.awaitReplaced(before);
        var settled = kafka.awaitSettled();
        LOG.info(
                "  to {} in {} s; {}",
                version,
                Duration.between(start, Instant.now()).toSeconds(),
                traffic.waits());
        assertThat(settled.getStatus().version).isEqualTo(version);
        assertThat(settled.getStatus().brokers)
                .extracting(broker -> broker.version)
                .containsExactly(version, version, version);
        traffic.readAgain();
        return settled;
    }

    private static void awaitFinalised(String level) {
        kafka.await(
                "metadata.version " + level,
                cluster -> Kafka.isSettled(cluster) && level.equals(cluster.getStatus().metadataVersion));
    }

    private static void assertLoweringIsRefused(String from, String to, String level) {
        assertThatThrownBy(() -> kafka.edit(spec -> {
                    spec.version = to;
                    spec.metadataVersion = null;
                }))
                .hasMessageContaining("spec.version cannot be lowered from %s to %s, which does not read metadata of %s"
                        .formatted(from, to, level));
        traffic.readAgain();
    }
}
