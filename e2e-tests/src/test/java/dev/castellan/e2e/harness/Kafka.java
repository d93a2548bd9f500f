package dev.castellan.e2e.harness;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.readiness.Readiness;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A KafkaCluster under test, as its user sees it. */
public final class Kafka {
    /** Long, for a loaded machine: only what never comes takes as long. */
    public static final Duration PATIENCE = Duration.ofSeconds(300);

    /**
     * Little memory and few threads, for many brokers on a small machine; a test's own values win. Time-outs stay Kafka's own: with
     * shorter ones brokers that are merely starved of processor are fenced, and what is measured is that.
     */
    private static final String QUICK = """
            brokers:
              resources: {requests: {cpu: 50m, memory: 384Mi}, limits: {memory: 512Mi}}
              storage: {size: 1Gi}
              template: {terminationGracePeriodSeconds: 30}
            config:
              log.cleaner.dedupe.buffer.size: 2097152
              log.cleaner.threads: 1
              num.network.threads: 1
              num.io.threads: 2
              group.initial.rebalance.delay.ms: 0
              offsets.topic.num.partitions: 5
              transaction.state.log.num.partitions: 5
              share.coordinator.state.topic.num.partitions: 5
            """;

    private static final String PAUSE = "castellan.dev/pause";

    private final KubernetesClient client;
    private final ClientPod clients;
    private final String namespace;
    private final String name;

    Kafka(KubernetesClient client, ClientPod clients, String namespace, String name) {
        this.client = client;
        this.clients = clients;
        this.namespace = namespace;
        this.name = name;
    }

    public String name() {
        return name;
    }

    public String namespace() {
        return namespace;
    }

    /** Applies a KafkaCluster of this spec, with what makes it quick where the spec leaves it open. */
    public KafkaCluster apply(String spec) {
        return applyExactly(quick(spec), Map.of());
    }

    /** The same, with nothing to be done about it before {@link #resume}. */
    public KafkaCluster applyPaused(String spec) {
        return applyExactly(quick(spec), Map.of(PAUSE, "true"));
    }

    /** Nothing is done about it before {@link #resume}; what is so is told. */
    public void pause() {
        Edit.of(handle(), cluster -> {
            var annotations = new HashMap<>(
                    Objects.requireNonNullElse(cluster.getMetadata().getAnnotations(), Map.<String, String>of()));
            annotations.put(PAUSE, "true");
            cluster.getMetadata().setAnnotations(annotations);
        });
    }

    public void resume() {
        Edit.of(handle(), cluster -> cluster.getMetadata().getAnnotations().remove(PAUSE));
    }

    private static JsonNode quick(String spec) {
        var merged = (ObjectNode) Serialization.unmarshal(QUICK, JsonNode.class);
        var own = Serialization.unmarshal(spec, JsonNode.class);
        if (own.at("/brokers/storage").isObject()) {
            ((ObjectNode) merged.get("brokers")).remove("storage");
        }
        merge(merged, own);
        if (merged.has("controllers")) {
            var controllers =
                    ((ObjectNode) merged.get("brokers")).deepCopy().retain("resources", "storage", "template");
            merge(controllers, merged.get("controllers"));
            merged.set("controllers", controllers);
        }
        return merged;
    }

    /** Applies a KafkaCluster of this spec and nothing else: what a user gets. */
    public KafkaCluster applyExactly(String spec) {
        return applyExactly(Serialization.unmarshal(spec, JsonNode.class), Map.of());
    }

