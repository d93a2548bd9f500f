package dev.castellan.operator.topic;

/** The finalizer of KafkaTopics whose deletion must reach Kafka. Public API: users see it. */
public final class Finalizer {
    public static final String NAME = "castellan.dev/topic";

    private Finalizer() {}
}
