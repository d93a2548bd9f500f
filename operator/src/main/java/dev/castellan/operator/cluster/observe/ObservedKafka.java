package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kafka.Broker;
import dev.castellan.operator.kafka.Quorum;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.Cordon;
import dev.castellan.operator.placement.Sizes;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/** What Kafka itself says of the cluster; not being reachable is an observation, not an error. */
public sealed interface ObservedKafka {
    /** @param since when it was first asked in vain; empty where it was not asked, since nobody could have answered */
    record Unreachable(String reason, Optional<Instant> since) implements ObservedKafka {}

    /**
     * Quorum and brokers are as of now.
     *
     * @param config what is set dynamically for the whole cluster, as of then too
     * @param threads numbers of threads that each broker works with that says so, by its id, as of then too; looked at only where
     *     they are ours to set
     * @param uncordoned brokers that say that they take new replicas on all of their disks, as of then too; looked at only where
     *     replicas are to be moved
     * @param cordoned brokers that say that they take none on any of them, by whomever; as of then and looked at only there, too,
     *     or as of when they told last
     * @param sizes of the topics' partitions, as of when these were looked at; known where replicas are to be moved, or may be
     * @param topicsAsOf when the topics were looked at: in a settled cluster that may be a while ago
     */
    record Reachable(
            String metadataVersion,
            Quorum quorum,
            List<Broker> brokers,
            List<TopicPartitions> topics,
            Map<String, String> config,
            Map<Integer, Map<String, String>> threads,
            Set<Integer> uncordoned,
            Set<Integer> cordoned,
            Sizes sizes,
            Instant topicsAsOf)
            implements ObservedKafka {

        public Optional<Broker> broker(int nodeId) {
            for (var broker : brokers) {
                if (broker.nodeId() == nodeId) {
                    return Optional.of(broker);
                }
            }
            return Optional.empty();
        }

        public boolean isInService(int nodeId) {
            return broker(nodeId).filter(broker -> !broker.fenced()).isPresent();
        }

        /** They stay so for as long as those others want it. */
        public SortedSet<Integer> cordonedByOthers() {
            return Cordon.ofOthers(cordoned, config);
        }

        /** Whether any partition has a replica there, or is to get one. */
        public boolean holdsAnything(int nodeId) {
            return topics.stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .anyMatch(partition -> partition.replicas().contains(nodeId));
        }
    }
}
