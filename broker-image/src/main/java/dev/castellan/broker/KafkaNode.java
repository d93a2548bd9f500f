package dev.castellan.broker;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import kafka.server.BrokerServer;
import kafka.server.KafkaBroker;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Time;
import scala.Option;

/** Kafka's server in this JVM. */
final class KafkaNode {
    private final KafkaRaftServer server;
    private final int nodeId;
    private final Optional<BrokerServer> broker;

    KafkaNode(Map<String, String> configuration) {
        var properties = new Properties();
        properties.putAll(configuration);
        var config = KafkaConfig.fromProps(properties);
        nodeId = config.nodeId();
        server = new KafkaRaftServer(config, Time.SYSTEM);
        broker = brokerOf(server);
    }

    /** Of the jars in the class path, read as Kafka's own classes do: the class that says it has moved between versions. */
    static String version() {
        var properties = new Properties();
        try (InputStream in = KafkaNode.class.getResourceAsStream("/kafka/kafka-version.properties")) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    /** Returns when a broker is unfenced for the first time, or a controller has started. */
    void start() {
        server.startup();
    }

    /** A controlled shutdown: leadership moves away first. */
    void stop() {
        server.shutdown();
    }

    void awaitEnd() {
        server.awaitShutdown();
    }

    /** Whether the newest metadata that this node has seen lists its broker as serving; false for a controller alone. */
    boolean isUnfenced() {
        return broker.map(server -> ((KafkaBroker) server).metadataCache())
                .filter(cache -> cache.hasAliveBroker(nodeId))
                .isPresent();
    }

    /**
     * No metric says "fenced" from the broker's own point of view, and KafkaRaftServer keeps its broker to itself. The image's tests
     * start every supported version, so that a rename there fails the build and not a cluster.
     */
    private static Optional<BrokerServer> brokerOf(KafkaRaftServer server) {
        try {
            Method accessor = KafkaRaftServer.class.getDeclaredMethod("broker");
            accessor.setAccessible(true);
            return Optional.ofNullable((BrokerServer) ((Option<?>) accessor.invoke(server)).getOrElse(() -> null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This version of Kafka hides its broker in another place", e);
        }
    }
}
