package dev.castellan.broker.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.stream.Collectors;

/** A network and the identity of one cluster, from which nodes are made; takes everything away at the end. */
final class ClusterFixture implements AutoCloseable {
    static final String OURS = "AAAAAAAAQACAAAAAAAAABQ";
    static final String NEWEST = image("4.4.0");

    /** Of all that this working copy makes, and others that test on the same machine do not. */
    private static final String PREFIX =
            "brokertest-%08x-".formatted(Path.of("").toAbsolutePath().toString().hashCode());

    static {
        clearLeftovers();
    }

    private final String name = PREFIX + UUID.randomUUID().toString().substring(0, 8);
    private final Map<Integer, NodeContainer> nodes = new LinkedHashMap<>();
    private final Path folder;
    private final String image;
    private final int[] founders;
    private int mountsMade;

    ClusterFixture(Path folder, String image, int... founders) {
        this.folder = folder;
        this.image = image;
        this.founders = founders;
        Docker.run("network", "create", name);
    }

    /** Of a run that was killed. */
    private static void clearLeftovers() {
        var ours = "name=" + PREFIX;
        Docker.run("ps", "--all", "--quiet", "--filter", ours)
                .lines()
                .forEach(container -> Docker.run("rm", "--force", "--volumes", container));
        Docker.run("volume", "ls", "--quiet", "--filter", ours)
                .lines()
                .forEach(volume -> Docker.run("volume", "rm", volume));
        Docker.run("network", "ls", "--quiet", "--filter", ours)
                .lines()
                .forEach(network -> Docker.run("network", "rm", network));
    }

    static String image(String version) {
        return "castellan/kafka:" + System.getProperty("project.version", "0.1.0") + "-" + version;
    }

    /** A node of this id, on its own disk if it has one yet; any former container of it is gone. */
    NodeContainer node(int id, String roles) {
        return node(id, roles, false, OURS);
    }

    NodeContainer node(int id, String roles, boolean formed, String clusterId) {
        remove(id);
        var node = new NodeContainer(name, id, image, mounts(id, roles, formed, clusterId));
        nodes.put(id, node);
        return node;
    }

    void remove(int id) {
        var old = nodes.remove(id);
        if (old != null) {
            old.remove();
        }
    }

    void loseDisk(int id) {
        remove(id);
        Docker.run("volume", "rm", NodeContainer.volume(name, id));
    }

    static String directoryId(int id) {
        return "AAAAAAAAQACAAAAAA%04dg".formatted(id);
    }

    private Path mounts(int id, String roles, boolean formed, String clusterId) {
        try {
            Path mounts = Files.createDirectory(
                    folder.resolve("node-" + id + "-" + ++mountsMade)); // readable for all, as a temporary one is not
            Path identity = Files.createDirectories(mounts.resolve("identity"));
            Files.writeString(identity.resolve("cluster.id"), clusterId);
            Files.writeString(identity.resolve("formed"), Boolean.toString(formed));
            Files.writeString(identity.resolve("controllers"), founders(founder -> Integer.toString(founder)));
            Files.writeString(
                    identity.resolve("initial.controllers"),
                    founders(founder ->
                            founder + "@" + NodeContainer.host(name, founder) + ":9093:" + directoryId(founder)));
            Path config = Files.createDirectories(mounts.resolve("config"));
            Files.writeString(
                    config.resolve("server.properties"), roles.equals("controller") ? controller() : broker());
            return mounts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private String founders(IntFunction<String> each) {
        return Arrays.stream(founders).mapToObj(each).collect(Collectors.joining(","));
    }

    private String common() {
        return """
                controller.quorum.bootstrap.servers=%s
                controller.listener.names=CONTROLLER
                listener.security.protocol.map=PEER:PLAINTEXT,PLAIN:PLAINTEXT,CONTROLLER:PLAINTEXT
                controller.quorum.election.timeout.ms=500
                controller.quorum.fetch.timeout.ms=1500
                log.dirs=/var/lib/kafka/data/kafka-log
                """.formatted(founders(founder -> NodeContainer.host(name, founder) + ":9093"));
    }

    private String broker() {
        return common() + """
                process.roles=broker
                castellan.node.domain=%1$s
                listeners=PEER://:9091,PLAIN://:9092
                advertised.listeners=PEER://${POD_NAME}.%1$s:9091,PLAIN://${POD_NAME}.%1$s:9092
                inter.broker.listener.name=PEER
                broker.heartbeat.interval.ms=300
                broker.session.timeout.ms=1500
                log.cleaner.dedupe.buffer.size=2097152
                offsets.topic.num.partitions=3
                offsets.topic.replication.factor=1
                """.formatted(name);
    }

    private String controller() {
        return common() + """
                process.roles=controller
                listeners=CONTROLLER://:9093
                advertised.listeners=CONTROLLER://${POD_NAME}.%s:9093
                """.formatted(name);
    }

    @Override
    public void close() {
        nodes.values().forEach(NodeContainer::remove);
        Docker.run("volume", "ls", "-q", "--filter", "name=" + name)
                .lines()
                .forEach(volume -> Docker.runQuietly("volume", "rm", volume));
        Docker.runQuietly("network", "rm", name);
    }
}
