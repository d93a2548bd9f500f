package dev.castellan.e2e.harness;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A folder of examples/, applied as a reader of it would apply it. */
public final class Example {
    private static final Logger LOG = LoggerFactory.getLogger(Example.class);

    private final Kafka kafka;
    private final List<Topic> topics;

    private Example(Kafka kafka, List<Topic> topics) {
        this.kafka = kafka;
        this.topics = topics;
    }

    /** Applies it, waits until all of it is ready, and lets traffic through; tells how long that took. */
    public static Example apply(Scene scene, String folder) {
        return apply(scene, folder, cluster -> {});
    }

    /** The same, with a change that the place where the suite runs makes necessary. */
    public static Example apply(Scene scene, String folder, Consumer<KafkaCluster> change) {
        var resources = resources(scene, folder);
        var clusters = only(KafkaCluster.class, resources);
        clusters.forEach(change);
        var kafka = scene.kafka(clusters.getFirst().getMetadata().getName());
        var started = Instant.now();
        resources.forEach(
                resource -> scene.client().resource(resource).forceConflicts().serverSideApply());
        var traffic = scene.trafficThrough(kafka);
        kafka.awaitReady();
        var ready = Instant.now();
        var topics = only(KafkaTopic.class, resources).stream()
                .map(topic -> kafka.topicNamed(topic.getMetadata().getName()))
                .toList();
        LOG.info(
                "  {}: applied → Ready {} s → first message acknowledged {} s",
                folder,
                seconds(started, ready),
                seconds(started, traffic.firstAcknowledged()));
        return new Example(kafka, topics);
    }

    public Kafka kafka() {
        return kafka;
    }

    public Topic topic(String name) {
        return topics.stream()
                .filter(topic -> topic.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static List<HasMetadata> resources(Scene scene, String folder) {
        try (var files = Files.list(Setting.ROOT.resolve("examples").resolve(folder))) {
            var resources = new ArrayList<HasMetadata>();
            for (var file :
                    files.filter(f -> f.toString().endsWith(".yaml")).sorted().toList()) {
                for (var document : Files.readString(file).split("(?m)^---$")) {
                    resources.add(resource(scene, document));
                }
            }
            return resources;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HasMetadata resource(Scene scene, String document) {
        Class<? extends HasMetadata> type =
                document.contains("\nkind: KafkaTopic") ? KafkaTopic.class : KafkaCluster.class;
        var resource = Serialization.unmarshal(document, type);
        resource.getMetadata().setNamespace(scene.namespace());
        return resource;
    }

    private static <T> List<T> only(Class<T> type, List<HasMetadata> resources) {
        return resources.stream().filter(type::isInstance).map(type::cast).toList();
    }

    private static double seconds(Instant from, Instant to) {
        return Duration.between(from, to).toMillis() / 1000.0;
    }
}
