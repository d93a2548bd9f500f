package dev.castellan.operator.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A client that is made with the first call: while a cluster is founded its names do not resolve, and whoever asks
 * nothing need not wait for that. Closing it does nothing; the client is its pool's.
 */
public record LazyKafkaAdmin(Supplier<KafkaAdmin> client) implements KafkaAdmin {
    @Override
    public String clusterId() {
        return client.get().clusterId();
    }

    @Override
    public Quorum quorum() {
        return client.get().quorum();
    }

    @Override
    public List<Broker> brokers() {
        return client.get().brokers();
    }

    @Override
    public String metadataVersion() {
        return client.get().metadataVersion();
    }

    @Override
    public void finaliseMetadataVersion(String metadataVersion, boolean validateOnly) {
        client.get().finaliseMetadataVersion(metadataVersion, validateOnly);
    }

    @Override
    public List<TopicPartitions> topics() {
        return client.get().topics();
    }

    @Override
    public Map<String, String> clusterConfig() {
        return client.get().clusterConfig();
    }

    @Override
    public void alterClusterConfig(ConfigChange change) {
        client.get().alterClusterConfig(change);
    }

    @Override
    public Map<Integer, Map<String, String>> brokerConfigs(Collection<Integer> brokers, Collection<String> keys) {
        return client.get().brokerConfigs(brokers, keys);
    }

    @Override
    public Map<Integer, Outcome> alterBrokerConfigs(Map<Integer, ConfigChange> changes) {
        return client.get().alterBrokerConfigs(changes);
    }

    @Override
    public void removeVoter(int nodeId, String directoryId) {
        client.get().removeVoter(nodeId, directoryId);
    }

    @Override
    public void addVoter(int nodeId, String directoryId, String host, int port) {
        client.get().addVoter(nodeId, directoryId, host, port);
    }

    @Override
    public void unregisterController(int nodeId) {
        client.get().unregisterController(nodeId);
    }

    @Override
    public Map<String, Outcome> elect(Map<String, List<Integer>> partitions) {
        return client.get().elect(partitions);
    }

    @Override
    public void unregisterBroker(int nodeId) {
        client.get().unregisterBroker(nodeId);
    }

    @Override
    public Map<String, TopicDetails> describe(Collection<String> topics) {
        return client.get().describe(topics);
    }

    @Override
    public Map<String, Existence> existence(Collection<String> names) {
        return client.get().existence(names);
    }

    @Override
    public Map<String, Outcome> create(Collection<NewTopic> topics) {
        return client.get().create(topics);
    }

    @Override
    public Map<String, Outcome> addPartitions(Map<String, Integer> totals) {
        return client.get().addPartitions(totals);
    }

    @Override
    public Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes) {
        return client.get().alterConfigs(changes);
    }

    @Override
    public Map<String, Outcome> delete(Collection<String> topicIds) {
        return client.get().delete(topicIds);
    }

    @Override
    public Map<String, Boolean> holdRecords(Collection<TopicPartitions> topics) {
        return client.get().holdRecords(topics);
    }

    @Override
    public List<Ongoing> reassignments() {
        return client.get().reassignments();
    }

    @Override
    public Map<String, Outcome> move(Map<String, Map<Integer, List<Integer>>> wanted) {
        return client.get().move(wanted);
    }

    @Override
    public Map<String, Outcome> reassign(Map<String, Map<Integer, List<Integer>>> wanted) {
        return client.get().reassign(wanted);
    }

    @Override
    public Map<Integer, Map<String, LogDirectory>> logDirectories(Collection<Integer> brokers) {
        return client.get().logDirectories(brokers);
    }

    @Override
    public void close() {}
}
