package dev.castellan.operator.kafka;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the operator asks of one Kafka cluster. Every call has a deadline and is live, never from a cache.
 *
 * <p>Every call throws {@link KafkaUnavailable} or {@link KafkaRejected} when it fails as a whole.
 */
public interface KafkaAdmin extends TopicAdmin, AutoCloseable {

    String clusterId();

    Quorum quorum();

    /** Finalised metadata.version as Kafka names it, such as 4.4-IV2. */
    String metadataVersion();

    /**
     * Finalises metadata.version at this level, and the features that come with it. All nodes must know them. It is never
     * taken back (KIP-584).
     *
     * @param validateOnly nothing is changed, but what Kafka would reject is rejected
     */
    void finaliseMetadataVersion(String metadataVersion, boolean validateOnly);

    /** Takes a voter out of the quorum (KIP-853). */
    void removeVoter(int nodeId, String directoryId);

    /** Makes a caught-up observer a voter (KIP-853). The endpoint is that of its CONTROLLER listener. */
    void addVoter(int nodeId, String directoryId, String host, int port);

    /**
     * Has leaders elected for partitions without one, by topic: nobody whom Kafka would not elect by itself. The outcome of a topic is
     * that of its partition that fared worst; a partition that has a leader is Done.
     */
    Map<String, Outcome> elect(Map<String, List<Integer>> partitions);

    /**
     * Forgets a broker. Kafka checks nothing: neither whether it lives nor what it holds. One that is forgotten already is
     * no error.
     */
    void unregisterBroker(int nodeId);

    /**
     * Forgets a controller, which Kafka can from metadata.version 4.4 on (KIP-1312). One that is forgotten already is no
     * error.
     */
    void unregisterController(int nodeId);

    /**
     * What these brokers work with, by broker and property; of those that answer, and without what somebody has set for one
     * broker alone.
     */
    Map<Integer, Map<String, String>> brokerConfigs(Collection<Integer> brokers, Collection<String> keys);

    /**
     * What is set for one broker alone. Nobody but the broker itself takes it, so that of one that does not answer nothing is
     * changed; Kafka keeps it, even when it has forgotten the broker.
     */
    Map<Integer, Outcome> alterBrokerConfigs(Map<Integer, ConfigChange> changes);

    /** As {@link #reassign}, where none is to get more replicas than it has, nor fewer: Kafka refuses what would. */
    Map<String, Outcome> move(Map<String, Map<Integer, List<Integer>>> replicas);

    @Override
    void close();

    /**
     * @param offline the broker does not use it any more, for whatever error
     * @param replicas those it serves from there, by the partition's name, as {@code orders-3}, with their bytes; not those that
     *     it is only copying there from another directory
     * @param space empty: the broker cannot tell
     * @param cordoned nothing new is to lie there (KIP-1066)
     */
    record LogDirectory(boolean offline, Map<String, Long> replicas, Optional<Space> space, boolean cordoned) {}

    /** Of the file system that a directory is on, in bytes (KIP-827). */
    record Space(long total, long usable) {
        public long used() {
            return total - usable;
        }
    }

    /**
     * A partition whose replicas are being changed.
     *
     * @param replicas all of them: those there were, and those being added
     */
    record Ongoing(String topic, int partition, List<Integer> replicas, List<Integer> adding, List<Integer> removing) {}

    /**
     * A topic, and its properties without the broker's defaults.
     *
     * @param config only what is set on the topic itself
     */
    record TopicDetails(TopicPartitions topic, Map<String, String> config) {}

    /** A topic to be created. An empty replication factor is the broker's default. */
    record NewTopic(String name, int partitions, Optional<Short> replicationFactor, Map<String, String> config) {}

    /** Keys to set, and keys to give back to the broker's default. */
    record ConfigChange(Map<String, String> set, Collection<String> unset) {}

    /** How a request for one topic of many ended. */
    sealed interface Outcome {
        record Done() implements Outcome {}

        /** The topic is made, and Kafka gave it this id. */
        record Created(String topicId) implements Outcome {}

        /** Kafka refuses; the message is its own. */
        record Rejected(String message) implements Outcome {}

        /** Not now: a timeout, a controller change, a quota; or what we knew of the topic was stale. Look again. */
        record Retry(String reason) implements Outcome {}
    }
}
