package dev.castellan.operator.topic.forecast;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.operator.topic.TopicRef;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** KafkaTopics as the API server would have them once manifests are applied to those that are there. Pure. */
final class Applied {
    private static final ObjectMapper JSON = new ObjectMapper();

    private Applied() {}

    /** @param prune those that are there and that no manifest names are deleted */
    static List<KafkaTopic> to(
            Collection<KafkaTopic> live, Collection<KafkaTopic> manifests, boolean prune, Instant now) {
        var topics = new TreeMap<String, KafkaTopic>();
        live.forEach(topic -> topics.put(key(topic), prune ? deleted(topic, now) : topic));
        var before = live.stream().collect(Collectors.toMap(Applied::key, topic -> topic));
        manifests.forEach(manifest -> topics.put(key(manifest), applied(manifest, before, now)));
        return List.copyOf(topics.values());
    }

    private static String key(KafkaTopic topic) {
        var ref = TopicRef.of(topic);
        return ref.namespace() + "/" + ref.name();
    }

    private static KafkaTopic applied(KafkaTopic manifest, Map<String, KafkaTopic> live, Instant now) {
        var before = live.get(key(manifest));
        return before == null ? made(manifest, now) : changed(before, manifest);
    }

    private static KafkaTopic made(KafkaTopic manifest, Instant now) {
        var topic = DeclaredTopics.copy(manifest);
        topic.setMetadata(new ObjectMetaBuilder(manifest.getMetadata())
                .withUid("to be made: " + key(manifest))
                .withCreationTimestamp(now.toString())
                .withGeneration(1L)
                .build());
        topic.setStatus(null);
        return topic;
    }

    /** Another spec is another generation. */
    private static KafkaTopic changed(KafkaTopic before, KafkaTopic manifest) {
        var topic = DeclaredTopics.copy(before);
        topic.setSpec(manifest.getSpec());
        if (!JSON.valueToTree(before.getSpec()).equals(JSON.valueToTree(manifest.getSpec()))) {
            topic.getMetadata().setGeneration(before.getMetadata().getGeneration() + 1);
        }
        return topic;
    }

    private static KafkaTopic deleted(KafkaTopic live, Instant now) {
        var topic = DeclaredTopics.copy(live);
        topic.getMetadata().setDeletionTimestamp(now.toString());
        topic.getMetadata().setGeneration(live.getMetadata().getGeneration() + 1);
        return topic;
    }
}
