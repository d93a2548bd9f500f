package dev.castellan.operator.kafka;

import static java.util.Comparator.comparingInt;

import dev.castellan.api.KafkaVersions;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.AddRaftVoterOptions;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeClusterOptions;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeFeaturesOptions;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.FeatureUpdate;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.RaftVoterEndpoint;
import org.apache.kafka.clients.admin.RemoveRaftVoterOptions;
import org.apache.kafka.clients.admin.UnregisterControllerOptions;
import org.apache.kafka.clients.admin.UpdateFeaturesOptions;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.ControllerIdNotRegisteredException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The port's adapter over Apache Kafka's Admin client. Thread-safe, as that client is. */
public final class ApacheKafkaAdmin implements KafkaAdmin {
    private static final Logger LOG = LoggerFactory.getLogger(ApacheKafkaAdmin.class);

    /** To look at something: an operator that waits longer sees nothing better. */
    static final Duration OBSERVE = Duration.ofSeconds(5);

    /** To change something: long enough for a change of the active controller. */
    static final Duration ACT = Duration.ofSeconds(15);

    /** Kafka's name for the setting of all brokers together. */
    private static final ConfigResource ALL_BROKERS = new ConfigResource(ConfigResource.Type.BROKER, "");

    private static final String METADATA_VERSION = "metadata.version";
    private static final String CONTROLLER_LISTENER = "CONTROLLER";

    private final Admin client;
    private final ApacheKafkaTopics topics;
    private final ApacheKafkaReplicas replicas;

    ApacheKafkaAdmin(Admin client) {
        this.client = client;
        this.topics = new ApacheKafkaTopics(client, false);
        this.replicas = new ApacheKafkaReplicas(client);
    }

    /** Connects to any of the addresses (host:port, separated by commas). Names that do not resolve yet: unavailable. */
    public static ApacheKafkaAdmin connect(String bootstrap) {
        try {
            return new ApacheKafkaAdmin(Admin.create(AdminSettings.of(bootstrap)));
        } catch (RuntimeException e) {
            throw new KafkaUnavailable(
                    "connect to " + bootstrap + ": "
                            + KafkaFailures.unwrapped(e).getMessage(),
                    e);
        }
    }

    /** Through the same connections. */
    public TopicTrial trial() {
        return new ApacheKafkaTopics(client, true);
    }

    @Override
    public String clusterId() {
        return await("describe cluster", OBSERVE, describeCluster().clusterId());
    }

    @Override
    public List<Broker> brokers() {
        return await("list brokers", OBSERVE, describeCluster().nodes()).stream()
                .map(node -> new Broker(node.id(), node.host(), node.isFenced(), node.hasRack() ? node.rack() : ""))
                .sorted(comparingInt(Broker::nodeId))
                .toList();
    }

    private DescribeClusterResult describeCluster() {
        return client.describeCluster(
                new DescribeClusterOptions().timeoutMs(millis(OBSERVE)).includeFencedBrokers(true));
    }

    @Override
    public Quorum quorum() {
        var options = new DescribeMetadataQuorumOptions().timeoutMs(millis(OBSERVE));
        var info = await(
                "describe quorum",
                OBSERVE,
                client.describeMetadataQuorum(options).quorumInfo());
        var leader = info.voters().stream()
                .filter(voter -> voter.replicaId() == info.leaderId())
                .findFirst()
                .orElseThrow(() -> new KafkaUnavailable("describe quorum: its leader is not among the voters", null));
        return new Quorum(
                info.leaderId(),
                leader.logEndOffset(),
                replicas(info.voters(), leader),
                replicas(info.observers(), leader));
    }

    private static List<Quorum.Replica> replicas(List<QuorumInfo.ReplicaState> states, QuorumInfo.ReplicaState leader) {
        return states.stream()
                .map(state -> new Quorum.Replica(
                        state.replicaId(),
                        state.replicaDirectoryId().toString(),
                        state.logEndOffset(),
                        behindMillis(state, leader)))
                .sorted(comparingInt(Quorum.Replica::nodeId).thenComparing(Quorum.Replica::directoryId))
                .toList();
    }

