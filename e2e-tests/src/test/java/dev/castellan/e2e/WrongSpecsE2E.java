package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Repository;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What a user may get wrong: the API server refuses it, or the status says it; nothing comes to harm. */
@E2E
class WrongSpecsE2E {
    /** Every file's first line says what the refusal must tell; a second document is a change that is refused. */
    @TestFactory
    Stream<DynamicTest> theApiServerRefuses(Scene scene) throws IOException {
        try (var files = Files.list(Repository.file("crds/src/test/resources/refused"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString().replace(".yaml", ""), () -> refuses(scene, file)));
        }
    }

    /** And every file of these it must not refuse. */
    @TestFactory
    Stream<DynamicTest> theApiServerAccepts(Scene scene) throws IOException {
        try (var files = Files.list(Repository.file("crds/src/test/resources/accepted"))) {
            return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(
                            file.getFileName().toString().replace(".yaml", ""),
                            () -> accepts(scene, Files.readString(file))));
        }
    }

    @Test
    void aForeignObjectIsLeftAloneAndTheConditionSaysSo(Scene scene) {
        var service = scene.client()
                .resource(new ServiceBuilder()
                        .withNewMetadata()
                        .withName("stranger-bootstrap")
                        .withNamespace(scene.namespace())
                        .endMetadata()
                        .withNewSpec()
                        .addNewPort()
                        .withPort(80)
                        .endPort()
                        .addToSelector("app", "somebody-elses")
                        .endSpec()
                        .build());
        var foreign = service.create();
        var kafka = scene.kafka("stranger");

        kafka.apply("brokers: {replicas: 1}");

        var stalled = kafka.awaitCondition("Stalled", "True", "ForeignObject");
        assertThat(Kafka.condition(stalled, "Stalled").orElseThrow().getMessage())
                .contains("Service stranger-bootstrap", "rename or delete it");
        var now = scene.client().resource(foreign).get();
        assertThat(now.getMetadata().getResourceVersion())
                .isEqualTo(foreign.getMetadata().getResourceVersion());

        service.delete();

        kafka.awaitSettled();
        scene.trafficThrough(kafka).checkpoint();
    }

    private static void refuses(Scene scene, Path file) throws IOException {
        var text = Files.readString(file);
        var expected = text.lines().findFirst().orElseThrow().replaceFirst("^# expect: *", "");
        var documents = documents(scene, text);
        Optional<GenericKubernetesResource> existing =
                documents.size() > 1 ? Optional.of(create(scene, documents.getFirst())) : Optional.empty();
        try {
            assertThatThrownBy(() -> {
                        if (documents.size() > 1) {
                            update(scene, documents.getLast());
                        } else {
                            scene.client()
                                    .resource(create(scene, documents.getFirst()))
                                    .delete();
                        }
                    })
                    .isInstanceOf(KubernetesClientException.class)
                    .satisfies(refusal -> assertThat(((KubernetesClientException) refusal)
                                    .getStatus()
                                    .getMessage())
                            .contains(expected));
        } finally {
            existing.ifPresent(object -> remove(scene, object));
        }
    }

    private static void accepts(Scene scene, String text) {
        var documents = documents(scene, text);
        var created = create(scene, documents.getFirst());
        try {
            documents.stream().skip(1).forEach(change -> update(scene, change));
        } finally {
            remove(scene, created);
        }
    }

    private static List<GenericKubernetesResource> documents(Scene scene, String text) {
        return Stream.of(text.split("(?m)^---$"))
                .map(document -> Serialization.unmarshal(document, GenericKubernetesResource.class))
                .map(resource -> paused(scene, resource))
                .toList();
    }

    /** In our namespace, and paused, so that what the API server lets in does not become pods. */
    private static GenericKubernetesResource paused(Scene scene, GenericKubernetesResource resource) {
        var metadata = resource.getMetadata();
        metadata.setNamespace(scene.namespace());
        var annotations =
                new HashMap<>(Optional.ofNullable(metadata.getAnnotations()).orElseGet(HashMap::new));
        annotations.put("castellan.dev/pause", "true");
        metadata.setAnnotations(annotations);
        return resource;
    }

    private static GenericKubernetesResource create(Scene scene, GenericKubernetesResource resource) {
        return scene.client().resource(resource).create();
    }

    /** The spec as a whole, as a replacement would have it, whatever the operator writes to the status meanwhile. */
    private static void update(Scene scene, GenericKubernetesResource resource) {
        var spec = Serialization.asJson(resource.getAdditionalProperties().get("spec"));
        scene.client()
                .resource(resource)
                .patch(
                        PatchContext.of(PatchType.JSON),
                        "[{\"op\": \"replace\", \"path\": \"/spec\", \"value\": %s}]".formatted(spec));
    }

    private static void remove(Scene scene, GenericKubernetesResource resource) {
        if (resource.getKind().equals("KafkaCluster")) {
            scene.client()
                    .resource(resource)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"deletionProtection\": false}}");
        }
        scene.client().resource(resource).delete();
    }
}
