package dev.castellan.operator.topic;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.plan.TopicTerms;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.IndexerResourceCache;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What is watched on behalf of topics: they themselves, indexed, and their clusters. */
final class TopicEventSources implements TopicCaches {
    private static final String BY_CLUSTER = "cluster";
    private static final String BY_CLAIM = "claim";

    private final IndexerResourceCache<KafkaTopic> topics;
    private final InformerEventSource<KafkaCluster, KafkaTopic> clusters;

    TopicEventSources(EventSourceContext<KafkaTopic> context) {
        topics = context.getPrimaryCache();
        topics.addIndexer(BY_CLUSTER, topic -> list(TopicSpec.clusterOf(topic).map(ClusterKey::toString)));
        topics.addIndexer(
                BY_CLAIM,
                topic -> list(TopicSpec.clusterOf(topic).map(cluster -> claim(cluster, TopicSpec.nameInKafka(topic)))));
        clusters = new InformerEventSource<>(
                InformerEventSourceConfiguration.from(KafkaCluster.class, KafkaTopic.class)
                        .withName("KafkaCluster")
                        .withSecondaryToPrimaryMapper(this::wokenBy)
                        .withOnUpdateFilter(
                                (now, before) -> !ClusterFacts.of(now).equals(ClusterFacts.of(before))
                                        || !TopicTerms.of(now).equals(TopicTerms.of(before)))
                        .build(),
                context);
    }

    List<EventSource<?, KafkaTopic>> all() {
        return List.of(clusters);
    }

    private Set<ResourceID> wokenBy(HasMetadata cluster) {
        var key = new ClusterKey(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
        return topicsOf(key).stream().map(ResourceID::fromResource).collect(Collectors.toSet());
    }

    @Override
    public Optional<KafkaTopic> topic(TopicRef ref) {
        return topics.get(new ResourceID(ref.name(), ref.namespace()));
    }

    @Override
    public List<KafkaTopic> topicsOf(ClusterKey cluster) {
        return topics.byIndex(BY_CLUSTER, cluster.toString());
    }

    @Override
    public List<KafkaTopic> claimants(ClusterKey cluster, String topicName) {
        return topics.byIndex(BY_CLAIM, claim(cluster, topicName));
    }

    @Override
    public Optional<KafkaCluster> cluster(ClusterKey key) {
        return clusters.get(new ResourceID(key.name(), key.namespace()));
    }

    private static String claim(ClusterKey cluster, String topicName) {
        return cluster + "/" + topicName;
    }

    private static <T> List<T> list(Optional<T> one) {
        return one.stream().toList();
    }
}
