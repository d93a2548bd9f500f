package dev.castellan.broker;

import dev.castellan.broker.metrics.KafkaMetrics;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** This node's configuration as Kafka gets it, worked out from the shared file, the identity and the environment. Pure. */
record NodeConfig(NodeEnvironment environment, SortedMap<String, String> kafka, SortedMap<String, String> own) {
    static final String NODE_DOMAIN = "castellan.node.domain";
    static final String RELEASE_VERSION = "castellan.metadata.version";
    static final String BOOTSTRAP = "controller.quorum.bootstrap.servers";
    static final String TOPIC_METRICS = "castellan.metrics.topics";
    static final String RELIEVED = "castellan.relieved";

    private static final String OWN_PREFIX = "castellan.";
    private static final String CONTROLLER_LISTENER = "CONTROLLER://";
    private static final Pattern SECRET =
            Pattern.compile("password|secret|jaas|\\.key$|keystore|credential", Pattern.CASE_INSENSITIVE);
    private static final int CONTROLLER_PORT = 9093;
    private static final String KAFKA_DEFAULT_REPORTER = "org.apache.kafka.common.metrics.JmxReporter";

    static NodeConfig of(Map<String, String> shared, Identity identity, NodeEnvironment environment) {
        var placeholders = new Placeholders(environment);
        var kafka = new TreeMap<String, String>();
        var own = new TreeMap<String, String>();
        shared.forEach((key, value) -> (key.startsWith(OWN_PREFIX) ? own : kafka).put(key, placeholders.fill(value)));
        kafka.put("node.id", Integer.toString(environment.nodeId()));
        // Controllers come and go, and no node is restarted for that: whoever starts asks those of now.
        identity.bootstrap().ifPresent(controllers -> kafka.put(BOOTSTRAP, controllers));
        if ("broker".equals(kafka.get("process.roles"))
                && identity.controllers().contains(environment.nodeId())
                && !isRelieved(own, environment.nodeId())) {
            addController(kafka, environment.podName() + "." + domain(own));
        }
        // A quorum that takes long to form (an image still being pulled) is waited for; Kafka would give up after a
        // minute.
        kafka.putIfAbsent("initial.broker.registration.timeout.ms", Integer.toString(Integer.MAX_VALUE));
        kafka.putIfAbsent("metric.reporters", KAFKA_DEFAULT_REPORTER);
        kafka.merge("metric.reporters", KafkaMetrics.class.getName(), NodeConfig::join);
        return new NodeConfig(environment, kafka, own);
    }

    /** A combined node also listens where controllers do; the other brokers of its StatefulSet do not. */
    private static void addController(Map<String, String> kafka, String host) {
        kafka.put("process.roles", "broker,controller");
        kafka.merge("listeners", CONTROLLER_LISTENER + ":" + CONTROLLER_PORT, NodeConfig::join);
        kafka.merge("advertised.listeners", CONTROLLER_LISTENER + host + ":" + CONTROLLER_PORT, NodeConfig::join);
    }

    /** A founder whose vote dedicated controllers have taken over: it is a broker now, and nothing else. */
    private static boolean isRelieved(Map<String, String> own, int nodeId) {
        return Arrays.stream(own.getOrDefault(RELIEVED, "").split(","))
                .map(String::strip)
                .anyMatch(id -> id.equals(Integer.toString(nodeId)));
    }

    private static String domain(Map<String, String> own) {
        String domain = own.get(NODE_DOMAIN);
        if (domain == null) {
            throw new Fatal(
                    "server.properties lacks " + NODE_DOMAIN + ", which a combined controller's address ends with");
        }
        return domain;
    }

    private static String join(String old, String added) {
        return old.isBlank() ? added : old + "," + added;
    }

    /** For the log: what may be a secret is not shown. */
    String describe() {
        return kafka.entrySet().stream()
                .map(entry -> "  " + entry.getKey() + "="
                        + (SECRET.matcher(entry.getKey()).find() ? "[hidden]" : entry.getValue()))
                .collect(Collectors.joining("\n"));
    }

    int nodeId() {
        return environment.nodeId();
    }

    boolean isBroker() {
        return roles().contains("broker");
    }

    boolean isController() {
        return roles().contains("controller");
    }

    /** The feature level that a new cluster begins with; unset: the newest of this Kafka. */
    Optional<String> releaseVersion() {
        return Optional.ofNullable(own.get(RELEASE_VERSION));
    }

    boolean showsTopicMetrics() {
        return Boolean.parseBoolean(own.get(TOPIC_METRICS));
    }

    Set<String> roles() {
        return new LinkedHashSet<>(listOf("process.roles"));
    }

    /** Every directory that Kafka expects to be formatted, the metadata's among them. */
    List<Path> directories() {
        return Stream.concat(
                        listOf("log.dirs").stream(),
                        Stream.of(metadataDirectory().toString()))
                .distinct()
                .map(Path::of)
                .toList();
    }

    /** Where the metadata log lives: Kafka takes the first data directory unless told otherwise. */
    Path metadataDirectory() {
        String own = kafka.get("metadata.log.dir");
        if (own != null) {
            return Path.of(own);
        }
        return listOf("log.dirs").stream()
                .findFirst()
                .map(Path::of)
                .orElseThrow(() -> new Fatal("server.properties lacks log.dirs"));
    }

    /**
     * The same for a node that does without disks that have failed, as Kafka itself does; unless it cannot.
     *
     * @param failed directories, and why
     */
    NodeConfig without(Map<Path, String> failed) {
        var usable = listOf("log.dirs").stream()
                .filter(directory -> !failed.containsKey(Path.of(directory)))
                .toList();
        var indispensable = failed.containsKey(metadataDirectory())
                ? Optional.of(metadataDirectory())
                : failed.keySet().stream().findFirst().filter(any -> usable.isEmpty());
        indispensable.ifPresent(directory -> {
            throw new Fatal("disk " + directory + " has failed: " + failed.get(directory)); // the operator reads this
        });
        if (failed.isEmpty()) {
            return this;
        }
        var rest = new TreeMap<>(kafka);
        rest.put("log.dirs", String.join(",", usable));
        return new NodeConfig(environment, rest, own);
    }

    private List<String> listOf(String key) {
        return Arrays.stream(kafka.getOrDefault(key, "").split(","))
                .map(String::strip)
                .filter(item -> !item.isEmpty())
                .toList();
    }
}
