package dev.castellan.operator.topic;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.api.v1beta1.Rebalance;
import dev.castellan.api.v1beta1.Topics;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kube.Kube.EventType;
import dev.castellan.operator.kube.KubeRejected;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.plan.TopicTerms;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** KafkaTopics, most of them of one KafkaCluster, as an API server and its caches hold them. */
class FakeKubeTopics implements KubeTopics {
    static final ClusterKey CLUSTER = new ClusterKey("ns", "events");
    private static final ObjectMapper JSON = new ObjectMapper();

    final Map<String, KafkaTopic> topics = new TreeMap<>();
    final List<String> events = new ArrayList<>();

    /** Whose watch has something to tell. */
    final Set<TopicRef> woken = new LinkedHashSet<>();

    ClusterFacts cluster = new ClusterFacts.Formed(FakeTopicKafka.CLUSTER_ID, 3, true, "");
    Topics terms = new Topics();
    long bytesPerSecond = 50 * 1024 * 1024;
    /** Requests that were to write something, those too that were refused. */
    int writes;

    private long versions;

    /** Of a name such as orders, or shop/orders for one in another namespace. */
    static TopicRef ref(String name) {
        var slash = name.indexOf('/');
        return slash < 0
                ? new TopicRef(CLUSTER.namespace(), name)
                : new TopicRef(name.substring(0, slash), name.substring(slash + 1));
    }

    // --- what users do

    KafkaTopic apply(String name, Consumer<KafkaTopicSpec> declare) {
        var before = topics.get(name);
        var topic = before == null ? fresh(name) : copy(before);
        declare.accept(topic.getSpec());
        if (before == null || !same(topic.getSpec(), before.getSpec())) {
            topic.getMetadata()
                    .setGeneration(before == null ? 1L : before.getMetadata().getGeneration() + 1);
            topics.put(name, stamped(topic));
            wake(topic);
        }
        return topic;
    }

    /** Of this cluster in the namespace of the other. */
    KafkaTopic apply(String name, String ofCluster, Consumer<KafkaTopicSpec> declare) {
        return apply(name, spec -> {
            spec.clusterRef.name = ofCluster;
            declare.accept(spec);
        });
    }

    void delete(String name) {
        var topic = topics.get(name);
        if (topic == null || topic.isMarkedForDeletion()) {
            return;
        }
        if (topic.getMetadata().getFinalizers().isEmpty()) {
            topics.remove(name);
        } else {
            var leaving = copy(topic);
            leaving.getMetadata().setDeletionTimestamp("2026-01-01T00:00:00Z");
            leaving.getMetadata().setGeneration(topic.getMetadata().getGeneration() + 1);
            topics.put(name, stamped(leaving));
        }
        wake(topic);
    }

    private static String key(TopicRef ref) {
        return ref.nameFor(CLUSTER.namespace());
    }

    private KafkaTopic fresh(String name) {
        var topic = new KafkaTopic();
        topic.setMetadata(new ObjectMetaBuilder()
                .withNamespace(ref(name).namespace())
                .withName(ref(name).name())
                .withUid("uid-" + versions)
                .withCreationTimestamp("2026-01-01T00:%02d:%02dZ".formatted(versions / 60 % 60, versions % 60))
                .build());
        topic.setSpec(new KafkaTopicSpec());
        topic.getSpec().clusterRef = new KafkaTopicSpec.ClusterRef();
        topic.getSpec().clusterRef.name = CLUSTER.name();
        topic.getSpec().clusterRef.namespace = name.contains("/") ? CLUSTER.namespace() : null;
        topic.setStatus(new KafkaTopicStatus());
        topic.getStatus().observedGeneration = -1L;
        return topic;
    }

    private void wake(KafkaTopic topic) {
        woken.add(TopicRef.of(topic));
        claimants(CLUSTER, TopicSpec.nameInKafka(topic)).forEach(other -> woken.add(TopicRef.of(other)));
    }

    // --- the port

    @Override
    public Optional<KafkaTopic> get(TopicRef topic) {
        return Optional.ofNullable(topics.get(key(topic)));
    }

