package dev.castellan.operator.it;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.admissionregistration.v1.ValidatingAdmissionPolicy;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The chart's policies, all on, on a real API server: what each refuses, in which words, and what it lets in. */
class PoliciesIT {
    private static final Path HELM = Path.of(System.getProperty("it.root"), "helm/src/test/resources");
    private static final List<String> NAMESPACES = List.of("policies-shop", "policies-payments");
    private static final KubernetesClient CLIENT = TestApiServer.get().client();

    /** It was there before the policies, and breaks nearly all of them. */
    private static final String EARLY = """
            apiVersion: castellan.dev/v1beta1
            kind: KafkaTopic
            metadata: {name: early}
            spec:
              clusterRef: {name: events}
              partitions: 500
              replicationFactor: 1
              deletionPolicy: Delete
              config: {retention.ms: -1, min.insync.replicas: 1}
            """;

    private static List<HasMetadata> policies;

    @BeforeAll
    static void install() throws IOException {
        NAMESPACES.forEach(PoliciesIT::createNamespace);
        CLIENT.resource(parse(EARLY)).create();
        policies = CLIENT.load(Files.newInputStream(HELM.resolve("golden/policies/rendered.yaml"))).items().stream()
                .filter(object -> object.getKind().startsWith("ValidatingAdmissionPolicy"))
                .filter(object -> !object.getMetadata().getName().endsWith("-deletion-protection"))
                .toList();
        CLIENT.resourceList(policies).serverSideApply();
        for (var file : files("refused")) {
            await(file + " is refused", () -> refusal(() -> change(file, true)).isPresent());
        }
        await("deletions are refused", () -> refusal(
                        () -> CLIENT.resource(parse(EARLY)).dryRun().delete())
                .isPresent());
    }

    /** A namespace that goes takes all with it, whatever the policies say. */
    @AfterAll
    static void remove() {
        NAMESPACES.forEach(name -> CLIENT.namespaces().withName(name).delete());
        NAMESPACES.forEach(name ->
                CLIENT.namespaces().withName(name).waitUntilCondition(gone -> gone == null, 60, TimeUnit.SECONDS));
        CLIENT.resourceList(policies).delete();
        CLIENT.close();
    }

    /** Every file's first line is what the refusal must tell; a second document is a change that is refused. */
    @TestFactory
    Stream<DynamicTest> refuse() throws IOException {
        return files("refused").stream()
                .map(file -> DynamicTest.dynamicTest(name(file), () -> {
                    var expected = Files.readAllLines(file).getFirst().replaceFirst("^# expect: *", "");

                    var refusal = refusal(() -> change(file, false)).orElseThrow();

                    assertThat(refusal.getCode()).isEqualTo(403);
                    assertThat(refusal.getStatus().getMessage()).endsWith("denied request: " + expected);
                }));
    }

    @TestFactory
    Stream<DynamicTest> admit() throws IOException {
        return files("admitted").stream()
                .map(file -> DynamicTest.dynamicTest(name(file), () -> assertThat(refusal(() -> change(file, false)))
                        .isEmpty()));
    }

    @Test
    void whatWasThereBeforeMayStayAsItIsButNotGetWorse() {
        var early = CLIENT.resource(parse(EARLY));

        early.patch(PatchContext.of(PatchType.JSON_MERGE), """
                {"metadata": {"finalizers": ["example.com/of-somebody"]}, "spec": {"config": {"cleanup.policy": "delete"}}}""");
        early.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"metadata\": {\"finalizers\": null}}");

        assertThatThrownBy(
                        () -> early.patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\": {\"partitions\": 501}}"))
                .hasMessageContaining("spec.partitions is 501, and must be at most 100 here");
    }

    @Test
    void whatIsAnnotatedMayBeDeleted() {
        var cluster = CLIENT.resource(parse("""
                apiVersion: castellan.dev/v1beta1
                kind: KafkaCluster
                metadata: {name: events}
                spec: {brokers: {replicas: 1}}
                """));
        cluster.create();

        assertThatThrownBy(cluster::delete)
                .hasMessageContaining("KafkaCluster policies-shop/events may not be deleted: annotate it with"
                        + " example.com/may-be-deleted=true first");

        cluster.patch(
                PatchContext.of(PatchType.JSON_MERGE),
                "{\"metadata\": {\"annotations\": {\"example.com/may-be-deleted\": \"true\"}}}");
        cluster.delete();
        assertThat(cluster.get()).isNull();
    }

    /** The API server type-checks them once they are there, and tells in their status. */
    @Test
    void areWellTyped() {
        for (var policy : policies) {
            if (policy instanceof ValidatingAdmissionPolicy) {
                var checked = (ValidatingAdmissionPolicy) CLIENT.resource(policy)
                        .waitUntilCondition(
                                seen -> seen instanceof ValidatingAdmissionPolicy p
                                        && p.getStatus() != null
                                        && p.getStatus().getTypeChecking() != null,
                                30,
                                TimeUnit.SECONDS);
                assertThat(checked.getStatus().getTypeChecking().getExpressionWarnings())
                        .as(policy.getMetadata().getName())
                        .isEmpty();
            }
        }
    }

    /** Makes what the file has, and leaves nothing behind. */
    private static void change(Path file, boolean dryRun) {
        var documents =
                Stream.of(read(file).split("(?m)^---$")).map(PoliciesIT::parse).toList();
        if (documents.size() == 1 && dryRun) {
            CLIENT.resource(documents.getFirst()).dryRun().create();
            return;
        }
        CLIENT.resource(documents.getFirst()).create();
        try {
            for (var next : documents.subList(1, documents.size())) {
                var spec = Serialization.asJson(next.getAdditionalProperties().get("spec"));
                CLIENT.resource(next)
                        .patch(
                                PatchContext.of(PatchType.JSON),
                                "[{\"op\": \"replace\", \"path\": \"/spec\", \"value\": %s}]".formatted(spec));
            }
        } finally {
            annotateAndDelete(documents.getFirst());
        }
    }

    private static void annotateAndDelete(GenericKubernetesResource object) {
        CLIENT.resource(object)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\": {\"annotations\": {\"example.com/may-be-deleted\": \"true\"}}}");
        CLIENT.resource(object).delete();
    }

    private static Optional<KubernetesClientException> refusal(Runnable act) {
        try {
            act.run();
            return Optional.empty();
        } catch (KubernetesClientException e) {
            return Optional.of(e);
        }
    }

    private static GenericKubernetesResource parse(String text) {
        var object = Serialization.unmarshal(text, GenericKubernetesResource.class);
        if (object.getMetadata().getNamespace() == null) {
            object.getMetadata().setNamespace(NAMESPACES.getFirst());
        }
        return object;
    }

    private static void createNamespace(String name) {
        CLIENT.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("example.com/policies", "enforced")
                        .endMetadata()
                        .build())
                .create();
    }

    /** Policies are in force some time after they were made, and nothing tells when: only what they refuse. */
    private static void await(String what, BooleanSupplier isSo) {
        var deadline = Instant.now().plus(Duration.ofSeconds(60));
        while (!isSo.getAsBoolean()) {
            assertThat(Instant.now()).as(what).isBefore(deadline);
        }
    }

    private static List<Path> files(String folder) throws IOException {
        try (var files = Files.list(HELM.resolve("policies").resolve(folder))) {
            return files.sorted().toList();
        }
    }

    private static String name(Path file) {
        return file.getFileName().toString().replace(".yaml", "");
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
