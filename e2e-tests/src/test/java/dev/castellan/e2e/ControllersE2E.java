package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Controllers come and go under traffic, and the operator dies on the way; no broker is restarted for it. */
@E2E
class ControllersE2E {
    private static final Logger LOG = LoggerFactory.getLogger(ControllersE2E.class);
    private static final int FIRST = 1000;

    private static Kafka kafka;
    private static Traffic traffic;
    private static Map<String, String> brokers;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("voters");
        kafka.apply("brokers: {replicas: 3}\ncontrollers: {replicas: 1}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        brokers = brokerUids();
        traffic.checkpoint();
    }

    @Test
    @Order(1)
    void newControllersGetTheirVotesAlthoughTheOperatorDies(Scene scene) {
        for (int controllers : new int[] {3, 5}) {
            var start = edit(controllers);
            operatorDies(scene);
            awaitVoters(controllers, start);
        }
    }

    @Test
    @Order(2)
    void aNumberThatIsSetBackHalfWayIsFollowed(Scene scene) {
        edit(3);
        kafka.await("giving up votes", cluster -> votersOf(cluster).size() < 5);
        var start = edit(5);
        operatorDies(scene);

        awaitVoters(5, start);
    }

    @Test
    @Order(3)
    void theLeaderToo(Scene scene) {
        for (int i = 0; i < 8 && leader() < FIRST + 3; i++) {
            var pod = "voters-controllers-" + leader();
            var uid = kafka.podUids().get(pod);
            kafka.pod(pod).delete();
            kafka.awaitReplaced(Map.of(pod, uid));
            kafka.awaitSettled();
        }
        LOG.info("  controller {} leads, and 1003 and 1004 are to go", leader());

        var start = edit(3);
        operatorDies(scene);
        kafka.await("giving up votes", cluster -> votersOf(cluster).size() == 3);
        operatorDies(scene);

        awaitVoters(3, start);
        traffic.readAgain();
    }

    /** Whom a node asks when it starts has followed: the founder is not needed for it. */
    @Test
    @Order(4)
    void aBrokerFindsTheQuorumWithoutItsFounder() {
        var pods = kafka.podUids();
        assertThat(brokerUids()).isEqualTo(brokers);

        kafka.pod("voters-controllers-1000").delete();
        kafka.pod("voters-brokers-1").delete();

        kafka.awaitReplaced(Map.of(
                "voters-controllers-1000", pods.get("voters-controllers-1000"),
                "voters-brokers-1", pods.get("voters-brokers-1")));
        kafka.awaitSettled();
        kafka.awaitInSync();
        traffic.checkpoint();
    }

    private static Instant edit(int controllers) {
        kafka.edit(spec -> spec.controllers.replicas = controllers);
        return Instant.now();
    }

    private static void operatorDies(Scene scene) {
        scene.operator().kill();
        traffic.checkpoint();
        scene.operator().awaitAvailable();
    }

    private static void awaitVoters(int controllers, Instant start) {
        kafka.await(
                "settled with " + controllers + " voters",
                cluster -> Kafka.isSettled(cluster)
                        && votersOf(cluster).size() == controllers
                        && "Done".equals(cluster.getStatus().plan.step));
        LOG.info(
                "  {} voters after {} s; {}",
                controllers,
                Duration.between(start, Instant.now()).toSeconds(),
                traffic.waits());
        var wanted = IntStream.range(FIRST, FIRST + controllers)
                .mapToObj(id -> id + ":[^,]+")
                .collect(Collectors.joining(","));
        assertThat(kafka.ask("quorum"))
                .hasEntrySatisfying("voters", voters -> assertThat(voters).matches(wanted));
        assertThat(kafka.podUids()).hasSize(brokers.size() + controllers);
        assertThat(brokerUids()).isEqualTo(brokers);
    }

    private static List<Integer> votersOf(KafkaCluster cluster) {
        return cluster.getStatus() == null
                        || cluster.getStatus().quorum == null
                        || cluster.getStatus().quorum.voters == null
                ? List.of()
                : cluster.getStatus().quorum.voters;
    }

    private static int leader() {
        return Integer.parseInt(kafka.ask("quorum").get("leader"));
    }

    private static Map<String, String> brokerUids() {
        return kafka.podUids().entrySet().stream()
                .filter(pod -> pod.getKey().contains("-brokers-"))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }
}
