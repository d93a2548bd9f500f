package dev.castellan.broker;

import dev.castellan.broker.metrics.KafkaMetrics;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
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
    private final Duration sessionTimeout;
    private final boolean quorumWritesWhenIdle;
    private final Optional<BrokerServer> broker;

    KafkaNode(Map<String, String> configuration) {
        var properties = new Properties();
        properties.putAll(configuration);
        var config = KafkaConfig.fromProps(properties);
        nodeId = config.nodeId();
        // After that time without a heartbeat the quorum, if there is one, does by itself what it would be asked for.
        sessionTimeout = Duration.ofMillis(config.getInt("broker.session.timeout.ms"));
        quorumWritesWhenIdle = config.getInt("metadata.max.idle.interval.ms") > 0;
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

    /** A controlled shutdown: leadership moves away first, as long as there is a quorum to move it. */
    void stop() {
        if (broker.isEmpty() || !quorumWritesWhenIdle) {
            server.shutdown();
            return;
        }
        try (var handover = new Handover(sessionTimeout, KafkaNode::highWatermark, this::endHandover)) {
            server.shutdown();
        }
    }

    private static long highWatermark() {
        return KafkaMetrics.number("raft-metrics", "high-watermark").orElse(-1);
    }

    /** By reflection, since the manager's package is another in each version; the image's tests let all of them lose their quorum. */
    private void endHandover() {
        try {
            Object manager = BrokerServer.class.getMethod("lifecycleManager").invoke(broker.orElseThrow());
            var granted = (CompletableFuture<?>)
                    manager.getClass().getMethod("controlledShutdownFuture").invoke(manager);
            granted.complete(null);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("This version of Kafka hands over in another way", e);
        }
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
