package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.Listener;
import java.util.Locale;
import java.util.Optional;

/** A way in for clients, with defaults applied. */
public sealed interface ListenerSpec {
    String name();

    /** Port of the pods. */
    int port();

    /** Kafka's name of it, in which a hyphen would not do as part of configuration keys. */
    default String kafkaName() {
        return name().toUpperCase(Locale.ROOT).replace('-', '_');
    }

    /** For clients in the same Kubernetes. */
    record Internal(String name, int port) implements ListenerSpec {}

    /**
     * For clients elsewhere, by a port of each Kubernetes node.
     *
     * @param host empty: each broker tells the address of the node that it runs on
     */
    record NodePort(String name, int port, int nodePort, Optional<String> host, int advertisedPort)
            implements ListenerSpec {

        /** The node port of one broker; the first is the bootstrap Service's. */
        public int nodePortOf(int nodeId) {
            return nodePort + 1 + nodeId;
        }
    }

    static ListenerSpec of(Listener listener) {
        if (listener.type != Listener.Type.NODEPORT) {
            return new Internal(listener.name, listener.port);
        }
        var advertised = Optional.ofNullable(listener.advertised);
        return new NodePort(
                listener.name,
                listener.port,
                listener.nodePort,
                advertised.map(a -> a.host),
                advertised.map(a -> a.port).orElse(listener.nodePort));
    }
}
