package dev.castellan.operator.cluster;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The Kafka properties that are not the user's to set, each with the reason and what to use instead. */
public final class OwnedConfig {
    private static final String FROM_POD = "node ids are worked out from the pod; remove it";
    private static final String FROM_LISTENERS =
            "it is made from spec.listeners; remove it, and declare listeners there";
    private static final String QUORUM =
            "it is made from the quorum, which the operator forms and remembers; remove it";
    private static final String NO_ZOOKEEPER = "Kafka 4 does not have it any more; remove it";
    private static final String SECURITY =
            "it decides how nodes trust each other, and may lock the operator out; remove it";
    private static final String LATER =
            "encryption, authentication and authorization come with a later version; remove it";

    /** By key, or by prefix where the key ends in a dot. */
    private static final Map<String, String> REASONS = new LinkedHashMap<>();

    static {
        REASONS.put("node.id", FROM_POD);
        REASONS.put("broker.id", FROM_POD);
        REASONS.put("broker.id.generation.enable", FROM_POD);
        REASONS.put("process.roles", "it is decided by spec.brokers and spec.controllers; remove it");
        REASONS.put("broker.rack", "it is the zone of the node; remove it, and declare zones in spec.brokers.zones");
        REASONS.put("log.dir", "it is made from the volumes; remove it, and declare them in storage");
        REASONS.put("log.dirs", "it is made from the volumes; remove it, and declare them in storage");
        REASONS.put("metadata.log.dir", "it is the first of the volumes; remove it, and declare them in storage");
        REASONS.put(
                "cordoned.log.dirs",
                "it keeps replicas away from a broker, which is the operator's to decide; remove it");
        REASONS.put("listeners", FROM_LISTENERS);
        REASONS.put("advertised.listeners", FROM_LISTENERS);
        REASONS.put("listener.security.protocol.map", FROM_LISTENERS);
        REASONS.put("listener.name.", FROM_LISTENERS);
        REASONS.put("inter.broker.listener.name", FROM_LISTENERS);
        REASONS.put("security.inter.broker.protocol", FROM_LISTENERS);
        REASONS.put("control.plane.listener.name", FROM_LISTENERS);
        REASONS.put("controller.listener.names", FROM_LISTENERS);
        REASONS.put("early.start.listeners", FROM_LISTENERS);
        REASONS.put("controller.quorum.voters", QUORUM);
        REASONS.put("controller.quorum.bootstrap.servers", QUORUM);
        REASONS.put("controller.quorum.auto.join.enable", QUORUM);
        REASONS.put("zookeeper.", NO_ZOOKEEPER);
        REASONS.put("inter.broker.protocol.version", NO_ZOOKEEPER);
        REASONS.put("ssl.", LATER);
        REASONS.put("sasl.", LATER);
        REASONS.put("authorizer.class.name", LATER);
        REASONS.put("super.users", LATER);
        REASONS.put("allow.everyone.if.no.acl.found", LATER);
        REASONS.put("principal.builder.class", SECURITY);
        REASONS.put("connection.failed.authentication.delay.ms", LATER);
        REASONS.put("castellan.", "it is between the operator and its launcher; remove it");
    }

    private OwnedConfig() {}

    /** Why the key is refused; empty if it is the user's. */
    public static Optional<String> reason(String key) {
        return REASONS.entrySet().stream()
                .filter(owned ->
                        owned.getKey().endsWith(".") ? key.startsWith(owned.getKey()) : key.equals(owned.getKey()))
                .map(Map.Entry::getValue)
                .findFirst();
    }
}
