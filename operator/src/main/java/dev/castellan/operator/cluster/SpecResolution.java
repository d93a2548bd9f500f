package dev.castellan.operator.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castellan.api.KafkaVersions;
import dev.castellan.api.v1beta1.BrokerPool;
import dev.castellan.api.v1beta1.Brokers;
import dev.castellan.api.v1beta1.Controllers;
import dev.castellan.api.v1beta1.Jvm;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.Listener;
import dev.castellan.api.v1beta1.NodeTemplate;
import dev.castellan.api.v1beta1.PodTemplate;
import dev.castellan.api.v1beta1.Storage;
import dev.castellan.operator.cluster.ClusterSpec.Invalid;
import dev.castellan.operator.cluster.ClusterSpec.Resolved;
import dev.castellan.operator.cluster.ClusterSpec.Valid;
import dev.castellan.operator.cluster.NodeSet.Role;
import dev.castellan.operator.kube.Owner;
import dev.castellan.operator.placement.Pace;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/** One pass over a user's spec: applies the defaults and collects what is wrong, all of it. */
final class SpecResolution {
    private static final int DEFAULT_BROKERS = 3;
    private static final int DEFAULT_CONTROLLERS = 3;
    private static final String DEFAULT_LISTENER = "plain";
    private static final int DEFAULT_PORT = 9092;
    private static final String DEFAULT_SOAK = "24h";

    private final KafkaCluster cluster;
    private final KafkaClusterSpec spec;
    private final List<Problem> problems = new ArrayList<>();

    private SpecResolution(KafkaCluster cluster) {
        this.cluster = cluster;
        this.spec = Optional.ofNullable(cluster.getSpec()).orElseGet(KafkaClusterSpec::new);
    }

    static Resolved of(KafkaCluster cluster) {
        return new SpecResolution(cluster).resolve();
    }

    private Resolved resolve() {
        var version = version();
        var config = config();
        var pools = brokerPools();
        problems.addAll(ConfigProblems.of(
                config, pools.stream().mapToInt(NodePool::replicas).sum()));
        var controllers = Optional.ofNullable(spec.controllers).map(c -> controllers(c, brokers().zones));
        var listeners = listeners();
        problems.addAll(ListenerProblems.of(listeners, pools));
        var rollout = RolloutResolution.of(Optional.ofNullable(spec.rollout));
        problems.addAll(rollout.problems());
        var upgrade = upgrade(version);
        var healing = Healing.of(Optional.ofNullable(spec.healing), problems);
        boolean hibernates = hibernates(pools, controllers);
        if (!problems.isEmpty()) {
            return new Invalid(List.copyOf(problems));
        }
        return new Valid(new ClusterSpec(
                cluster.getMetadata().getNamespace(),
                cluster.getMetadata().getName(),
                Owner.of(cluster),
                version,
                Optional.ofNullable(spec.image),
                pools,
                controllers,
                listeners.stream().map(ListenerSpec::of).toList(),
                config,
                rollout.rollout(),
                upgrade,
                Pace.of(spec.rebalance),
                healing,
                hibernates));
    }

    private String version() {
        var version = Optional.ofNullable(spec.version).orElse(KafkaVersions.newest());
        if (!KafkaVersions.isKnown(version)) {
            problems.add(new Problem(
                    "spec.version",
                    version,
                    "unknown to this operator; set one of " + String.join(", ", KafkaVersions.all())));
        }
        return version;
    }

    private boolean hibernates(List<NodePool> pools, Optional<NodePool> controllers) {
        boolean hibernates = Boolean.TRUE.equals(spec.hibernate);
        if (hibernates
                && Stream.concat(pools.stream(), controllers.stream())
                        .anyMatch(pool -> pool.storage().ephemeral())) {
            problems.add(new Problem(
                    "spec.hibernate",
                    "true",
                    "ephemeral storage goes with its pods, and all messages with it; take spec.hibernate out"));
        }
        return hibernates;
    }

    private Upgrade upgrade(String version) {
        var pinned = Optional.ofNullable(spec.metadataVersion);
        pinned.filter(level -> KafkaVersions.isKnown(version) && !KafkaVersions.reads(version, level))
                .ifPresent(level -> problems.add(new Problem(
                        "spec.metadataVersion",
                        level,
                        "Kafka %s does not know it; set %s or an older one"
                                .formatted(version, KafkaVersions.metadataVersion(version)))));
        var soak =
                Optional.ofNullable(spec.upgrade).map(upgrade -> upgrade.soak).orElse(DEFAULT_SOAK);
        return new Upgrade(pinned, Durations.parse("spec.upgrade.soak", soak, problems));
    }

    private SortedMap<String, String> config() {
        var config = new TreeMap<String, String>();
        Optional.ofNullable(spec.config).orElse(Map.of()).forEach((key, value) -> {
            var field = "spec.config[" + key + "]";
            if (!isScalar(value)) {
                problems.add(
                        new Problem(field, text(value), "not a single value; write a string, a number or a boolean"));
            }
            config.put(key, text(value));
        });
        return config;
    }

