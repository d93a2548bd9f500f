package dev.castellan.operator.topic;

import io.fabric8.kubernetes.api.model.HasMetadata;

/** Which KafkaTopic: its namespace and name in Kubernetes, not the topic's name in Kafka. */
public record TopicRef(String namespace, String name) {
    /** How somebody in that namespace would name it. */
    public String nameFor(String reader) {
        return reader.equals(namespace) ? name : namespace + "/" + name;
    }

    public static TopicRef of(HasMetadata topic) {
        return new TopicRef(
                topic.getMetadata().getNamespace(), topic.getMetadata().getName());
    }
}
