package dev.castellan.operator.topic.forecast;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kube.Kube.EventType;
import dev.castellan.operator.topic.Finalizer;
import dev.castellan.operator.topic.KubeTopics;
import dev.castellan.operator.topic.TopicRef;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.plan.TopicTerms;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** KafkaTopics of one cluster as they would be declared; what is written of them goes no further. */
final class DeclaredTopics implements KubeTopics {
    private final ClusterFacts facts;
    private final TopicTerms terms;
    private final Map<String, KafkaTopic> topics = new TreeMap<>();

    DeclaredTopics(ClusterFacts facts, TopicTerms terms, Collection<KafkaTopic> declared) {
        this.facts = facts;
        this.terms = terms;
        declared.stream()
                .filter(topic -> !topic.isMarkedForDeletion()
                        || !topic.getMetadata().getFinalizers().isEmpty())
                .forEach(topic -> topics.put(key(TopicRef.of(topic)), topic));
    }

    private static String key(TopicRef ref) {
        return ref.namespace() + "/" + ref.name();
    }

    @Override
    public Optional<KafkaTopic> get(TopicRef topic) {
        return Optional.ofNullable(topics.get(key(topic)));
    }

    @Override
    public List<KafkaTopic> ofCluster(ClusterKey cluster) {
        return List.copyOf(topics.values());
    }

    @Override
    public List<KafkaTopic> claimants(ClusterKey cluster, String topicName) {
        return topics.values().stream()
                .filter(topic -> TopicSpec.nameInKafka(topic).equals(topicName))
                .toList();
    }

    @Override
    public ClusterFacts cluster(ClusterKey cluster) {
        return facts;
    }

    @Override
    public TopicTerms terms(ClusterKey cluster) {
        return terms;
    }

    @Override
    public KafkaTopic writeStatus(KafkaTopic seen, KafkaTopicStatus status) {
        var topic = copy(seen);
        topic.setStatus(status);
        topics.put(key(TopicRef.of(topic)), topic);
        return topic;
    }

    @Override
    public KafkaTopic setFinalizer(KafkaTopic seen, boolean on) {
        var topic = copy(seen);
        topic.getMetadata().setFinalizers(on ? List.of(Finalizer.NAME) : List.of());
        if (topic.isMarkedForDeletion() && !on) {
            topics.remove(key(TopicRef.of(topic)));
        } else {
            topics.put(key(TopicRef.of(topic)), topic);
        }
        return topic;
    }

    static KafkaTopic copy(KafkaTopic topic) {
        var copy = new KafkaTopic();
        copy.setMetadata(topic.getMetadata().edit().build());
        copy.setSpec(topic.getSpec());
        copy.setStatus(topic.getStatus());
        return copy;
    }

    /** What happens in a forecast is told by its outcome. */
    @Override
    public void event(KafkaTopic about, EventType type, String reason, String message) {}
}
