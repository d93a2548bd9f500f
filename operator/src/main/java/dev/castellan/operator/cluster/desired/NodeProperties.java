package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.ListenerSpec;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Ports;
import dev.castellan.operator.cluster.Relieved;
import dev.castellan.operator.cluster.Replication;
import dev.castellan.operator.cluster.StorageSpec;
import dev.castellan.operator.kube.Names;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Kafka's properties of a set, alike for all its nodes: what differs from node to node is left to the launcher, as
 * ${POD_NAME}, ${NODE_ID+n} and ${HOST_IP}.
 */
final class NodeProperties {
    private static final String PEER = "PEER";
    private static final String CONTROLLER = "CONTROLLER";

    private NodeProperties() {}

    static SortedMap<String, String> of(ClusterSpec spec, Identity identity, NodeSet set, int brokers) {
        var properties = new TreeMap<String, String>();
        properties.putAll(common(spec, brokers));
        properties.putAll(listeners(spec, set));
        properties.put("process.roles", set.role().name());
        properties.put("controller.quorum.bootstrap.servers", bootstrap(identity));
        properties.put(
                "log.dirs",
                set.storage().volumes().stream().map(StorageSpec.Volume::logDir).collect(Collectors.joining(",")));
        set.zone().ifPresent(zone -> properties.put("broker.rack", zone));
        if (set.asksDedicated()) {
            properties.put(Relieved.QUORUM, Relieved.DEDICATED);
        }
        if (!set.relieved().isEmpty()) {
            properties.put(Relieved.PROPERTY, Relieved.mark(set.relieved()));
        }
        // For the launcher: the end of the node's own host name, which only it can complete.
        properties.put("castellan.node.domain", Names.serviceDomain(spec.namespace()));
        return properties;
    }

    /** What does not depend on the set: the user's own, and what is set where the user says nothing. */
    static SortedMap<String, String> common(ClusterSpec spec, int brokers) {
        var properties = defaults(brokers);
        properties.putAll(spec.config());
        return properties;
    }

    /**
     * Where Kafka's own default would lose data, keep clients waiting for nothing, or not work at all with so few brokers; everything
     * else is Kafka's. The
     * controllers need them too: it is they who apply the defaults to a new topic, and the first of them to lead makes
     * min.insync.replicas the cluster's own setting, as eligible leader replicas (KIP-966) require.
     */
    private static SortedMap<String, String> defaults(int brokers) {
        var replication = Replication.of(brokers);
        var factor = String.valueOf(replication.factor());
        var minInSync = String.valueOf(replication.minInSync());
        var defaults = new TreeMap<String, String>();
        // Kafka's default is one copy of everything.
        defaults.put("default.replication.factor", factor);
        defaults.put("min.insync.replicas", minInSync);
        // Kafka's default is three copies, which fewer brokers cannot hold.
        defaults.put("offsets.topic.replication.factor", factor);
        defaults.put("transaction.state.log.replication.factor", factor);
        defaults.put("transaction.state.log.min.isr", minInSync);
        defaults.put("share.coordinator.state.topic.replication.factor", factor);
        defaults.put("share.coordinator.state.topic.min.isr", minInSync);
        // A topic made by a typing error has partitions and replicas that nobody chose, and no KafkaTopic.
        defaults.put("auto.create.topics.enable", "false");
        // Between the end of a pod and Kubernetes' notice of it, whoever tries its address hears nothing. Kafka would
        // wait for 10 to 30 s: followers do not follow, and heartbeats stay away for longer than a session lasts.
        defaults.put("socket.connection.setup.timeout.ms", "1000");
        defaults.put("socket.connection.setup.timeout.max.ms", "3000");
        // A broker that restarts is not let in before the session of its former process has ended, however well that
        // went (KAFKA-19047): with Kafka's 9 s, and a try each 2 s, that is most of a restart. See ADR 20.
        defaults.put("broker.session.timeout.ms", "5000");
        defaults.put("broker.heartbeat.interval.ms", "250");
        // A follower that asks a new leader before that knows of its office asks again after so long. Kafka would wait
        // for 1 s, and with it each record that needs its acknowledgement.
        defaults.put("replica.fetch.backoff.ms", "100");
        return defaults;
    }

    private static SortedMap<String, String> listeners(ClusterSpec spec, NodeSet set) {
        var properties = new TreeMap<String, String>();
        properties.put("controller.listener.names", CONTROLLER);
        if (!set.isBroker()) {
            properties.put("listeners", CONTROLLER + "://:" + Ports.CONTROLLER);
            properties.put("advertised.listeners", CONTROLLER + "://" + host(spec) + ":" + Ports.CONTROLLER);
            properties.put("listener.security.protocol.map", CONTROLLER + ":PLAINTEXT");
            return properties;
        }
        var listeners = new StringBuilder(PEER + "://:" + Ports.PEER);
        var advertised = new StringBuilder(PEER + "://" + host(spec) + ":" + Ports.PEER);
        var protocols = new StringBuilder(CONTROLLER + ":PLAINTEXT," + PEER + ":PLAINTEXT");
        for (ListenerSpec listener : spec.listeners()) {
            listeners.append(",").append(listener.kafkaName()).append("://:").append(listener.port());
            advertised.append(",").append(listener.kafkaName()).append("://").append(advertised(spec, listener));
            protocols.append(",").append(listener.kafkaName()).append(":PLAINTEXT");
        }
        properties.put("inter.broker.listener.name", PEER);
        properties.put("listeners", listeners.toString());
        properties.put("advertised.listeners", advertised.toString());
        properties.put("listener.security.protocol.map", protocols.toString());
        return properties;
    }

    private static String advertised(ClusterSpec spec, ListenerSpec listener) {
        return switch (listener) {
            case ListenerSpec.Internal internal -> host(spec) + ":" + internal.port();
            case ListenerSpec.NodePort nodePort ->
                nodePort.host().orElse("${HOST_IP}") + ":${NODE_ID+" + (nodePort.advertisedPort() + 1) + "}";
        };
    }

    private static String host(ClusterSpec spec) {
        return spec.hostOf("${POD_NAME}");
    }

    private static String bootstrap(Identity identity) {
        return identity.founders().stream().map(Identity.Founder::endpoint).collect(Collectors.joining(","));
    }
}
