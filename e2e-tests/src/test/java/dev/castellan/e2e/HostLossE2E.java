package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.castellan.api.v1beta1.Healing;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Edit;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A Kubernetes node is killed, and with it the disk of a broker that is a controller too. */
@E2E
class HostLossE2E {
    private static final Logger LOG = LoggerFactory.getLogger(HostLossE2E.class);

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        assumeThat(scene.mortalHosts())
                .as("Kubernetes nodes that may be killed")
                .isNotEmpty();
        kafka = scene.kafka("homeless");
        kafka.apply("brokers: {replicas: 3}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
    }

    @BeforeEach
    void startFromHealth() {
        kafka.awaitInSync();
        kafka.awaitSettled();
        traffic.waits();
    }

    @Test
    @Order(1)
    void aHostThatComesBackInTimeChangesNothing(Scene scene) {
        var disks = disks(scene);
        var broker = brokerOn(scene.mortalHosts().getFirst());

        scene.kill(hostOf(broker));
        kafka.await(
                "tells when it is made again",
                cluster -> tells(cluster, broker.getMetadata().getName(), "is made again elsewhere at"));
        scene.revive(hostOf(broker));

        kafka.awaitInSync();
        kafka.awaitSettled();
        assertThat(disks(scene)).isEqualTo(disks);
        LOG.info("  a Kubernetes node killed and back: {}", traffic.waits());
        traffic.readAgain();
    }

    @Test
    @Order(2)
    void aHostThatIsGoneForGoodIsDoneWithout(Scene scene) {
        var host = scene.mortalHosts().getFirst();
        var other = scene.mortalHosts().getLast();
        var broker = brokerOn(host);
        var voters = kafka.ask("quorum").get("voters");
        heal(List.of());
        setSchedulable(scene, other, false); // so that it keeps one broker, for the next test
        try {
            var killed = Instant.now();
            scene.kill(host);

            awaitMadeAgain(broker);
            var ready = Instant.now();
            kafka.awaitInSync();
            LOG.info(
                    "  a Kubernetes node lost for good: its broker Ready elsewhere after {} s, in sync after {} s; {}",
                    Duration.between(killed, ready).toSeconds(),
                    Duration.between(killed, Instant.now()).toSeconds(),
                    traffic.waits());
            kafka.awaitSettled();
            assertThat(kafka.ask("quorum").get("voters"))
                    .as("the quorum is whole again, with one new disk")
                    .matches("0:[^,]+,1:[^,]+,2:[^,]+")
                    .isNotEqualTo(voters);
            traffic.readAgain();
        } finally {
            setSchedulable(scene, other, true);
            scene.revive(host);
        }
    }

    @Test
    @Order(3)
    void theOnlyCopyIsGivenUpOnTheUsersWordAlone(Scene scene) {
        var host = scene.mortalHosts().getLast();
        var broker = brokerOn(host);
        kafka.applyTopic("single", "{partitions: 6, replicationFactor: 1, config: {min.insync.replicas: '1'}}")
                .awaitReady();
        var disks = disks(scene);
        try {
            scene.kill(host);

            var stalled = kafka.awaitCondition("Stalled", "True", "DataOnLostHost");
            assertThat(Kafka.condition(stalled, "Stalled").orElseThrow().getMessage())
                    .contains(broker.getMetadata().getName(), "Kubernetes node " + host, "single-")
                    .doesNotContain("e2e-traffic");
            assertThat(disks(scene)).isEqualTo(disks);
            traffic.checkpoint();

            heal(Kafka.uidsToGiveUp(stalled));
            awaitMadeAgain(broker);
            kafka.awaitInSync();
            kafka.awaitSettled();
            traffic.readAgain();
        } finally {
            scene.revive(host);
        }
    }

    /** @param givenUp uids of volume claims */
    private static void heal(List<String> givenUp) {
        kafka.edit(spec -> {
            spec.healing = new Healing();
            spec.healing.brokerGrace = "10s";
            spec.healing.acceptDataLossOn = givenUp;
        });
    }

    private static void awaitMadeAgain(Pod broker) {
        kafka.awaitReplaced(
                Map.of(broker.getMetadata().getName(), broker.getMetadata().getUid()));
        assertThat(hostOf(kafka.pod(broker.getMetadata().getName()).require())).isNotEqualTo(hostOf(broker));
    }

    private static boolean tells(KafkaCluster cluster, String... words) {
        return cluster.getStatus().plan != null
                && cluster.getStatus().plan.reason != null
                && List.of(words).stream().allMatch(cluster.getStatus().plan.reason::contains);
    }

    private static Pod brokerOn(String host) {
        var there =
                kafka.podList().stream().filter(pod -> host.equals(hostOf(pod))).toList();
        assertThat(there).as("brokers on " + host).hasSize(1);
        return there.getFirst();
    }

    private static String hostOf(Pod pod) {
        return pod.getSpec().getNodeName();
    }

    private static void setSchedulable(Scene scene, String host, boolean schedulable) {
        Edit.of(scene.client().nodes().withName(host), seen -> seen.getSpec()
                .setUnschedulable(schedulable ? null : true));
    }

    private static Map<String, String> disks(Scene scene) {
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