    private static boolean isScalar(JsonNode value) {
        return value != null && value.isValueNode() && !value.isNull();
    }

    private static String text(JsonNode value) {
        return isScalar(value) ? value.asText() : String.valueOf(value);
    }

    private Brokers brokers() {
        return Optional.ofNullable(spec.brokers).orElseGet(Brokers::new);
    }

    private List<NodePool> brokerPools() {
        var brokers = brokers();
        var pools = new ArrayList<NodePool>();
        pools.add(pool(
                "spec.brokers",
                NodePool.BROKERS,
                Role.broker,
                Optional.ofNullable(brokers.replicas).orElse(DEFAULT_BROKERS),
                brokers));
        for (BrokerPool named : Optional.ofNullable(brokers.pools).orElse(List.of())) {
            int replicas = Optional.ofNullable(named.replicas).orElse(1);
            var path = "spec.brokers.pools[" + named.name + "]";
            pools.add(pool(path, named.name, Role.broker, replicas, inherited(named, brokers)));
        }
        return List.copyOf(pools);
    }

    private NodePool controllers(Controllers controllers, List<String> zonesOfBrokers) {
        var template = inherited(controllers, new NodeTemplate());
        template.zones = Optional.ofNullable(controllers.zones).orElse(zonesOfBrokers);
        int replicas = Optional.ofNullable(controllers.replicas).orElse(DEFAULT_CONTROLLERS);
        return pool("spec.controllers", NodePool.CONTROLLERS, Role.controller, replicas, template);
    }

    /** What a pool leaves unset it takes from the brokers: field by field, never within a field. */
    private static NodeTemplate inherited(NodeTemplate own, NodeTemplate base) {
        var merged = new NodeTemplate();
        merged.zones = Optional.ofNullable(own.zones).orElse(base.zones);
        merged.storage = Optional.ofNullable(own.storage).orElse(base.storage);
        merged.resources = Optional.ofNullable(own.resources).orElse(base.resources);
        merged.jvm = Optional.ofNullable(own.jvm).orElse(base.jvm);
        merged.template = Optional.ofNullable(own.template).orElse(base.template);
        return merged;
    }

    private NodePool pool(String path, String name, Role role, int replicas, NodeTemplate declared) {
        var resources = NodeResources.of(
                path,
                Optional.ofNullable(declared.resources),
                Optional.ofNullable(declared.jvm).orElseGet(Jvm::new));
        var zones = Optional.ofNullable(declared.zones).orElse(List.of());
        problems.addAll(resources.problems());
        problems.addAll(sizeProblems(path, replicas, zones));
        return new NodePool(
                name,
                role,
                replicas,
                List.copyOf(zones),
                StorageSpec.of(Optional.ofNullable(declared.storage).orElseGet(Storage::new)),
                resources.requirements(),
                resources.jvm(),
                PodOverrides.of(Optional.ofNullable(declared.template).orElseGet(PodTemplate::new)),
                declared(declared));
    }

    private static List<Problem> sizeProblems(String path, int replicas, List<String> zones) {
        if (replicas < Math.max(1, zones.size())) {
            return List.of(new Problem(
                    path + ".replicas",
                    String.valueOf(replicas),
                    "a zone of " + zones + " would be left without a node; set at least " + Math.max(1, zones.size())
                            + ", or name fewer zones"));
        }
        return List.of();
    }

    /** The user's own words as far as they decide the pods: not how many, and not how large the claims are. */
    private String declared(NodeTemplate template) {
        var declared = new TreeMap<String, Object>();
        put(declared, "version", spec.version);
        put(declared, "image", spec.image);
        put(declared, "config", restarting(spec.config));
        put(declared, "listeners", spec.listeners);
        put(declared, "resources", template.resources);
        put(declared, "jvm", template.jvm);
        put(declared, "template", template.template);
        if (template.storage != null && Boolean.TRUE.equals(template.storage.ephemeral)) {
            put(declared, "storage", template.storage);
        }
        return CanonicalJson.write(declared);
    }

    /** What Kafka takes while it runs says nothing about the pods. */
    private Map<String, JsonNode> restarting(Map<String, JsonNode> config) {
        var restarting = new TreeMap<>(Optional.ofNullable(config).orElse(Map.of()));
        restarting
                .entrySet()
                .removeIf(entry -> DynamicKeys.isDynamic(version(), entry.getKey(), text(entry.getValue())));
        return restarting;
    }

    private static void put(Map<String, Object> map, String key, Object value) {
        if (value != null) {
            map.put(key, value);
        }
    }

    private List<Listener> listeners() {
        if (spec.listeners == null || spec.listeners.isEmpty()) {
            var plain = new Listener();
            plain.name = DEFAULT_LISTENER;
            plain.port = DEFAULT_PORT;
            return List.of(plain);
        }
        return spec.listeners;
    }
}