    @Override
    public List<KafkaTopic> ofCluster(ClusterKey cluster) {
        return topics.values().stream().filter(topic -> isOf(cluster, topic)).toList();
    }

    @Override
    public List<KafkaTopic> claimants(ClusterKey cluster, String topicName) {
        return topics.values().stream()
                .filter(topic -> isOf(cluster, topic))
                .filter(topic -> TopicSpec.nameInKafka(topic).equals(topicName))
                .toList();
    }

    static boolean isOf(ClusterKey cluster, KafkaTopic topic) {
        return TopicSpec.clusterOf(topic).equals(Optional.of(cluster));
    }

    @Override
    public ClusterFacts cluster(ClusterKey key) {
        return cluster;
    }

    @Override
    public TopicTerms terms(ClusterKey key) {
        var owner = owner(terms);
        owner.getSpec().rebalance = new Rebalance();
        owner.getSpec().rebalance.throttle = new Quantity("" + bytesPerSecond);
        return TopicTerms.of(owner);
    }

    static KafkaCluster owner(Topics terms) {
        var owner = new KafkaCluster();
        owner.setMetadata(new ObjectMetaBuilder()
                .withNamespace(CLUSTER.namespace())
                .withName(CLUSTER.name())
                .build());
        owner.setSpec(new KafkaClusterSpec());
        owner.getSpec().topics = terms;
        return owner;
    }

    @Override
    public KafkaTopic writeStatus(KafkaTopic seen, KafkaTopicStatus status) {
        var topic = copy(live(seen));
        if (!Objects.equals(
                topic.getMetadata().getResourceVersion(), seen.getMetadata().getResourceVersion())) {
            throw new KubeUnavailable("it has changed meanwhile", null);
        }
        topic.setStatus(status);
        return written(topic);
    }

    @Override
    public KafkaTopic setFinalizer(KafkaTopic seen, boolean on) {
        var topic = copy(live(seen));
        topic.getMetadata().setFinalizers(on ? List.of(Finalizer.NAME) : List.of());
        if (topic.isMarkedForDeletion() && !on) {
            topics.remove(key(TopicRef.of(topic)));
            wake(topic);
            return topic;
        }
        return written(topic);
    }

    private KafkaTopic live(KafkaTopic seen) {
        writes++;
        var live = topics.get(key(TopicRef.of(seen)));
        if (live == null
                || !Objects.equals(
                        live.getMetadata().getUid(), seen.getMetadata().getUid())) {
            throw new KubeRejected("not found", null);
        }
        return live;
    }

    private KafkaTopic written(KafkaTopic topic) {
        topics.put(key(TopicRef.of(topic)), stamped(topic));
        return topic;
    }

    private KafkaTopic stamped(KafkaTopic topic) {
        topic.getMetadata().setResourceVersion("" + ++versions);
        return topic;
    }

    @Override
    public void event(KafkaTopic about, EventType type, String reason, String message) {
        events.add(key(TopicRef.of(about)) + " " + reason);
    }

    static KafkaTopic copy(KafkaTopic topic) {
        var copy = new KafkaTopic();
        copy.setMetadata(topic.getMetadata().edit().build());
        copy.setSpec(copy(topic.getSpec()));
        copy.setStatus(topic.getStatus());
        return copy;
    }

    private static KafkaTopicSpec copy(KafkaTopicSpec spec) {
        var copy = new KafkaTopicSpec();
        copy.clusterRef = spec.clusterRef;
        copy.topicName = spec.topicName;
        copy.partitions = spec.partitions;
        copy.replicationFactor = spec.replicationFactor;
        copy.config = spec.config;
        copy.deletionPolicy = spec.deletionPolicy;
        copy.adoption = spec.adoption;
        copy.drift = spec.drift;
        copy.recreate = spec.recreate;
        return copy;
    }

    private static boolean same(Object one, Object other) {
        return JSON.valueToTree(one).equals(JSON.valueToTree(other));
    }
}
