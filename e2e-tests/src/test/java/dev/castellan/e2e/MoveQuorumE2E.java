package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castellan.api.v1beta1.Controllers;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The quorum moves from brokers to dedicated controllers and back under traffic, and the operator dies on the way. */
@E2E
class MoveQuorumE2E {
    private static final Logger LOG = LoggerFactory.getLogger(MoveQuorumE2E.class);
    private static final List<Integer> BROKERS = List.of(0, 1, 2);
    private static final List<Integer> DEDICATED = List.of(1000, 1001, 1002);

    private static Kafka kafka;
    private static Traffic traffic;

    @BeforeAll
    static void found(Scene scene) {
        kafka = scene.kafka("moving");
        kafka.apply("brokers: {replicas: 3}");
        traffic = scene.trafficThrough(kafka);
        kafka.awaitSettled();
        traffic.checkpoint();
    }

    @Test
    @Order(1)
    void isTakenBackWhileVotesAreOnTheirWay(Scene scene) {
        dedicated();
        kafka.await("a dedicated controller has a vote", votersMatch(voters -> voters.contains(1000)));
        var start = combined();
        operatorDies(scene);

        awaitVoters(BROKERS, start);
        assertThat(kafka.podUids()).hasSize(BROKERS.size());
    }

    @Test
    @Order(2)
    void goesToDedicatedControllers(Scene scene) {
        var start = dedicated();
        operatorDies(scene);
        kafka.await("a dedicated controller has a vote", votersMatch(voters -> voters.contains(1000)));
        operatorDies(scene);
        kafka.await("only dedicated controllers have votes", votersMatch(DEDICATED::equals));
        LOG.info("  the votes are moved after {}", since(start));
        operatorDies(scene);

        awaitVoters(DEDICATED, start);
        assertThat(roles(scene)).allSatisfy((pod, roles) -> assertThat(roles)
                .isEqualTo(pod.contains("-brokers-") ? "[\"broker\"]" : "[\"controller\"]"));
        assertThat(unregistered(scene)).isGreaterThanOrEqualTo(BROKERS.size());
    }

    /** Its brokers find the quorum without those that founded it, and without each other. */
    @Test
    @Order(3)
    void livesOnAsIfItHadAlwaysBeenSo() {
        var pods = kafka.podUids();
        for (var pod : List.of("moving-brokers-0", "moving-controllers-1000")) {
            kafka.pod(pod).delete();
            kafka.awaitReplaced(Map.of(pod, pods.get(pod)));
            kafka.awaitSettled();
            kafka.awaitInSync();
        }
        traffic.checkpoint();
    }

    @Test
    @Order(4)
    void comesBackToTheBrokers(Scene scene) {
        var start = combined();
        operatorDies(scene);
        kafka.await("a broker has a vote", votersMatch(voters -> voters.contains(0)));
        LOG.info("  the brokers are controllers again after {}", since(start));
        operatorDies(scene);

        awaitVoters(BROKERS, start);
        assertThat(kafka.podUids()).hasSize(BROKERS.size());
        assertThat(roles(scene).values()).containsOnly("[\"broker\",\"controller\"]");
        traffic.readAgain();
    }

    private static Instant dedicated() {
        kafka.edit(spec -> {
            spec.controllers = new Controllers();
            spec.controllers.replicas = 3;
            spec.controllers.storage = spec.brokers.storage;
            spec.controllers.resources = new ResourceRequirementsBuilder()
                    .withRequests(Map.of("cpu", new Quantity("50m"), "memory", new Quantity("384Mi")))
                    .withLimits(Map.of("memory", new Quantity("512Mi")))
                    .build();
        });
        return Instant.now();
    }

    private static Instant combined() {
        kafka.edit(spec -> spec.controllers = null);
        return Instant.now();
    }

    private static void operatorDies(Scene scene) {
        scene.operator().kill();
        traffic.checkpoint();
        scene.operator().awaitAvailable();
    }

    private static void awaitVoters(List<Integer> wanted, Instant start) {
        kafka.await(
                "settled with the voters " + wanted,
                cluster -> Kafka.isSettled(cluster)
                        && votersOf(cluster).equals(wanted)
                        && "Done".equals(cluster.getStatus().plan.step));
        LOG.info("  {} vote after {}; {}", wanted, since(start), traffic.waits());
        assertThat(kafka.ask("quorum")).hasEntrySatisfying("voters", voters -> assertThat(voters)
                .matches(wanted.stream().map(id -> id + ":[^,]+").collect(Collectors.joining(","))));
        traffic.checkpoint();
    }

    private static String since(Instant start) {
        return Duration.between(start, Instant.now()).toSeconds() + " s";
    }

    private static Predicate<KafkaCluster> votersMatch(Predicate<List<Integer>> test) {
        return cluster -> test.test(votersOf(cluster));
    }

    private static List<Integer> votersOf(KafkaCluster cluster) {
        return cluster.getStatus() == null
                        || cluster.getStatus().quorum == null
                        || cluster.getStatus().quorum.voters == null
                ? List.of()
                : cluster.getStatus().quorum.voters;
    }

    /** As the process in each pod says. */
    private static Map<String, String> roles(Scene scene) {
        var roles = new TreeMap<String, String>();
        for (var pod : kafka.podUids().keySet()) {
            var state = scene.client()
                    .raw("/api/v1/namespaces/%s/pods/%s:8080/proxy/state".formatted(kafka.namespace(), pod));
            roles.put(
                    pod,
                    Serialization.unmarshal(state, JsonNode.class).path("roles").toString());
        }
        return roles;
    }

    private static int unregistered(Scene scene) {
        return (int) scene.client().v1().events().inNamespace(kafka.namespace()).list().getItems().stream()
                .filter(event -> "ControllerUnregistered".equals(event.getReason()))
                .count();
    }
}