    private static long behindMillis(QuorumInfo.ReplicaState state, QuorumInfo.ReplicaState leader) {
        if (state.lastCaughtUpTimestamp().isEmpty()
                || leader.lastCaughtUpTimestamp().isEmpty()) {
            return -1;
        }
        var behind = leader.lastCaughtUpTimestamp().getAsLong()
                - state.lastCaughtUpTimestamp().getAsLong();
        // Kafka says 0 of a replica that has not caught up in the leader's time of office.
        return state.lastCaughtUpTimestamp().getAsLong() <= 0 ? -1 : Math.max(0, behind);
    }

    @Override
    public String metadataVersion() {
        var options = new DescribeFeaturesOptions().timeoutMs(millis(OBSERVE));
        var features = await(
                "describe features", OBSERVE, client.describeFeatures(options).featureMetadata());
        return Optional.ofNullable(features.finalizedFeatures().get(METADATA_VERSION))
                .map(range -> MetadataVersions.nameOf(range.maxVersionLevel()))
                .orElseThrow(() -> new KafkaUnavailable("describe features: no finalised metadata.version yet", null));
    }

    @Override
    public Map<String, String> clusterConfig() {
        var options = new DescribeConfigsOptions().timeoutMs(millis(OBSERVE));
        var config = await(
                        "describe the cluster's configuration",
                        OBSERVE,
                        client.describeConfigs(List.of(ALL_BROKERS), options).all())
                .get(ALL_BROKERS);
        return config.entries().stream()
                .filter(entry -> entry.source() == ConfigEntry.ConfigSource.DYNAMIC_DEFAULT_BROKER_CONFIG)
                .collect(Collectors.toMap(ConfigEntry::name, entry -> Objects.requireNonNullElse(entry.value(), "")));
    }

    @Override
    public void alterClusterConfig(ConfigChange change) {
        var options = new AlterConfigsOptions().timeoutMs(millis(ACT));
        try {
            await(
                    "configure the cluster",
                    ACT,
                    client.incrementalAlterConfigs(Map.of(ALL_BROKERS, ApacheKafkaTopics.ops(change)), options)
                            .all());
        } catch (KafkaRejected e) {
            throw new KafkaRejected(e.getCause().getMessage(), e.getCause());
        }
    }

