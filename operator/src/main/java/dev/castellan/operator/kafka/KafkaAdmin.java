package dev.castellan.operator.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator asks of one Kafka cluster. Every call has a deadline and is live, never from a cache.
 *
 * <p>Calls for a single thing throw {@link KafkaUnavailable} or {@link KafkaRejected}. Calls for many topics fail for
 * each topic alone: the map holds an outcome for every topic that was asked for.
 */
public interface KafkaAdmin extends AutoCloseable {

    String clusterId();

    Quorum quorum();

    /** Every registered broker, the fenced ones too. */
    List<Broker> brokers();

    /** Finalised metadata.version as Kafka names it, such as 4.4-IV2. */
    String metadataVersion();

    /** Every topic of the cluster, internal ones too. */
    List<TopicPartitions> topics();

    /** Takes a voter out of the quorum (KIP-853). */
    void removeVoter(int nodeId, String directoryId);

    /** Makes a caught-up observer a voter (KIP-853). The endpoint is that of its CONTROLLER listener. */
    void addVoter(int nodeId, String directoryId, String host, int port);

    /** Those of the topics that exist. */
    Map<String, TopicPartitions> describe(Collection<String> topics);

    /** The properties set on each of the topics themselves, without the broker's defaults. */
    Map<String, Map<String, String>> configs(Collection<String> topics);

    Map<String, Outcome> create(Collection<NewTopic> topics);

    /** New total number of partitions by topic. */
    Map<String, Outcome> addPartitions(Map<String, Integer> totals);

    Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes);

    Map<String, Outcome> delete(Collection<String> topics);

    /** For each of the topics, whether any partition holds a record. */
    Map<String, Boolean> holdRecords(Collection<String> topics);

    @Override
    void close();

    /** A topic to be created. An empty replication factor is the broker's default. */
    record NewTopic(String name, int partitions, Optional<Short> replicationFactor, Map<String, String> config) {}

    /** Keys to set, and keys to give back to the broker's default. */
    record ConfigChange(Map<String, String> set, Collection<String> unset) {}

    /** How a request for one topic of many ended. */
    sealed interface Outcome {
        record Done() implements Outcome {}

        /** Kafka refuses; the message is its own. */
        record Rejected(String message) implements Outcome {}

        /** Not now: a timeout, a controller change, a quota. Try again. */
        record Retry(String reason) implements Outcome {}
    }
}
