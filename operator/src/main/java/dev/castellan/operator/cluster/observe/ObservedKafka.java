package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kafka.Broker;
import dev.castellan.operator.kafka.Quorum;
import dev.castellan.operator.kafka.TopicPartitions;
import java.util.List;

/** What Kafka itself says of the cluster; not being reachable is an observation, not an error. */
public sealed interface ObservedKafka {
    record Unreachable(String reason) implements ObservedKafka {}

    record Reachable(
            String clusterId, String metadataVersion, Quorum quorum, List<Broker> brokers, List<TopicPartitions> topics)
            implements ObservedKafka {}
}