    @Override
    public Map<Integer, Map<String, String>> brokerConfigs(Collection<Integer> brokers, Collection<String> keys) {
        var options = new DescribeConfigsOptions().timeoutMs(millis(OBSERVE));
        var resources = brokers.stream()
                .map(id -> new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(id)))
                .toList();
        var told = new TreeMap<Integer, Map<String, String>>();
        client.describeConfigs(resources, options).values().forEach((broker, future) -> {
            try {
                var config = await("describe a broker's configuration", OBSERVE, future);
                told.put(Integer.valueOf(broker.name()), ofAll(config, keys));
            } catch (KafkaUnavailable | KafkaRejected e) {
                LOG.debug("Broker {} does not tell what it works with", broker.name(), e);
            }
        });
        return told;
    }

    @Override
    public Map<Integer, Outcome> alterBrokerConfigs(Map<Integer, ConfigChange> changes) {
        var options = new AlterConfigsOptions().timeoutMs(millis(OBSERVE));
        var ops = new HashMap<ConfigResource, Collection<AlterConfigOp>>();
        changes.forEach((broker, change) -> ops.put(
                new ConfigResource(ConfigResource.Type.BROKER, String.valueOf(broker)), ApacheKafkaTopics.ops(change)));
        var outcomes = new TreeMap<Integer, Outcome>();
        client.incrementalAlterConfigs(ops, options)
                .values()
                .forEach((broker, future) -> outcomes.put(Integer.valueOf(broker.name()), configured(future)));
        return outcomes;
    }

    private static Outcome configured(KafkaFuture<Void> future) {
        try {
            await("configure a broker", OBSERVE, future);
            return new Outcome.Done();
        } catch (KafkaUnavailable | KafkaRejected e) {
            return KafkaFailures.outcomeOf(e.getCause());
        }
    }

    private static Map<String, String> ofAll(Config config, Collection<String> keys) {
        return keys.stream()
                .flatMap(key -> Optional.ofNullable(config.get(key)).stream())
                .filter(entry -> entry.source() != ConfigEntry.ConfigSource.DYNAMIC_BROKER_CONFIG)
                .filter(entry -> entry.value() != null)
                .collect(Collectors.toMap(ConfigEntry::name, ConfigEntry::value));
    }

    @Override
    public void finaliseMetadataVersion(String metadataVersion, boolean validateOnly) {
        var updates = new TreeMap<String, FeatureUpdate>();
        updates.put(METADATA_VERSION, upgrade(MetadataVersions.levelOf(metadataVersion)));
        KafkaVersions.features(metadataVersion).forEach((feature, level) -> updates.put(feature, upgrade(level)));
        var options = new UpdateFeaturesOptions().timeoutMs(millis(ACT)).validateOnly(validateOnly);
        await(
                "finalise metadata.version " + metadataVersion,
                ACT,
                client.updateFeatures(updates, options).all());
    }

    private static FeatureUpdate upgrade(short level) {
        return new FeatureUpdate(level, FeatureUpdate.UpgradeType.UPGRADE);
    }

    @Override
    public void addVoter(int nodeId, String directoryId, String host, int port) {
        var endpoints = Set.of(new RaftVoterEndpoint(CONTROLLER_LISTENER, host, port));
        var options = new AddRaftVoterOptions();
        options.timeoutMs(millis(ACT));
        await(
                "add voter " + nodeId,
                ACT,
                client.addRaftVoter(nodeId, Uuid.fromString(directoryId), endpoints, options)
                        .all());
    }

    @Override
    public void removeVoter(int nodeId, String directoryId) {
        var options = new RemoveRaftVoterOptions();
        options.timeoutMs(millis(ACT));
        await(
                "remove voter " + nodeId,
                ACT,
                client.removeRaftVoter(nodeId, Uuid.fromString(directoryId), options)
                        .all());
    }

    @Override
    public void unregisterController(int nodeId) {
        var options = new UnregisterControllerOptions();
        options.timeoutMs(millis(ACT));
        try {
            await(
                    "unregister controller " + nodeId,
                    ACT,
                    client.unregisterController(nodeId, options).all());
        } catch (KafkaRejected e) {
            if (!(e.getCause() instanceof ControllerIdNotRegisteredException)) {
                throw e;
            }
        }
    }

    @Override
    public void unregisterBroker(int nodeId) {
        replicas.unregister(nodeId);
    }

    @Override
    public Map<String, Outcome> elect(Map<String, List<Integer>> partitions) {
        return replicas.elect(partitions);
    }

    @Override
    public Map<Integer, Map<String, LogDirectory>> logDirectories(Collection<Integer> brokers) {
        return replicas.logDirectories(brokers);
    }

    @Override
    public List<TopicPartitions> topics() {
        return topics.all();
    }

    @Override
    public Map<String, TopicDetails> describe(Collection<String> names) {
        return topics.describe(names);
    }

    @Override
    public Map<String, Existence> existence(Collection<String> names) {
        return topics.existence(names);
    }

    @Override
    public Map<String, Outcome> create(Collection<NewTopic> newTopics) {
        return topics.create(newTopics);
    }

    @Override
    public Map<String, Outcome> addPartitions(Map<String, Integer> totals) {
        return topics.addPartitions(totals);
    }

    @Override
    public Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes) {
        return topics.alterConfigs(changes);
    }

    @Override
    public Map<String, Outcome> delete(Collection<String> topicIds) {
        return topics.delete(topicIds);
    }

    @Override
    public Map<String, Boolean> holdRecords(Collection<TopicPartitions> of) {
        return topics.holdRecords(of);
    }

    @Override
    public List<Ongoing> reassignments() {
        return replicas.ongoing();
    }

    @Override
    public Map<String, Outcome> move(Map<String, Map<Integer, List<Integer>>> wanted) {
        return replicas.reassign(wanted, false);
    }

    @Override
    public Map<String, Outcome> reassign(Map<String, Map<Integer, List<Integer>>> wanted) {
        return replicas.reassign(wanted, true);
    }

    @Override
    public void close() {
        client.close(Duration.ofSeconds(1));
    }

    static int millis(Duration duration) {
        return (int) duration.toMillis();
    }

    /**
     * Waits for an answer, with a second more than the client itself was given: the client names the cause of a timeout
     * better than we could.
     */
    static <T> T await(String what, Duration deadline, KafkaFuture<T> future) {
        try {
            return future.get(deadline.toMillis() + 1_000, TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            throw KafkaFailures.of(what, e);
        } catch (TimeoutException e) {
            throw new KafkaUnavailable(what + ": no answer within " + deadline.toSeconds() + " s", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new KafkaUnavailable(what + ": interrupted", e);
        }
    }
}
