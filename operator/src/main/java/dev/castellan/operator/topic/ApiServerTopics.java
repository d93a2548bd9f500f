package dev.castellan.operator.topic;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kube.ApiServerKube;
import dev.castellan.operator.kube.EventRecorder;
import dev.castellan.operator.kube.Kube.EventType;
import dev.castellan.operator.kube.KubeErrors;
import dev.castellan.operator.metrics.OperatorMetrics;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.TopicTerms;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** The port's adapter: reads from the informers' caches, writes by server-side apply. */
@Singleton
public class ApiServerTopics implements KubeTopics {
    private static final PatchContext APPLY = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(ApiServerKube.FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KubernetesClient client;
    private final EventRecorder events;
    private final OperatorMetrics metrics;

    /** What we wrote, until the cache has heard of it. */
    private final Map<TopicRef, KafkaTopic> written = new ConcurrentHashMap<>();

    private volatile TopicCaches caches;

    public ApiServerTopics(KubernetesClient client, EventRecorder events, OperatorMetrics metrics) {
        this.client = client;
        this.events = events;
        this.metrics = metrics;
    }

    /** Called once, before the caches fill. */
    void readFrom(TopicCaches caches) {
        this.caches = caches;
    }

    @Override
    public Optional<KafkaTopic> get(TopicRef ref) {
        var cached = caches.topic(ref);
        var own = written.get(ref);
        if (own == null) {
            return cached;
        }
        if (cached.isEmpty() || !isOlder(cached.get(), own)) {
            written.remove(ref, own);
            return cached;
        }
        return Optional.of(own);
    }

    /** Resource versions of one kind can be compared, if they are of one object (KEP-5504). */
    private static boolean isOlder(KafkaTopic cached, KafkaTopic own) {
        return cached.getMetadata().getUid().equals(own.getMetadata().getUid()) && version(cached) < version(own);
    }

    private static long version(KafkaTopic topic) {
        return Long.parseLong(topic.getMetadata().getResourceVersion());
    }

    @Override
    public List<KafkaTopic> ofCluster(ClusterKey cluster) {
        return caches.topicsOf(cluster);
    }

    @Override
    public List<KafkaTopic> claimants(ClusterKey cluster, String topicName) {
        return caches.claimants(cluster, topicName);
    }

    @Override
    public ClusterFacts cluster(ClusterKey key) {
        return caches.cluster(key).map(ClusterFacts::of).orElseGet(ClusterFacts.Missing::new);
    }

    @Override
    public TopicTerms terms(ClusterKey key) {
        return caches.cluster(key).map(TopicTerms::of).orElseGet(() -> TopicTerms.none(key.namespace()));
    }

    @Override
    public KafkaTopic writeStatus(KafkaTopic seen, KafkaTopicStatus status) {
        var patch = patch(seen);
        // Of a status the API server does not compare the uid: a successor of the same name would get it.
        patch.getMetadata().setResourceVersion(seen.getMetadata().getResourceVersion());
        patch.setStatus(status);
        return write(seen, "status", () -> client.resource(patch)
                .subresource("status")
                .patch(APPLY));
    }

    @Override
    public KafkaTopic setFinalizer(KafkaTopic seen, boolean on) {
        var patch = patch(seen);
        // With the uid, apply never brings back what has just gone.
        patch.getMetadata().setUid(seen.getMetadata().getUid());
        patch.getMetadata().setFinalizers(on ? List.of(Finalizer.NAME) : List.of());
        return write(seen, "finalizer", () -> client.resource(patch).patch(APPLY));
    }

    private static KafkaTopic patch(KafkaTopic seen) {
        var patch = new KafkaTopic();
        patch.setMetadata(new ObjectMetaBuilder()
                .withNamespace(seen.getMetadata().getNamespace())
                .withName(seen.getMetadata().getName())
                .build());
        patch.setSpec(null);
        patch.setStatus(null);
        return patch;
    }

    private KafkaTopic write(KafkaTopic seen, String what, Supplier<KafkaTopic> request) {
        try {
            var result = request.get();
            metrics.wrote("KafkaTopic", what);
            written.put(TopicRef.of(result), result);
            return result;
        } catch (KubernetesClientException e) {
            throw KubeErrors.of("write the " + what + " of " + TopicRef.of(seen), e);
        }
    }

    @Override
    public void event(KafkaTopic about, EventType type, String reason, String message) {
        events.record(about, type, reason, message);
    }
}
