package dev.castellan.e2e.bench;

import dev.castellan.e2e.harness.Repository;
import dev.castellan.e2e.harness.Shell;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One node with the heap and the memory limit that the operator gives by default, on a new disk: container started → ready. */
@Tag("bench")
@Order(5)
class NodeStartBench {
    private static final int RUNS = Integer.getInteger("bench.node.runs", 7);
    private static final String NAME = "castellan-bench-node";
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String CONFIG = """
            process.roles=broker
            castellan.node.domain=bench
            controller.quorum.bootstrap.servers=node-0.bench:9093
            controller.listener.names=CONTROLLER
            inter.broker.listener.name=PEER
            listeners=PEER://:9091,PLAIN://:9092
            advertised.listeners=PEER://${POD_NAME}.bench:9091,PLAIN://${POD_NAME}.bench:9092
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PEER:PLAINTEXT,PLAIN:PLAINTEXT
            log.dirs=/var/lib/kafka/data/kafka-log
            offsets.topic.replication.factor=1
            """;
    private static final Map<String, String> IDENTITY = Map.of(
            "cluster.id", "AAAAAAAAQACAAAAAAAAABQ",
            "formed", "false",
            "controllers", "0",
            "initial.controllers", "0@node-0.bench:9093:AAAAAAAAQACAAAAAA0000g");
    private static final Figures FIGURES = new Figures(NodeStartBench.class);

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    Path mounts;

    @AfterEach
    void remove() {
        docker("sh", "-c", "docker rm -fv %s >/dev/null 2>&1 || true".formatted(NAME));
    }

    @Test
    void eachVersion() throws Exception {
        prepare();
        for (var version : KafkaVersions.images().entrySet()) {
            var seconds = new ArrayList<Double>();
            for (int run = 0; run < RUNS; run++) {
                seconds.add(start(version.getValue()));
                remove();
            }
            FIGURES.tell(Figure.median(
                    "one node of Kafka %s: container started → ready".formatted(version.getKey()),
                    "s",
                    Bar.NONE,
                    Samples.of(seconds)));
        }
    }

    private void prepare() throws IOException {
        var identity = Files.createDirectories(mounts.resolve("identity"));
        for (var entry : IDENTITY.entrySet()) {
            Files.writeString(identity.resolve(entry.getKey()), entry.getValue());
        }
        Files.writeString(Files.createDirectories(mounts.resolve("config")).resolve("server.properties"), CONFIG);
        Files.setPosixFilePermissions(mounts, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private double start(String image) throws InterruptedException {
        var arguments = new ArrayList<>(List.of("docker", "run", "-d", "--name", NAME, "--hostname", "node-0.bench"));
        arguments.addAll(
                List.of("--memory", "1g", "--read-only", "--cap-drop", "ALL", "--tmpfs", "/tmp:exec,mode=1777"));
        arguments.addAll(List.of("--volume", "/var/lib/kafka", "--volume", mounts + ":/etc/castellan:ro"));
        arguments.addAll(List.of("--env", "POD_NAME=node-0", "--env", "NODE_ID=0"));
        arguments.addAll(List.of("--env", "JDK_JAVA_OPTIONS=-Xms512m -Xmx512m", "--publish", "127.0.0.1::8080", image));
        docker(arguments.toArray(String[]::new));
        var address = docker("docker", "port", NAME, "8080").lines().findFirst().orElseThrow();
        var ready = awaitReady(URI.create("http://" + address + "/readyz"));
        var started = Instant.parse(docker("docker", "inspect", "-f", "{{.State.StartedAt}}", NAME));
        return Duration.between(started, ready).toMillis() / 1_000.0;
    }

    private Instant awaitReady(URI readiness) throws InterruptedException {
        var deadline = Instant.now().plus(PATIENCE);
        while (Instant.now().isBefore(deadline)) {
            try {
                if (http.send(HttpRequest.newBuilder(readiness).build(), BodyHandlers.discarding())
                                .statusCode()
                        == 200) {
                    return Instant.now();
                }
            } catch (IOException e) {
                // Nobody listens yet.
            }
            Thread.sleep(10);
        }
        throw new AssertionError("not ready:\n" + docker("docker", "logs", NAME));
    }

    private static String docker(String... command) {
        return Shell.run(Repository.file(""), PATIENCE, command);
    }
}
