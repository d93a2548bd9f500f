package dev.castellan.operator.kafka;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import java.util.Collection;
import java.util.Map;

/** Changes of topics that are only tried: what Kafka would refuse is refused, in its own words, and nothing changes. */
public interface TopicTrial {
    Map<String, Outcome> create(Collection<NewTopic> topics);

    /** New total number of partitions by topic. */
    Map<String, Outcome> addPartitions(Map<String, Integer> totals);

    Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes);
}
