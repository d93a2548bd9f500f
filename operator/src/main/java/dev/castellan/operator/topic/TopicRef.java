package dev.castellan.operator.topic;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Which KafkaTopic: its namespace and name in Kubernetes, not the topic's name in Kafka. */
public record TopicRef(String namespace, String name) {
    public static TopicRef of(HasMetadata topic) {
        return new TopicRef(
                topic.getMetadata().getNamespace(), topic.getMetadata().getName());
    }
}
