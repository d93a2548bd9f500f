package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Properties;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;

/** Real Kafka nodes, brokers and controllers in one, in this JVM. */
final class KafkaNodes implements AutoCloseable {
    /** Held, since java.util.logging forgets the level of a logger that nobody holds. */
    private static final List<Logger> QUIET = List.of(
            Logger.getLogger("org.apache.kafka"), Logger.getLogger("kafka"), Logger.getLogger("state.change.logger"));

    static {
        QUIET.forEach(logger -> logger.setLevel(Level.OFF));
    }

    private final String clusterId = Uuid.randomUuid().toString();
    private final NavigableMap<Integer, Node> nodes = new TreeMap<>();
    private final Path directory;
    private final Map<String, String> settings;

    private record Node(int id, int port, int controllerPort, String directoryId, KafkaRaftServer server) {}

    private KafkaNodes(Path directory, Map<String, String> settings) {
        this.directory = directory;
        this.settings = settings;
    }

    /** Nodes 0 to n-1; all are voters. */
    static KafkaNodes start(int n, Path directory) {
        return start(n, directory, Map.of());
    }

    /** With some more of their own. */
    static KafkaNodes start(int n, Path directory, Map<String, String> settings) {
        return start(n, new KafkaNodes(directory, settings), List.of());
    }

    /** As an older Kafka has made it. */
    static KafkaNodes start(int n, Path directory, String metadataVersion) {
        return start(n, new KafkaNodes(directory, Map.of()), List.of("--release-version", metadataVersion));
    }

    private static KafkaNodes start(int n, KafkaNodes cluster, List<String> formatting) {
        var founders = new ArrayList<Node>();
        for (int id = 0; id < n; id++) {
            founders.add(new Node(id, freePort(), freePort(), Uuid.randomUuid().toString(), null));
        }
        var voters = founders.stream()
                .map(node -> node.id + "@localhost:" + node.controllerPort + ":" + node.directoryId)
                .collect(Collectors.joining(","));
        var arguments = Stream.concat(formatting.stream(), Stream.of("--initial-controllers", voters))
                .toList();
        var starting =
                founders.stream().map(node -> cluster.start(node, arguments)).toList();
        starting.forEach(KafkaNodes::join);
        return cluster;
    }

    /** A further node, which is an observer of the quorum. */
    void add(int id) {
        join(start(new Node(id, freePort(), freePort(), null, null), List.of("--no-initial-controllers")));
    }

    /** The same, and in service as a broker. */
    void add(int id, KafkaAdmin admin) {
        add(id);
        await(() -> admin.brokers().contains(new Broker(id, "localhost", false)));
    }

    /** What one node does, another hears of a little later. */
    static void await(BooleanSupplier condition) {
        var deadline = Instant.now().plusSeconds(30);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("in time").isBefore(deadline);
            Thread.onSpinWait();
        }
    }

    void stop(int id) {
        nodes.get(id).server.shutdown();
        nodes.get(id).server.awaitShutdown();
    }

    /** As it was, on the same disk. */
    void restart(int id) {
        stop(id);
        var node = nodes.get(id);
        var server = new KafkaRaftServer(KafkaConfig.fromProps(config(node)), Time.SYSTEM);
        nodes.put(id, new Node(node.id, node.port, node.controllerPort, node.directoryId, server));
        server.startup();
    }

    String bootstrap() {
        return nodes.values().stream().map(node -> "localhost:" + node.port).collect(Collectors.joining(","));
    }

    int controllerPort(int id) {
        return nodes.get(id).controllerPort;
    }

    String clusterId() {
        return clusterId;
    }

    private Thread start(Node node, List<String> formatting) {
        var config = config(node);
        format(config, formatting);
        var server = new KafkaRaftServer(KafkaConfig.fromProps(config), Time.SYSTEM);
        nodes.put(node.id, new Node(node.id, node.port, node.controllerPort, node.directoryId, server));
        return Thread.ofPlatform().start(server::startup);
    }

    private Properties config(Node node) {
        var config = new Properties();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "" + node.id);
        config.put("listeners", "PEER://localhost:" + node.port + ",CONTROLLER://localhost:" + node.controllerPort);
        config.put("listener.security.protocol.map", "PEER:PLAINTEXT,CONTROLLER:PLAINTEXT");
        config.put("inter.broker.listener.name", "PEER");
        config.put("controller.listener.names", "CONTROLLER");
        config.put("controller.quorum.bootstrap.servers", "localhost:" + firstControllerPort(node));
        config.put("log.dirs", directory.resolve("node-" + node.id).toString());
        config.put("broker.heartbeat.interval.ms", "300");
        config.put("broker.session.timeout.ms", "1500");
        config.put("controller.quorum.election.timeout.ms", "200");
        config.put("controller.quorum.election.backoff.max.ms", "200");
        config.put("offsets.topic.num.partitions", "1");
        config.put("group.initial.rebalance.delay.ms", "0");
        config.put("log.cleaner.dedupe.buffer.size", "2097152");
        config.putAll(settings);
        return config;
    }

    private int firstControllerPort(Node node) {
        return nodes.values().stream().findFirst().orElse(node).controllerPort;
    }

    private void format(Properties config, List<String> formatting) {
        try {
            var file = Files.createTempFile(directory, "node", ".properties");
            try (var out = Files.newOutputStream(file)) {
                config.store(out, null);
            }
            var arguments = new ArrayList<>(List.of("format", "--cluster-id", clusterId, "--config", file.toString()));
            arguments.addAll(formatting);
            var output = new ByteArrayOutputStream();
            if (StorageTool.execute(arguments.toArray(String[]::new), new PrintStream(output)) != 0) {
                throw new IllegalStateException("Not formatted: " + output);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The founders last: a broker that stops asks the quorum for leave. Done when their files are no longer in use, for a Kafka
     * whose directory is deleted under it ends this JVM.
     */
    @Override
    public void close() {
        nodes.descendingKeySet().forEach(this::stop);
    }
}
