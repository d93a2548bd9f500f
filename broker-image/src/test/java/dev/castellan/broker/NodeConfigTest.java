package dev.castellan.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NodeConfigTest {
    private static final Identity IDENTITY =
            new Identity("cluster", false, Set.of(0, 1000), "0@a:9093:x,1000@b:9093:y", Optional.empty());

    private static final Map<String, String> BROKERS = Map.of(
            "process.roles", "broker",
            "castellan.node.domain", "shop.svc",
            "listeners", "PEER://:9091,PLAIN://:9092,OUTSIDE://:9094",
            "advertised.listeners",
                    "PEER://${POD_NAME}.shop.svc:9091,PLAIN://${POD_NAME}.shop.svc:9092,"
                            + "OUTSIDE://${HOST_IP}:${NODE_ID+30093}",
            "log.dirs", "/var/lib/kafka/data/kafka-log, /var/lib/kafka/disk2/kafka-log",
            "ssl.keystore.password", "${env:PASSWORD}");

    private static NodeConfig config(Map<String, String> shared, int nodeId) {
        return NodeConfig.of(shared, IDENTITY, new NodeEnvironment("events-brokers-" + nodeId, nodeId, "10.0.0.7"));
    }

    @Test
    void fillsInWhatDiffersFromPodToPod() {
        // When
        var kafka = config(BROKERS, 1001).kafka();

        // Then
        assertThat(kafka)
                .containsEntry("node.id", "1001")
                .containsEntry("process.roles", "broker")
                .containsEntry(
                        "advertised.listeners",
                        "PEER://events-brokers-1001.shop.svc:9091,"
                                + "PLAIN://events-brokers-1001.shop.svc:9092,OUTSIDE://10.0.0.7:31094");
    }

    @Test
    void aFounderThatIsRelievedIsABrokerAlone() {
        // Given
        var shared = new TreeMap<>(BROKERS);
        shared.put("castellan.relieved", "0, 1001");

        // When, then
        assertThat(config(shared, 0).kafka())
                .containsEntry("process.roles", "broker")
                .doesNotContainKey("castellan.relieved");
        assertThat(config(shared, 1000).kafka()).containsEntry("process.roles", "broker,controller");
    }

    @Test
    void asksTheControllersOfNowForTheLeader() {
        // Given
        var identity =
                new Identity("cluster", true, Set.of(0), "0@a:9093:x", Optional.of("a.shop.svc:9093,b.shop.svc:9093"));
        var founders = Map.of("process.roles", "controller", "controller.quorum.bootstrap.servers", "a.shop.svc:9093");

        // When
        var config = NodeConfig.of(founders, identity, new NodeEnvironment("events-controllers-1", 1, "10.0.0.7"));

        // Then
        assertThat(config.kafka())
                .containsEntry("controller.quorum.bootstrap.servers", "a.shop.svc:9093,b.shop.svc:9093");
    }

    @Test
    void leavesKafkasOwnPlaceholdersToKafka() {
        assertThat(config(BROKERS, 1001).kafka()).containsEntry("ssl.keystore.password", "${env:PASSWORD}");
    }

    @Test
    void makesTheFirstNodesOfACombinedClusterControllersToo() {
        // When
        var config = config(BROKERS, 1000);

        // Then
        assertThat(config.roles()).containsExactly("broker", "controller");
        assertThat(config.kafka())
                .containsEntry("listeners", "PEER://:9091,PLAIN://:9092,OUTSIDE://:9094,CONTROLLER://:9093")
                .hasEntrySatisfying("advertised.listeners", value -> assertThat(value)
                        .endsWith(",CONTROLLER://events-brokers-1000.shop.svc:9093"));
    }

    @Test
    void leavesDedicatedControllersAsTheyAre() {
        // Given
        var shared = Map.of("process.roles", "controller", "listeners", "CONTROLLER://:9093", "log.dirs", "/data");

        // When
        var config = config(shared, 1000);

        // Then
        assertThat(config.isBroker()).isFalse();
        assertThat(config.kafka())
                .containsEntry("process.roles", "controller")
                .containsEntry("listeners", "CONTROLLER://:9093");
    }

    @Test
    void keepsItsOwnKeysFromKafka() {
        // Given
        var shared = new HashMap<>(BROKERS);
        shared.put("castellan.metadata.version", "4.3-IV0");
        shared.put("castellan.metrics.topics", "true");

        // When
        var config = config(shared, 1);

        // Then
        assertThat(config.kafka().keySet()).noneMatch(key -> key.startsWith("castellan."));
        assertThat(config.releaseVersion()).contains("4.3-IV0");
        assertThat(config.showsTopicMetrics()).isTrue();
    }

    @Test
    void waitsForASlowQuorumUnlessToldOtherwise() {
        // Given
        var impatient = new HashMap<>(BROKERS);
        impatient.put("initial.broker.registration.timeout.ms", "1000");

        // Then
        assertThat(config(BROKERS, 1).kafka()).containsEntry("initial.broker.registration.timeout.ms", "2147483647");
        assertThat(config(impatient, 1).kafka()).containsEntry("initial.broker.registration.timeout.ms", "1000");
    }

    @Test
    void addsItsReporterToTheUsersOrToKafkasDefault() {
        // Given
        var own = new HashMap<>(BROKERS);
        own.put("metric.reporters", "com.example.Reporter");

        // Then
        assertThat(config(own, 1).kafka())
                .containsEntry("metric.reporters", "com.example.Reporter,dev.castellan.broker.metrics.KafkaMetrics");
        assertThat(config(BROKERS, 1).kafka().get("metric.reporters"))
                .startsWith("org.apache.kafka.common.metrics.JmxReporter,");
    }

    @Test
    void knowsAllDirectoriesThatMustBeFormatted() {
        // Given
        var apart = new HashMap<>(BROKERS);
        apart.put("metadata.log.dir", "/var/lib/kafka/metadata");

        // Then
        assertThat(config(BROKERS, 1).directories())
                .containsExactly(Path.of("/var/lib/kafka/data/kafka-log"), Path.of("/var/lib/kafka/disk2/kafka-log"));
        assertThat(config(BROKERS, 1).metadataDirectory()).isEqualTo(Path.of("/var/lib/kafka/data/kafka-log"));
        assertThat(config(apart, 1).directories()).hasSize(3).contains(Path.of("/var/lib/kafka/metadata"));
    }

    @Test
    void describesItselfWithoutSecrets() {
        // Given
        var shared = new HashMap<>(BROKERS);
        shared.put("listener.name.plain.sasl.jaas.config", "user=\"x\" password=\"hunter2\"");
        shared.put("ssl.keystore.key", "-----BEGIN");

        // Then
        assertThat(config(shared, 1).describe())
                .contains("process.roles=broker", "ssl.keystore.password=[hidden]", "ssl.keystore.key=[hidden]")
                .doesNotContain("hunter2", "BEGIN");
    }

    @Test
    void saysWhatIsMissing() {
        // Given
        var noDomain = new HashMap<>(BROKERS);
        noDomain.remove("castellan.node.domain");
        var noLogs = new HashMap<>(BROKERS);
        noLogs.remove("log.dirs");
        var noHost = new NodeEnvironment("events-brokers-1", 1, "");

        // Then
        assertThatThrownBy(() -> config(noDomain, 1000))
                .isInstanceOf(Fatal.class)
                .hasMessageContaining("castellan.node.domain");
        assertThatThrownBy(() -> config(noLogs, 1).directories())
                .isInstanceOf(Fatal.class)
                .hasMessageContaining("log.dirs");
        assertThatThrownBy(() -> NodeConfig.of(BROKERS, IDENTITY, noHost))
                .isInstanceOf(Fatal.class)
                .hasMessageContaining("HOST_IP");
    }

    @Test
    void doesWithoutADiskThatHasFailed() {
        // Given
        var failed = Map.of(Path.of("/var/lib/kafka/disk2/kafka-log"), "Input/output error");

        // When
        var usable = config(BROKERS, 1).without(failed);

        // Then
        assertThat(usable.directories()).containsExactly(Path.of("/var/lib/kafka/data/kafka-log"));
        assertThat(usable.kafka()).containsEntry("log.dirs", "/var/lib/kafka/data/kafka-log");
    }

    /** Exactly these words: the operator looks for them in the pod's termination message. */
    @Test
    void cannotDoWithoutItsMetadata() {
        // Given
        var failed = Map.of(Path.of("/var/lib/kafka/data/kafka-log"), "Read-only file system");

        // When, then
        assertThatThrownBy(() -> config(BROKERS, 1).without(failed))
                .isInstanceOf(Fatal.class)
                .hasMessage("disk /var/lib/kafka/data/kafka-log has failed: Read-only file system");
    }
}
