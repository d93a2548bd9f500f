package dev.castellan.e2e.traffic;

import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** What tests ask Kafka itself, so that they need not believe the operator's status. */
final class Questions {
    private Questions() {}

    static Map<String, String> topic(String bootstrap, String topic) throws Exception {
        try (var admin = admin(bootstrap)) {
            var facts = new TreeMap<String, String>();
            var resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
            try {
                var description = admin.describeTopics(Set.of(topic))
                        .allTopicNames()
                        .get()
                        .get(topic);
                facts.put("exists", "true");
                facts.put("id", description.topicId().toString());
                facts.put(
                        "partitions", Integer.toString(description.partitions().size()));
                facts.put(
                        "replicas",
                        description.partitions().stream()
                                .map(partition -> partition.replicas().size())
                                .distinct()
                                .map(size -> Integer.toString(size))
                                .collect(Collectors.joining(",")));
                facts.put(
                        "brokers",
                        description.partitions().stream()
                                .flatMap(partition -> partition.replicas().stream())
                                .map(Node::id)
                                .distinct()
                                .sorted()
                                .map(String::valueOf)
                                .collect(Collectors.joining(",")));
                admin.describeConfigs(Set.of(resource)).all().get().get(resource).entries().stream()
                        .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG)
                        .forEach(entry -> facts.put("config." + entry.name(), entry.value()));
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw e;
                }
                facts.put("exists", "false");
            }
            return facts;
        }
    }

    /** Where the brokers got a property from, and its value, by node id. */
    static Map<String, String> brokerConfig(String bootstrap, String property) throws Exception {
        try (var admin = admin(bootstrap)) {
            var facts = new TreeMap<String, String>();
            for (var node : admin.describeCluster().nodes().get()) {
                var resource = new ConfigResource(ConfigResource.Type.BROKER, node.idString());
                var config = admin.describeConfigs(Set.of(resource)).all().get().get(resource);
                var entry = config.get(property);
                facts.put(node.idString(), entry == null || entry.value() == null ? "" : entry.value());
            }
            return facts;
        }
    }

    static Map<String, String> createTopic(String bootstrap, String topic) throws Exception {
        try (var admin = patientAdmin(bootstrap)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) -1)))
                    .all()
                    .get();
            return Map.of();
        }
    }

    static Map<String, String> deleteTopic(String bootstrap, String topic) throws Exception {
        try (var admin = patientAdmin(bootstrap)) {
            admin.deleteTopics(Set.of(topic)).all().get();
            return Map.of();
        }
    }

    static Map<String, String> setTopicConfig(String bootstrap, String topic, String property, String value)
            throws Exception {
        try (var admin = admin(bootstrap)) {
            var set = new AlterConfigOp(new ConfigEntry(property, value), AlterConfigOp.OpType.SET);
            admin.incrementalAlterConfigs(Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), List.of(set)))
                    .all()
                    .get();
            return Map.of();
        }
    }

    static Map<String, String> quorum(String bootstrap) throws Exception {
        try (var admin = admin(bootstrap)) {
            var quorum = admin.describeMetadataQuorum().quorumInfo().get();
            return Map.of(
                    "leader", Integer.toString(quorum.leaderId()),
                    "voters",
                            quorum.voters().stream()
                                    .map(voter -> voter.replicaId() + ":" + voter.replicaDirectoryId())
                                    .sorted()
                                    .collect(Collectors.joining(",")),
                    "observers",
                            quorum.observers().stream()
                                    .map(observer -> Integer.toString(observer.replicaId()))
                                    .sorted()
                                    .collect(Collectors.joining(",")));
        }
    }

    /** How many replicas each broker has that Kafka knows, by node id. */
    static Map<String, String> replicas(String bootstrap) throws Exception {
        try (var admin = admin(bootstrap)) {
            var counts = new TreeMap<String, Integer>();
            admin.describeCluster(new DescribeClusterOptions().includeFencedBrokers(true))
                    .nodes()
                    .get()
                    .forEach(node -> counts.put(node.idString(), 0));
            var names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get();
            admin.describeTopics(names).allTopicNames().get().values().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .flatMap(partition -> partition.replicas().stream())
                    .forEach(node -> counts.merge(node.idString(), 1, Integer::sum));
            return counts.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, count -> count.getValue()
                    .toString()));
        }
    }

    /** What each broker's replicas take on its disks. */
    static Map<String, String> bytes(String bootstrap) throws Exception {
        try (var admin = admin(bootstrap)) {
            var brokers = admin.describeCluster().nodes().get().stream()
                    .map(node -> node.id())
                    .toList();
            return admin.describeLogDirs(brokers).allDescriptions().get().entrySet().stream()
                    .collect(Collectors.toMap(
                            broker -> broker.getKey().toString(),
                            broker -> Long.toString(broker.getValue().values().stream()
                                    .flatMap(directory -> directory.replicaInfos().values().stream())
                                    .mapToLong(replica -> replica.size())
                                    .sum())));
        }
    }

    static Map<String, String> brokers(String bootstrap) throws Exception {
        try (var admin = admin(bootstrap)) {
            var cluster = admin.describeCluster();
            var logDirs = admin.describeLogDirs(cluster.nodes().get().stream()
                            .map(node -> node.id())
                            .toList())
                    .allDescriptions()
                    .get();
            return Map.of(
                    "cluster", cluster.clusterId().get(),
                    "racks",
                            cluster.nodes().get().stream()
                                    .map(node -> node.id() + ":" + node.rack())
                                    .sorted()
                                    .collect(Collectors.joining(",")),
                    "logDirs",
                            logDirs.entrySet().stream()
                                    .map(broker -> broker.getKey() + ":"
                                            + broker.getValue().size())
                                    .sorted()
                                    .collect(Collectors.joining(",")));
        }
    }

    /** Returns as soon as every replica of every partition is in sync. */
    static Map<String, String> awaitInSync(String bootstrap, Duration patience) throws Exception {
        var started = Instant.now();
        var state = "unknown";
        try (var admin = admin(bootstrap)) {
            while (Instant.now().isBefore(started.plus(patience))) {
                try {
                    var names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                            .names()
                            .get();
                    var behind = underReplicated(
                            admin.describeTopics(names).allTopicNames().get().values());
                    if (behind.isEmpty()) {
                        return Map.of(
                                "millis",
                                Long.toString(
                                        Duration.between(started, Instant.now()).toMillis()));
                    }
                    state = "under-replicated: " + behind;
                } catch (ExecutionException e) {
                    state = e.getCause().toString();
                }
                Thread.sleep(50); // Kafka has no watch for this.
            }
        }
        throw new IllegalStateException("not in sync after " + patience + ": " + state);
    }

    private static List<String> underReplicated(Collection<TopicDescription> topics) {
        return topics.stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition ->
                                partition.isr().size() < partition.replicas().size())
                        .map(partition -> topic.name() + "-" + partition.partition()))
                .toList();
    }

    /** Longer than a broker that is short of processor is silent. */
    private static Admin admin(String bootstrap) {
        return Admin.create(Map.of(
                "bootstrap.servers", bootstrap, "default.api.timeout.ms", "30000", "request.timeout.ms", "5000"));
    }

    /** Of what is asked for again since the answer was late, Kafka would say that it is done already. */
    private static Admin patientAdmin(String bootstrap) {
        return Admin.create(Map.of(
                "bootstrap.servers", bootstrap, "default.api.timeout.ms", "60000", "request.timeout.ms", "30000"));
    }
}
