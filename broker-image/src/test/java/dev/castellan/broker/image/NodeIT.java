package dev.castellan.broker.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real Kafka in the real image, in the real security context. */
class NodeIT {
    private static final String SERVER = "--bootstrap-server localhost:9092";

    /** Again and again: what is committed is applied a moment later. */
    private static final String CAUGHT_UP = "\"metadataLag\": 0";

    private static final String DIRECTORY = "/var/lib/kafka/data/kafka-log";
    private static final String PIPE = DIRECTORY + "/.castellan-probe";

    @TempDir
    Path folder;

    @Test
    void aSingleNodeFormsServesStopsAndComesBack() {
        try (var cluster = new ClusterFixture(folder, ClusterFixture.NEWEST, 0)) {
            // a new disk is formatted for a quorum of one
            var node = cluster.node(0, "broker").start().awaitReady();
            assertThat(node.isAlive()).isTrue();
            node.awaitState(CAUGHT_UP);
            assertThat(node.state())
                    .contains(
                            "\"roles\": [\"broker\", \"controller\"]",
                            "\"brokerState\": \"RUNNING\"",
                            "\"role\": \"leader\"")
                    .contains(ClusterFixture.directoryId(0), ClusterFixture.OURS);
            assertThat(node.log()).contains("as FOUNDER");

            // it serves clients, and compresses for them: native code, unpacked to the one place that may be written
            node.exec("sh", "-c", "kafka-topics.sh --create --topic orders --config compression.type=zstd " + SERVER);
            node.exec("sh", "-c", "echo hello | kafka-console-producer.sh --topic orders " + SERVER);
            assertThat(node.exec(
                            "sh",
                            "-c",
                            "kafka-console-consumer.sh --topic orders --from-beginning --max-messages 1 " + SERVER))
                    .contains("hello");
            assertThat(familiesIn(node.metrics())).containsAll(documentedFamilies());

            // SIGTERM is a controlled shutdown
            assertThat(node.stop()).isZero();
            assertThat(node.log()).contains("SIGTERM: controlled shutdown begins", "Controlled shutdown complete");

            // the same disk is not formatted again
            var again =
                    cluster.node(0, "broker", true, ClusterFixture.OURS).start().awaitReady();
            assertThat(again.log()).doesNotContain("Formatting");
            assertThat(again.state()).contains(ClusterFixture.directoryId(0));
            again.stop();

            // and not handed to another cluster
            var foreign =
                    cluster.node(0, "broker", false, "BBBBBBBBQACAAAAAAAAABQ").start();
            assertThat(foreign.exitCode()).isEqualTo(1);
            assertThat(foreign.log().lines().toList().getLast())
                    .startsWith("FATAL: ")
                    .contains(ClusterFixture.OURS, "BBBBBBBBQACAAAAAAAAABQ");
        }
    }

    private static Set<String> familiesIn(String metrics) {
        return metrics.lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ")[2])
                .collect(Collectors.toSet());
    }

