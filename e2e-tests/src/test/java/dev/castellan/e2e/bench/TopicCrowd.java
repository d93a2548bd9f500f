package dev.castellan.e2e.bench;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Topic;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.Resource;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/** Many KafkaTopics alike, and one watch on them all: what is seen by somebody who asks nothing of Kafka. */
final class TopicCrowd implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(15);
    private static final PatchContext MERGE = PatchContext.of(PatchType.JSON_MERGE);

    private final KubernetesClient client;
    private final String namespace;
    private final List<String> names;
    private final String spec;
    private final Map<String, Hope> hopes = new ConcurrentHashMap<>();
    private final SharedIndexInformer<KafkaTopic> watch;

    /** What is waited for; of a KafkaTopic that is not there it is asked with empty. */
    private record Hope(Predicate<Optional<KafkaTopic>> condition, CompletableFuture<Void> fulfilled) {
        void look(Optional<KafkaTopic> topic) {
            if (condition.test(topic)) {
                fulfilled.complete(null);
            }
        }
    }

    /** What is done with one of them, by its name. */
    @FunctionalInterface
    interface Act {
        void on(String name) throws Exception;
    }

    /** @param spec what each declares, but for the cluster; none is there yet */
    TopicCrowd(Scene scene, Kafka kafka, String prefix, int size, String spec) {
        client = scene.client();
        namespace = scene.namespace();
        names = IntStream.range(0, size).mapToObj(i -> prefix + "-" + i).toList();
        this.spec = "clusterRef: {name: %s}\n%s".formatted(kafka.name(), spec);
        watch = client.resources(KafkaTopic.class).inNamespace(namespace).inform(new Watch());
    }

    List<String> names() {
        return names;
    }

    /** For each of them, so many at a time; returns when all are through. */
    void each(int threads, Act act) throws Exception {
        try (var executor = Executors.newFixedThreadPool(threads)) {
            var jobs = names.stream()
                    .<Callable<Void>>map(name -> () -> {
                        act.on(name);
                        return null;
                    })
                    .toList();
            for (var job : executor.invokeAll(jobs)) {
                job.get();
            }
        }
    }

    /** One request. */
    void create(String name) {
        var topic = Serialization.unmarshal("""
                apiVersion: castellan.dev/v1beta1
                kind: KafkaTopic
                metadata: {name: %s, namespace: %s}
                """.formatted(name, namespace), KafkaTopic.class);
        topic.setSpec(Serialization.unmarshal(spec, KafkaTopicSpec.class));
        client.resource(topic).create();
    }

    /** One request. */
    void change(String name, String key, String value) {
        handle(name).patch(MERGE, "{\"spec\": {\"config\": {\"%s\": \"%s\"}}}".formatted(key, value));
    }

    /** One request. */
    void delete(String name) {
        handle(name).delete();
    }

    /** One request: a status that says nothing. */
    void touchStatus(String name) {
        handle(name).subresource("status").patch(MERGE, "{\"status\": {\"observedGeneration\": 0}}");
    }

    void awaitReady(String name) throws Exception {
        await(name, topic -> topic.filter(Topic::isReady).isPresent());
    }

    void awaitReady(String name, String key, String value) throws Exception {
        await(name, topic -> topic.filter(Topic::isReady)
                .map(ready -> ready.getSpec().config)
                .map(config -> config.get(key))
                .filter(declared -> declared.asText().equals(value))
                .isPresent());
    }

    void awaitGone(String name) throws Exception {
        await(name, Optional::isEmpty);
    }

    void awaitReady() throws Exception {
        for (var name : names) {
            awaitReady(name);
        }
    }

    void awaitReady(String key, String value) throws Exception {
        for (var name : names) {
            awaitReady(name, key, value);
        }
    }

    void awaitGone() throws Exception {
        for (var name : names) {
            awaitGone(name);
        }
    }

    @Override
    public void close() {
        watch.close();
    }

    private void await(String name, Predicate<Optional<KafkaTopic>> condition) throws Exception {
        var hope = new Hope(condition, new CompletableFuture<>());
        hopes.put(name, hope);
        hope.look(Optional.ofNullable(watch.getStore().getByKey(namespace + "/" + name)));
        hope.fulfilled().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        hopes.remove(name);
    }

    private Resource<KafkaTopic> handle(String name) {
        return client.resources(KafkaTopic.class).inNamespace(namespace).withName(name);
    }

    private final class Watch implements ResourceEventHandler<KafkaTopic> {
        @Override
        public void onAdd(KafkaTopic topic) {
            look(topic, Optional.of(topic));
        }

        @Override
        public void onUpdate(KafkaTopic before, KafkaTopic topic) {
            look(topic, Optional.of(topic));
        }

        @Override
        public void onDelete(KafkaTopic topic, boolean unknown) {
            look(topic, Optional.empty());
        }

        private void look(KafkaTopic topic, Optional<KafkaTopic> state) {
            var hope = hopes.get(topic.getMetadata().getName());
            if (hope != null) {
                hope.look(state);
            }
        }
    }
}
