package dev.castellan.operator.topic;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kube.Kube.EventType;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.TopicTerms;
import java.util.List;
import java.util.Optional;

/**
 * What the topic kind asks of the API server. Reads come from caches and cost nothing, but hold what was written through
 * here. Writes throw {@link dev.castellan.operator.kube.KubeUnavailable} or {@link
 * dev.castellan.operator.kube.KubeRejected}.
 */
public interface KubeTopics {
    Optional<KafkaTopic> get(TopicRef topic);

    /** Every KafkaTopic of the cluster. */
    List<KafkaTopic> ofCluster(ClusterKey cluster);

    /** The KafkaTopics that declare this topic of the cluster, by its name in Kafka. */
    List<KafkaTopic> claimants(ClusterKey cluster, String topicName);

    ClusterFacts cluster(ClusterKey cluster);

    /** What the cluster's owner says about topics; of a cluster that is not there: nothing. */
    TopicTerms terms(ClusterKey cluster);

    /** Only if it is still as it was seen. */
    KafkaTopic writeStatus(KafkaTopic seen, KafkaTopicStatus status);

    KafkaTopic setFinalizer(KafkaTopic seen, boolean on);

    void event(KafkaTopic about, EventType type, String reason, String message);
}