    /** All but those that only a recovery, an election among several, or the wish for them brings about. */
    private static Set<String> documentedFamilies() {
        try {
            return Pattern.compile("`(kafka_[a-z_]+)`")
                    .matcher(Files.readString(Path.of("../docs/broker-image.md")))
                    .results()
                    .map(match -> match.group(1))
                    .filter(name -> !name.matches(".*_remaining.*|.*_election_.*|kafka_log_log_size"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void threeFoundersFormInAnyOrderAndOneThatLosesItsDiskComesBackAsAnObserver() {
        try (var cluster = new ClusterFixture(folder, ClusterFixture.NEWEST, 0, 1000, 2000)) {
            // alone, a founder waits and stays alive
            var last = cluster.node(2000, "broker").start();
            last.awaitState("broker is STARTING, no quorum leader known");
            assertThat(last.isAlive()).isTrue();

            // with a majority it forms, and the slow one joins
            var first = cluster.node(0, "broker").start();
            first.awaitReady();
            last.awaitReady();
            var slow = cluster.node(1000, "broker").start().awaitReady();
            assertThat(slow.log()).contains("as FOUNDER");
            assertThat(slow.state()).contains("\"voter\": true", ClusterFixture.directoryId(1000));

            // a lost disk is a new voter to be, not the old one
            slow.stop();
            cluster.loseDisk(1000);
            var renewed = cluster.node(1000, "broker", true, ClusterFixture.OURS)
                    .start()
                    .awaitReady();
            assertThat(renewed.log()).contains("as OBSERVER");
            assertThat(renewed.state())
                    .contains("\"role\": \"observer\"", "\"voter\": false")
                    .doesNotContain(ClusterFixture.directoryId(1000));
        }
    }

    @Test
    void dedicatedControllersAndTheirBrokers() {
        try (var cluster = new ClusterFixture(folder, ClusterFixture.NEWEST, 3000)) {
            // a broker waits for its quorum
            var waiting = cluster.node(1, "broker").start().awaitState("broker is NOT_RUNNING, no quorum leader known");
            assertThat(waiting.isAlive()).isTrue();
            assertThat(waiting.stop()).isZero();
            var broker = cluster.node(1, "broker").start();

            // which comes, and then has metrics of either kind
            var controller = cluster.node(3000, "controller").start().awaitReady();
            broker.awaitReady();
            assertThat(controller.state()).contains("\"brokerState\": null", "\"role\": \"leader\"");
            assertThat(controller.metrics()).contains("kafka_controller_kafkacontroller_activecontrollercount 1");
            assertThat(broker.metrics()).contains("kafka_server_replicamanager_underreplicatedpartitions 0");

            // and goes: the broker serves on
            assertThat(controller.stop()).isZero();
            broker.awaitLog("Node 3000 disconnected");
            assertThat(broker.readiness()).contains("unfenced");
            assertThat(broker.isAlive()).isTrue();

            // it does not wait for leave from a quorum that is no more
            assertThat(broker.stop()).isZero();
            assertThat(broker.log()).contains("going without handing over leadership", "Controlled shutdown complete");
        }
    }

    /** A pipe that nobody reads is the agent's disk here: who opens it to write blocks, in the kernel, and hears of no interrupt. */
    @Test
    void whileADiskHangsANodeIsAliveAndSaysSo() {
        try (var cluster = new ClusterFixture(folder, ClusterFixture.NEWEST, 0)) {
            var node = cluster.node(0, "broker").start().awaitReady();
            assertThat(node.metrics()).contains("castellan_volume_free_bytes");
            node.exec("mkfifo", PIPE);

            // whoever asks for the disks gets an answer, however often
            for (int i = 0; i < 6; i++) {
                assertThat(node.disks()).contains("\"failed\": {}");
            }

            // it does not take that for a failure, and goes on
            node.awaitState("\"hangingDisks\": {\"" + DIRECTORY + "\": \"20");
            assertThat(node.disks()).contains("\"failed\": {}, \"hanging\": {\"" + DIRECTORY);
            assertThat(node.metrics())
                    .contains(
                            "castellan_volume_hanging{directory=\"" + DIRECTORY + "\"} 1",
                            "castellan_volume_free_bytes");
            assertThat(node.isAlive()).isTrue();
            assertThat(node.readiness()).contains("unfenced");
            node.awaitLog(DIRECTORY + " does not answer since");

            // and it ends when the disk answers
            node.exec("cat", PIPE);
            node.awaitState("\"hangingDisks\": {}");
            assertThat(node.disks()).contains("\"failed\": {}, \"hanging\": {}");
            assertThat(node.stop()).isZero();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"4.2.1", "4.3.1"})
    void theOlderVersionsRunUnderTheSameLauncher(String version) {
        try (var cluster = new ClusterFixture(folder, ClusterFixture.image(version), 0)) {
            var other = cluster.node(1, "broker").start();
            var node = cluster.node(0, "broker").start().awaitReady();
            other.awaitReady();
            node.awaitState(CAUGHT_UP);
            assertThat(node.state())
                    .contains("\"version\": \"" + version + "\"", "\"role\": \"leader\"", "\"fenced\": false");
            assertThat(node.metrics())
                    .contains("kafka_server_raft_metrics_current_leader 0", "kafka_server_kafkaserver_brokerstate 3");
            assertThat(node.stop()).isZero();
            assertThat(other.stop()).isZero();
            assertThat(other.log()).contains("going without handing over leadership");
        }
    }
}
