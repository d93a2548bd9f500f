package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Example;
import dev.castellan.e2e.harness.Repository;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Shell;
import io.fabric8.kubernetes.api.model.NodeAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Applications on a developer's machine, with their usual code and commands. Early, since these brokers may take five minutes to
 * go: Kubernetes looks at their namespace again only after half of that, and in the end all namespaces are waited for.
 */
@E2E
@Order(2)
class OutsideClientsE2E {
    private static final Logger LOG = LoggerFactory.getLogger(OutsideClientsE2E.class);
    private static final int NODE_PORT = 30092;

    private static Example example;
    private static String bootstrap;

    @BeforeAll
    static void apply(Scene scene) {
        bootstrap = scene.outside()
                .map(outside -> outside.host() + ":" + outside.port())
                .orElseGet(() -> addressOfSomeNode(scene) + ":" + NODE_PORT);
        example = Example.apply(scene, "02-clients-outside", cluster -> advertise(scene, cluster));
        example.kafka().awaitSettled();
    }

    @Test
    void statusTellsTheAddress(Scene scene) {
        assertThat(example.kafka().now().getStatus().listeners)
                .filteredOn(listener -> listener.name.equals("outside"))
                .singleElement()
                .satisfies(listener -> {
                    if (scene.outside().isPresent()) {
                        assertThat(listener.bootstrap).isEqualTo(bootstrap);
                    }
                });
    }

    @Test
    void kafkajsDoesWhatDevelopersDoFirst() {
        LOG.info("  kafkajs:\n{}", client("first-steps.js"));
    }

    @Test
    void aWebServicePublishes() {
        example.kafka().applyTopic("web-orders", "{partitions: 3}").awaitReady();

        assertThat(client("service-check.js")).contains("20 orders posted and read back");
    }

    @Test
    void kafkasOwnCommandsWork() {
        assertThat(tool("kafka-topics.sh", "", "--create", "--topic", "by-hand", "--partitions", "2"))
                .contains("Created topic by-hand");
        assertThat(tool("kafka-topics.sh", "", "--list")).contains("by-hand", "orders");

        var lines = IntStream.range(0, 100).mapToObj(i -> "line " + i).toList();
        tool("kafka-console-producer.sh", String.join("\n", lines) + "\n", "--topic", "by-hand");

        assertThat(tool(
                                "kafka-console-consumer.sh",
                                "",
                                "--topic",
                                "by-hand",
                                "--from-beginning",
                                "--max-messages",
                                "100")
                        .lines())
                .containsExactlyInAnyOrderElementsOf(lines);
    }

    /** As the example says where the suite's own nodes publish their ports at 9092; else where they do. */
    private static void advertise(Scene scene, KafkaCluster cluster) {
        var outside = cluster.getSpec().listeners.stream()
                .filter(listener -> listener.name.equals("outside"))
                .findFirst()
                .orElseThrow();
        if (scene.outside().isPresent()) {
            outside.advertised.port = scene.outside().get().port();
        } else {
            outside.advertised = null;
        }
    }

    private static String addressOfSomeNode(Scene scene) {
        return scene.client().nodes().list().getItems().getFirst().getStatus().getAddresses().stream()
                .filter(address -> address.getType().equals("InternalIP"))
                .map(NodeAddress::getAddress)
                .findFirst()
                .orElseThrow();
    }

    private static String client(String script) {
        return Shell.run(
                Repository.file("e2e-tests/clients"),
                Duration.ofMinutes(5),
                Repository.file("e2e-tests/clients/run").toString(),
                script,
                bootstrap);
    }

    private static String tool(String name, String input, String... arguments) {
        var program = Repository.file("broker-image/out/cli/bin").resolve(name).toString();
        return Shell.run(
                Path.of("."),
                Duration.ofMinutes(2),
                Map.of("JAVA_HOME", System.getProperty("java.home")),
                input,
                Stream.concat(Stream.of(program, "--bootstrap-server", bootstrap), Stream.of(arguments))
                        .toArray(String[]::new));
    }
}
