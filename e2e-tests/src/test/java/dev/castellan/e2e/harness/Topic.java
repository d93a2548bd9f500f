package dev.castellan.e2e.harness;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.util.Objects;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A KafkaTopic under test. */
public record Topic(Resource<KafkaTopic> handle, String name) {
    public KafkaTopic awaitReady() {
        return await("Ready", topic -> has(topic, "Ready", "True", null));
    }

    public KafkaTopic awaitCondition(String type, String status, String reason) {
        return await("%s=%s because of %s".formatted(type, status, reason), topic -> has(topic, type, status, reason));
    }

    /** In Kafka as its present spec declares. */
    public static boolean isReady(KafkaTopic topic) {
        return tellsOfItsSpec(topic) && has(topic, "Ready", "True", null);
    }

    public KafkaTopic await(String what, Predicate<KafkaTopic> condition) {
        return Await.until(
                handle,
                "KafkaTopic " + name + " " + what,
                Kafka.PATIENCE,
                topic -> tellsOfItsSpec(topic) && condition.test(topic));
    }

    private static boolean tellsOfItsSpec(KafkaTopic topic) {
        return topic.getStatus() != null
                && Objects.equals(
                        topic.getStatus().observedGeneration,
                        topic.getMetadata().getGeneration());
    }

    public KafkaTopic edit(Consumer<KafkaTopicSpec> change) {
        return Edit.of(handle, topic -> change.accept(topic.getSpec()));
    }

    public void deleteAndWait() {
        handle.delete();
        Await.untilGone(handle, "KafkaTopic " + name, Kafka.PATIENCE);
    }

    private static boolean has(KafkaTopic topic, String type, String status, String reason) {
        return topic.getStatus().conditions != null
                && topic.getStatus().conditions.stream()
                        .anyMatch(condition -> condition.getType().equals(type)
                                && condition.getStatus().equals(status)
                                && (reason == null || condition.getReason().equals(reason)));
    }
}
