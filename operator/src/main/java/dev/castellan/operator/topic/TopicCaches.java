package dev.castellan.operator.topic;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.operator.kafka.ClusterKey;
import java.util.List;
import java.util.Optional;

/** The informers' caches; the reconciler has them from the SDK. */
interface TopicCaches {
    Optional<KafkaTopic> topic(TopicRef ref);

    List<KafkaTopic> topicsOf(ClusterKey cluster);

    List<KafkaTopic> claimants(ClusterKey cluster, String topicName);

    Optional<KafkaCluster> cluster(ClusterKey key);
}
