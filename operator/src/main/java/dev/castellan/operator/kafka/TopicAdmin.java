package dev.castellan.operator.kafka;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What is asked of a Kafka cluster for its topics' sake.
 *
 * <p>Every call throws {@link KafkaUnavailable} or {@link KafkaRejected} when it fails as a whole. Calls that change
 * many topics fail for each topic alone: the map holds an outcome for every topic that was asked for.
 */
public interface TopicAdmin {
    /** Every registered broker, the fenced ones too. */
    List<Broker> brokers();

    /** Every topic of the cluster, internal ones too. */
    List<TopicPartitions> topics();

    /** Broker properties that are set dynamically for the whole cluster; the values of those that may be secret are empty. */
    Map<String, String> clusterConfig();

    /**
     * All of it or nothing. Brokers come to know of it after this returns, and not of all that was set between two looks of
     * theirs at the metadata.
     */
    void alterClusterConfig(ConfigChange change);

    /** Those of the topics that exist, with the properties set on them. */
    Map<String, TopicDetails> describe(Collection<String> topics);

    /**
     * The active controller's own word on every name. A broker's, as in {@link #describe}, may be a little old; before
     * anybody is told that a topic is lost, this one is asked.
     */
    Map<String, Existence> existence(Collection<String> names);

    Map<String, Outcome> create(Collection<NewTopic> topics);

    /** New total number of partitions by topic. */
    Map<String, Outcome> addPartitions(Map<String, Integer> totals);

    Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes);

    /** By topic id, so that a topic that was made anew under an old name is never hit. A topic already gone is Done. */
    Map<String, Outcome> delete(Collection<String> topicIds);

    /** For each of the topics, whether any partition holds a record; those that Kafka cannot tell are left out. */
    Map<String, Boolean> holdRecords(Collection<TopicPartitions> topics);

    /** Every partition whose replicas are being changed, by whomever; the active controller's word. */
    List<Ongoing> reassignments();

    /**
     * The log directories of these brokers, by broker and path; of those that answer. It is as much to tell as they have
     * replicas.
     */
    Map<Integer, Map<String, LogDirectory>> logDirectories(Collection<Integer> brokers);

    /**
     * Other replicas for partitions, by topic and partition, the preferred leader first; none: what is being changed goes
     * back to what it was. The outcome of a topic is that of its partition that fared worst.
     */
    Map<String, Outcome> reassign(Map<String, Map<Integer, List<Integer>>> replicas);
}