    private KafkaCluster applyExactly(JsonNode spec, Map<String, String> annotations) {
        var cluster = new KafkaCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withName(name)
                .withNamespace(namespace)
                .withAnnotations(annotations)
                .build());
        cluster.setSpec(Serialization.clone(Serialization.jsonMapper().convertValue(spec, KafkaClusterSpec.class)));
        return client.resource(cluster).forceConflicts().serverSideApply();
    }

    public KafkaCluster edit(Consumer<KafkaClusterSpec> change) {
        return Edit.of(handle(), cluster -> change.accept(cluster.getSpec()));
    }

    public Resource<KafkaCluster> handle() {
        return client.resources(KafkaCluster.class).inNamespace(namespace).withName(name);
    }

    public KafkaCluster now() {
        return handle().require();
    }

    public KafkaCluster awaitReady() {
        return await("Ready", Kafka::isReady);
    }

    /** Ready, and nothing left to do. */
    public KafkaCluster awaitSettled() {
        return await("Ready and nothing left to do", Kafka::isSettled);
    }

    /** Settled, and nothing is held back either. */
    public KafkaCluster awaitDone() {
        return await(
                "settled, and everything as declared",
                cluster -> isSettled(cluster)
                        && cluster.getStatus().plan != null
                        && "Done".equals(cluster.getStatus().plan.step));
    }

    public KafkaCluster await(String what, Predicate<KafkaCluster> condition) {
        return Await.until(handle(), "KafkaCluster " + name + " " + what, PATIENCE, condition);
    }

    public KafkaCluster awaitCondition(String type, String status, String reason) {
        return await("%s=%s because of %s".formatted(type, status, reason), cluster -> condition(cluster, type)
                .filter(c -> c.getStatus().equals(status) && c.getReason().equals(reason))
                .isPresent());
    }

    public static boolean isReady(KafkaCluster cluster) {
        return cluster.getStatus() != null
                && Objects.equals(
                        cluster.getStatus().observedGeneration,
                        cluster.getMetadata().getGeneration())
                && hasStatus(cluster, "Ready", "True");
    }

    /** Whether its plan says so now. */
    public static boolean isDoing(KafkaCluster cluster, String words) {
        return cluster.getStatus() != null
                && cluster.getStatus().plan != null
                && cluster.getStatus().plan.reason.contains(words);
    }

    public static boolean isSettled(KafkaCluster cluster) {
        return isReady(cluster)
                && !hasStatus(cluster, "Reconciling", "True")
                && !hasStatus(cluster, "Degraded", "True")
                && !hasStatus(cluster, "Stalled", "True");
    }

    /** Settled with just these brokers, and nothing is left to do. */
    public static boolean isDoneWith(KafkaCluster cluster, Set<Integer> brokers) {
        return isSettled(cluster)
                && cluster.getStatus().brokers.stream().allMatch(broker -> brokers.contains(broker.id))
                && cluster.getStatus().brokers.size() == brokers.size()
                && "Done".equals(cluster.getStatus().plan.step);
    }

    /** Waits until those that are to go hold nothing; that passes, and they may be gone already. */
    public void awaitProvedEmpty(Set<Integer> staying) {
        await(
                "proved empty, or gone",
                cluster ->
                        Stream.of("nothing any more", "nothing, as was seen").anyMatch(words -> isDoing(cluster, words))
                                || isDoneWith(cluster, staying));
    }

    public static Optional<Condition> condition(KafkaCluster cluster, String type) {
        return cluster.getStatus() == null || cluster.getStatus().conditions == null
                ? Optional.empty()
                : cluster.getStatus().conditions.stream()
                        .filter(condition -> condition.getType().equals(type))
                        .findFirst();
    }

    /** What the condition Stalled tells to add to spec.healing.acceptDataLossOn. */
    public static List<String> uidsToGiveUp(KafkaCluster stalled) {
        var message = condition(stalled, "Stalled").orElseThrow().getMessage();
        var told = Pattern.compile("by adding (.+) to spec\\.healing\\.acceptDataLossOn")
                .matcher(message)
                .results()
                .findFirst()
                .orElseThrow(() -> new AssertionError("names nothing to give up: " + message));
        return List.of(told.group(1).split(", "));
    }

    private static boolean hasStatus(KafkaCluster cluster, String type, String status) {
        return condition(cluster, type)
                .filter(c -> c.getStatus().equals(status))
                .isPresent();
    }

    /** Where clients inside Kubernetes connect, as the status tells them. */
    public String bootstrap() {
        return await(
                        "tells its listeners",
                        cluster -> cluster.getStatus() != null && cluster.getStatus().listeners != null)
                .getStatus()
                .listeners
                .getFirst()
                .bootstrap;
    }

    public FilterWatchListDeletable<Pod, PodList, PodResource> pods() {
        return client.pods().inNamespace(namespace).withLabel("castellan.dev/cluster", name);
    }

    public Resource<Pod> pod(String podName) {
        return client.pods().inNamespace(namespace).withName(podName);
    }

    /** The pods' names and identities: whoever was restarted has another. */
    public Map<String, String> podUids() {
        var uids = new TreeMap<String, String>();
        pods().list()
                .getItems()
                .forEach(pod ->
                        uids.put(pod.getMetadata().getName(), pod.getMetadata().getUid()));
        return uids;
    }

    /** Waits until each of these pods is another than before, and ready. */
    public void awaitReplaced(Map<String, String> uidsBefore) {
        uidsBefore.forEach((pod, uid) -> Await.until(
                pod(pod),
                "pod " + pod + " replaced and ready",
                PATIENCE,
                now -> !now.getMetadata().getUid().equals(uid) && Readiness.isPodReady(now)));
    }

    /** Waits until Kafka itself says that every replica is in sync. */
    public Duration awaitInSync() {
        return Duration.ofMillis(Long.parseLong(ask("in-sync").get("millis")));
    }

    public Map<String, String> topic(String topic) {
        return clients.ask("topic", Map.of("bootstrap", bootstrap(), "topic", topic));
    }

    /** Waits until Kafka says so of this topic: what one writes, a broker that is asked hears of a little later. */
    public Map<String, String> awaitTopic(String topic, String fact, String value) {
        return awaitTopic(topic, facts -> value.equals(facts.get(fact)));
    }

    /** The same of several facts at once. */
    public Map<String, String> awaitTopic(String topic, Map<String, String> facts) {
        return awaitTopic(topic, said -> said.entrySet().containsAll(facts.entrySet()));
    }

    public Map<String, String> awaitTopic(String topic, Predicate<Map<String, String>> condition) {
        return Answer.await("topic " + topic, PATIENCE, () -> topic(topic), condition);
    }

    /** Waits until none of its replicas is throttled. */
    public void awaitUnthrottled(String topic) {
        awaitTopic(topic, facts -> facts.keySet().stream().noneMatch(fact -> fact.contains("throttled")));
    }

    /** Waits until Kafka answers so: what one broker knows, another hears of a little later. */
    public Map<String, String> awaitAnswer(String verb, Predicate<Map<String, String>> condition) {
        return Answer.await(verb, PATIENCE, () -> ask(verb), condition);
    }

    public Map<String, String> awaitAnswer(String verb, String fact, String value) {
        return awaitAnswer(verb, facts -> value.equals(facts.get(fact)));
    }

    /** Asks Kafka: brokers, quorum, in-sync. */
    public Map<String, String> ask(String verb) {
        return clients.ask(verb, Map.of("bootstrap", bootstrap()));
    }

    public Map<String, String> ask(String verb, Map<String, String> arguments) {
        var all = new TreeMap<>(arguments);
        all.put("bootstrap", bootstrap());
        return clients.ask(verb, all);
    }

    public Map<String, String> ask(String verb, String topic) {
        return clients.ask(verb, Map.of("bootstrap", bootstrap(), "topic", topic));
    }

    /** Somebody else sets a property of a topic. */
    public void setTopicConfig(String topic, String property, String value) {
        clients.ask(
                "set-topic-config",
                Map.of("bootstrap", bootstrap(), "topic", topic, "property", property, "value", value));
    }

    /** How many replicas each broker has that Kafka knows, by node id; asked of Kafka itself. */
    public Map<Integer, Integer> replicas() {
        return byNode(ask("replicas"));
    }

    /** The same, as soon as these are just the brokers that Kafka knows. */
    public Map<Integer, Integer> awaitReplicas(Set<Integer> brokers) {
        return byNode(awaitAnswer("replicas", counts -> byNode(counts).keySet().equals(brokers)));
    }

    private static Map<Integer, Integer> byNode(Map<String, String> counts) {
        var byNode = new TreeMap<Integer, Integer>();
        counts.forEach((node, count) -> byNode.put(Integer.parseInt(node), Integer.parseInt(count)));
        return byNode;
    }

    /** The value of this property in each broker, by node id. */
    public Map<String, String> brokerConfig(String property) {
        return clients.ask("broker-config", Map.of("bootstrap", bootstrap(), "property", property));
    }

    /** Waits until each broker says that it has this value; empty: none. */
    public void awaitBrokerConfig(String property, String value) {
        awaitBrokerConfig(property, values -> Answer.isOfAll(values, value));
    }

    /** Waits until each broker says that it has its value, by node id. */
    public void awaitBrokerConfig(String property, Map<String, String> values) {
        awaitBrokerConfig(property, values::equals);
    }

    /** Waits until brokers say so, by node id. */
    public Map<String, String> awaitBrokerConfig(String property, Predicate<Map<String, String>> condition) {
        return Answer.await(property, PATIENCE, () -> brokerConfig(property), condition);
    }

    /** Applies a KafkaTopic of this cluster. */
    public Topic applyTopic(String topicName, String spec) {
        return applyTopicIn(namespace, topicName, spec);
    }

    /** Applies a KafkaTopic of this cluster in this namespace, which it names where it is another than its own. */
    public Topic applyTopicIn(String topicNamespace, String topicName, String spec) {
        var topic = Serialization.unmarshal("""
                apiVersion: castellan.dev/v1beta1
                kind: KafkaTopic
                metadata: {name: %s, namespace: %s}
                spec: %s
                """.formatted(topicName, topicNamespace, spec), KafkaTopic.class);
        topic.getSpec().clusterRef = new KafkaTopicSpec.ClusterRef();
        topic.getSpec().clusterRef.name = name;
        topic.getSpec().clusterRef.namespace = topicNamespace.equals(namespace) ? null : namespace;
        client.resource(topic).forceConflicts().serverSideApply();
        return topicIn(topicNamespace, topicName);
    }

    /** Applies the only KafkaTopic in this YAML as it is. */
    public Topic applyTopicFrom(String yaml) {
        var topic = Serialization.unmarshal(yaml, KafkaTopic.class);
        client.resource(topic).inNamespace(namespace).forceConflicts().serverSideApply();
        return topicNamed(topic.getMetadata().getName());
    }

    /** The KafkaTopic of this name, whether it is there or not. */
    public Topic topicNamed(String topicName) {
        return topicIn(namespace, topicName);
    }

    private Topic topicIn(String topicNamespace, String topicName) {
        return new Topic(
                client.resources(KafkaTopic.class).inNamespace(topicNamespace).withName(topicName), topicName);
    }

    public List<Pod> podList() {
        return pods().list().getItems();
    }

    private static void merge(ObjectNode into, JsonNode from) {
        from.properties().forEach(entry -> {
            if (entry.getValue() instanceof ObjectNode inner && into.get(entry.getKey()) instanceof ObjectNode outer) {
                merge(outer, inner);
            } else {
                into.set(entry.getKey(), entry.getValue());
            }
        });
    }
}
