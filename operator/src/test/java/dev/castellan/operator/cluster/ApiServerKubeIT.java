package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.operator.cluster.desired.DesiredCluster;
import dev.castellan.operator.cluster.desired.Installation;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.it.TestApiServer;
import dev.castellan.operator.kube.ApiServerKube;
import dev.castellan.operator.kube.EventRecorder;
import dev.castellan.operator.kube.KnownMatches;
import dev.castellan.operator.kube.Kube;
import dev.castellan.operator.kube.Kube.Applied;
import dev.castellan.operator.kube.KubeRejected;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.kube.Owner;
import dev.castellan.operator.kube.PodResize;
import dev.castellan.operator.kube.StatusWriter;
import dev.castellan.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.api.model.Condition;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What only a real API server can tell of the adapter: server-side apply, defaults, managed fields, preconditions. */
class ApiServerKubeIT {
    /** Of every kind of object that a cluster may have; in zones that do not exist, so that no pod ever runs. */
    private static final String EVERYTHING = """
        brokers:
          replicas: 3
          zones: [nowhere-1, nowhere-2]
          storage:
            volumes:
              - {name: fast, size: 1Gi}
              - {name: large, size: 2Gi, storageClass: local-path}
          resources: {requests: {cpu: "0.5", memory: 1024Mi}, limits: {memory: 1Gi}}
        controllers: {replicas: 3, storage: {size: 1Gi}}
        listeners:
          - {name: plain, type: internal, port: 9092}
          - {name: outside, type: nodeport, port: 9094, nodePort: 30500}
        config: {log.retention.hours: 48}
        """;

    private final KubernetesClient client = TestApiServer.get().client();
    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private final OperatorMetrics metrics = new OperatorMetrics(registry, Clock.systemUTC(), null);
    private final String namespace = "it-" + UUID.randomUUID().toString().substring(0, 8);
    private final KnownMatches known = new KnownMatches();
    private InReconciles reconciles;
    private KafkaCluster cluster;

    @BeforeEach
    void create() throws Exception {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(namespace)
                        .endMetadata()
                        .build())
                .create();
        reconciles = new InReconciles(client, namespace);
        var events = new KafkaCluster();
        events.setMetadata(new ObjectMetaBuilder()
                .withName("events")
                .withNamespace(namespace)
                .build());
        events.setSpec(new YAMLMapper().readValue(EVERYTHING, KafkaClusterSpec.class));
        cluster = client.resource(events).create();
    }

    @AfterEach
    void delete() {
        reconciles.close();
        // The node ports are wanted by the next test, and a namespace takes its time.
        client.services().inNamespace(namespace).delete();
        client.namespaces().withName(namespace).delete();
        client.close();
    }

    @Test
    void everyKindOfObjectIsWrittenOnceAndThenFoundAsDesired() throws Exception {
        // Given
        var desired = everything();
        var first = withKube(kube -> desired.stream().map(kube::apply).toList());
        var versions = versions(desired);

        // When
        var second = withKube(kube -> desired.stream().map(kube::apply).toList());

        // Then
        assertThat(first).allMatch(Applied.Written.class::isInstance);
        assertThat(second).allMatch(Applied.Unchanged.class::isInstance);
        assertThat(versions(desired)).isEqualTo(versions);
        boolean applied = withKube(kube -> desired.stream().allMatch(kube::isApplied));
        assertThat(applied).isTrue();
    }

    @Test
    void anApplyThatIsSentAllTheSameChangesNothing() throws Exception {
        // Given
        var desired = everything();
        withKube(kube -> desired.stream().map(kube::apply).toList());
        var versions = versions(desired);

        // When
        desired.forEach(object -> client.resource(object)
                .fieldManager(ApiServerKube.FIELD_MANAGER)
                .forceConflicts()
                .serverSideApply());

        // Then
        assertThat(versions(desired)).isEqualTo(versions);
    }

    @Test
    void whatSomebodyChangesIsPutRightAndWhatSomebodyAddsIsLeft() throws Exception {
        // Given
        var service = everything().stream()
                .filter(Service.class::isInstance)
                .findFirst()
                .orElseThrow();
        withKube(kube -> kube.apply(service));
        client.services()
                .inNamespace(namespace)
                .withName(service.getMetadata().getName())
                .edit(seen -> new ServiceBuilder(seen)
                        .editMetadata()
                        .addToAnnotations("example.com/added", "yes")
                        .endMetadata()
                        .editSpec()
                        .withPublishNotReadyAddresses(false)
                        .endSpec()
                        .build());

        // When
        var applied = withKube(kube -> kube.apply(service));

        // Then
        assertThat(applied).isInstanceOf(Applied.Written.class);
        var live = live(service);
        assertThat(((Service) live).getSpec().getPublishNotReadyAddresses()).isTrue();
        assertThat(live.getMetadata().getAnnotations()).containsEntry("example.com/added", "yes");
    }

    @Test
    void anObjectOfSomebodyElseIsNotTouched() throws Exception {
        // Given
        var desired = configMap("events-config", Map.of("a", "ours"));
        var foreign = client.resource(new ConfigMapBuilder(configMap("events-config", Map.of("a", "theirs")))
                        .editMetadata()
                        .withOwnerReferences()
                        .endMetadata()
                        .build())
                .create();

        // When
        var applied = withKube(kube -> kube.apply(desired));

        // Then
        assertThat(applied).isEqualTo(new Applied.Foreign("ConfigMap", "events-config"));
        assertThat(live(desired).getMetadata().getResourceVersion())
                .isEqualTo(foreign.getMetadata().getResourceVersion());
    }

    @Test
    void whatIsCreatedIsNeverOverwritten() throws Exception {
        var identity = configMap("events-identity", Map.of("cluster.id", "first"));

        boolean first = withKube(kube -> kube.create(identity));
        boolean second = withKube(kube -> kube.create(configMap("events-identity", Map.of("cluster.id", "second"))));

        assertThat(first).isTrue();
        assertThat(second).isFalse();

        assertThat(((ConfigMap) live(identity)).getData()).containsEntry("cluster.id", "first");
        assertThat(live(identity).getMetadata().getManagedFields())
                .extracting("manager")
                .containsOnly(ApiServerKube.FIELD_MANAGER);
    }

    @Test
    void onlyWhatWasSeenIsDeleted() throws Exception {
        // Given
        var seen = client.resource(configMap("events-old", Map.of("a", "1"))).create();
        client.resource(seen)
                .edit(map -> new ConfigMapBuilder(map).addToData("a", "2").build());

        // When / Then
        assertThatThrownBy(() -> withKube(kube -> {
                    kube.delete(seen);
                    return null;
                }))
                .hasRootCauseInstanceOf(Exception.class)
                .hasCauseInstanceOf(KubeUnavailable.class);
        assertThat(live(seen)).isNotNull();
        withKube(kube -> {
            kube.delete(live(seen));
            return null;
        });
        assertThat(live(seen)).isNull();
        withKube(kube -> {
            kube.delete(seen);
            return null;
        });
    }

    @Test
    void aClaimIsGivenToTheClusterAndTakenBackAgain() throws Exception {
        // Given
        var claim = client.resource(claim("data-events-brokers-0")).create();

        // When / Then
        setOwner(claim, true);
        assertThat(live(claim).getMetadata().getOwnerReferences())
                .extracting("uid")
                .containsExactly(cluster.getMetadata().getUid());
        setOwner(live(claim), false);
        assertThat(live(claim).getMetadata().getOwnerReferences()).isEmpty();
        assertThat(live(claim).getMetadata().getLabels()).containsKey(Labels.CLUSTER);
    }

    @Test
    void anAnnotationIsAddedToWhatIsThere() throws Exception {
        var claim = client.resource(claim("data-events-brokers-0")).create();

        withKube(kube -> {
            kube.annotate(claim, "castellan.dev/formed", "true");
            return null;
        });

        assertThat(live(claim).getMetadata().getAnnotations())
                .containsEntry("castellan.dev/formed", "true")
                .containsEntry("example.com/kept", "yes");
    }

    @Test
    void aBudgetIsSetApartFromWhatIsAppliedAndOnlyAsItWasSeen() throws Exception {
        // Given
        var desired = everything().stream()
                .filter(PodDisruptionBudget.class::isInstance)
                .findFirst()
                .orElseThrow();
        withKube(kube -> kube.apply(desired));
        var seen = counted(desired);

        // When
        withKube(kube -> {
            kube.setMaxUnavailable(seen, 1);
            return null;
        });

        // Then
        var again = withKube(kube -> kube.apply(desired));
        assertThat(again).isInstanceOf(Applied.Unchanged.class);
        assertThat(((PodDisruptionBudget) live(seen)).getSpec().getMaxUnavailable())
                .isEqualTo(new IntOrString(1));
        assertThatThrownBy(() -> withKube(kube -> {
                    kube.setMaxUnavailable(seen, 0);
                    return null;
                }))
                .as("what has changed since")
                .hasCauseInstanceOf(KubeUnavailable.class)
                .hasMessageContaining("has been modified");
    }

    @Test
    void aPodIsResizedAsItWasSeenAndRemembersByWhom() throws Exception {
        // Given
        var seen = client.resource(podThatNobodySchedules()).create();

        // When
        resize(seen, "{requests: {cpu: '1'}, limits: {cpu: '2', memory: 2Gi}}");

        // Then
        var now = (Pod) live(seen);
        assertThat(PodResize.isOurs(seen)).isFalse();
        assertThat(PodResize.isOurs(now)).isTrue();
        assertThat(PodResize.ours(now).getRequests()).containsOnlyKeys("cpu");
        assertThat(PodResize.ours(now).getLimits()).containsOnlyKeys("cpu", "memory");
        assertThat(PodResize.asked(now).getRequests())
                .containsEntry("cpu", new Quantity("1"))
                .containsEntry("memory", new Quantity("1Gi"));
        assertThat(PodResize.asked(now).getLimits())
                .containsEntry("cpu", new Quantity("2"))
                .containsEntry("memory", new Quantity("2Gi"));
        assertThatThrownBy(() -> resize(seen, "{requests: {cpu: '2'}}"))
                .as("what has changed since")
                .hasCauseInstanceOf(KubeUnavailable.class);
        assertThatThrownBy(() -> resize(now, "{requests: {cpu: '2', memory: 2Gi}, limits: {cpu: '2', memory: 2Gi}}"))
                .as("another class of service")
                .hasCauseInstanceOf(KubeRejected.class)
                .hasMessageContaining("QOS");
    }

    private void resize(Pod seen, String resources) throws Exception {
        withKube(kube -> {
            kube.resize(seen, Serialization.unmarshal("--- " + resources, ResourceRequirements.class));
            return null;
        });
    }

    private Pod podThatNobodySchedules() {
        return new PodBuilder()
                .withNewMetadata()
                .withName("events-brokers-0")
                .withNamespace(namespace)
                .endMetadata()
                .withNewSpec()
                .withSchedulerName("nobody")
                .addNewContainer()
                .withName(Names.CONTAINER)
                .withImage("none")
                .withResources(Serialization.unmarshal(
                        "--- {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 1Gi}}", ResourceRequirements.class))
                .endContainer()
                .endSpec()
                .build();
    }

    /** As it is after Kubernetes has counted the pods, of which there are none: nobody else writes to it any more. */
    private PodDisruptionBudget counted(HasMetadata budget) {
        return client.resource((PodDisruptionBudget) live(budget))
                .waitUntilCondition(
                        now -> now.getStatus() != null
                                && now.getMetadata()
                                        .getGeneration()
                                        .equals(now.getStatus().getObservedGeneration()),
                        30,
                        TimeUnit.SECONDS);
    }

    @Test
    void whatTheApiServerRefusesIsToldInItsOwnWords() {
        var wrong = configMap("events_config", Map.of());

        assertThatThrownBy(() -> withKube(kube -> kube.apply(wrong)))
                .hasCauseInstanceOf(KubeRejected.class)
                .hasMessageContaining("RFC 1123");
    }

    @Test
    void theSameEventIsToldOnce() throws Exception {
        withKube(kube -> {
            kube.event(Kube.EventType.Normal, "RestartNode", "resources.limits.memory 4Gi → 6Gi");
            kube.event(Kube.EventType.Normal, "RestartNode", "resources.limits.memory 4Gi → 6Gi");
            return null;
        });

        assertThat(client.events().v1().events().inNamespace(namespace).list().getItems())
                .singleElement()
                .satisfies(event -> {
                    assertThat(event.getNote()).isEqualTo("resources.limits.memory 4Gi → 6Gi");
                    assertThat(event.getRegarding().getUid())
                            .isEqualTo(cluster.getMetadata().getUid());
                });
    }

    @Test
    void aStatusIsWrittenOnceHoweverOftenItsTimesChange() throws Exception {
        var writer = new StatusWriter(metrics);

        reconciles.run(cluster, (seen, context) -> writer.write(seen, status("a"), KafkaCluster::new, context));
        var version = live(cluster).getMetadata().getResourceVersion();
        reconciles.run(cluster, (seen, context) -> writer.write(seen, status("b"), KafkaCluster::new, context));

        assertThat(registry.get("castellan.kube.writes")
                        .tags("verb", "status")
                        .counter()
                        .count())
                .isOne();
        assertThat(((KafkaCluster) live(cluster)).getStatus().clusterId).isEqualTo("4L6g3nShT-eMCtK--X86sw");
        assertThat(((KafkaCluster) live(cluster)).getSpec().brokers.replicas)
                .as("the spec is the user's")
                .isEqualTo(3);
        assertThat(version).isNotNull();
    }

    @Test
    void aSpecThatChangesWhileTheStatusIsWrittenIsNoticed() throws Exception {
        var writer = new StatusWriter(metrics);

        var outdated = reconciles.run(cluster, (seen, context) -> {
            client.resource(seen)
                    .patch(PatchContext.of(PatchType.JSON_MERGE), "{\"spec\":{\"brokers\":{\"replicas\":4}}}");
            return writer.write(seen, status("a"), KafkaCluster::new, context);
        });

        assertThat(outdated).isTrue();
    }

    @Test
    void aSuccessorOfTheSameNameDoesNotGetTheStatus() throws Exception {
        var writer = new StatusWriter(metrics);

        var outdated = reconciles.run(cluster, (seen, context) -> {
            client.resource(seen).delete();
            client.resource(seen).waitUntilCondition(Objects::isNull, 10, TimeUnit.SECONDS);
            var successor = new KafkaCluster();
            successor.setMetadata(new ObjectMetaBuilder()
                    .withNamespace(namespace)
                    .withName(seen.getMetadata().getName())
                    .build());
            successor.setSpec(seen.getSpec());
            client.resource(successor).create();
            return writer.write(seen, status("a"), KafkaCluster::new, context);
        });

        assertThat(outdated).isFalse();
        assertThat(((KafkaCluster) live(cluster)).getStatus())
                .extracting(status -> status == null ? null : status.clusterId)
                .isNull();
    }

    @Test
    void ourOwnWritesWakeNobody() throws Exception {
        withKube(kube -> kube.apply(configMap("events-config", Map.of("n", "0"))));
        var before = reconciles.reconciles();

        for (int i = 1; i <= 5; i++) {
            var changed = configMap("events-config", Map.of("n", Integer.toString(i)));
            withKube(kube -> kube.apply(changed));
        }

        assertThat(reconciles.reconciles() - before)
                .as("those that the test asked for, and at most one that was under way before")
                .isLessThanOrEqualTo(6);
    }

    private void setOwner(HasMetadata claim, boolean owned) throws Exception {
        withKube(kube -> {
            kube.setOwner((PersistentVolumeClaim) claim, owned);
            return null;
        });
    }

    private <T> T withKube(Function<Kube, T> work) throws Exception {
        return reconciles.run(
                cluster,
                (seen, context) -> work.apply(new ApiServerKube(
                        seen, context, metrics, new EventRecorder(client, metrics, Clock.systemUTC()), known)));
    }

    private List<HasMetadata> everything() {
        var resolved = ClusterSpec.resolve(cluster);
        assertThat(resolved).isInstanceOf(ClusterSpec.Valid.class);
        var spec = ((ClusterSpec.Valid) resolved).spec();
        var layout = Layout.of(spec, List.of(), List.of(), List.of());
        var identity = Identity.founded(spec, layout, () -> Uuid.randomUuid().toString());
        var installation = new Installation("", "Never", Optional.of("castellan-system"));
        var desired = DesiredCluster.of(spec, identity, layout, List.of(), installation, new KnownRevisions(1));
        return Stream.concat(desired.supporting().stream(), desired.statefulSets().stream())
                .toList();
    }

    /** Of what nobody else writes to: controllers count in the status of the others, which have a generation. */
    private List<String> versions(List<HasMetadata> objects) {
        var versions = new ArrayList<String>();
        for (var object : objects) {
            var metadata = live(object).getMetadata();
            var version = List.of("StatefulSet", "PodDisruptionBudget").contains(object.getKind())
                    ? "generation " + metadata.getGeneration()
                    : metadata.getResourceVersion();
            versions.add(object.getKind() + " " + metadata.getName() + " " + version);
        }
        return versions;
    }

    private HasMetadata live(HasMetadata object) {
        return client.resource(object).inNamespace(namespace).get();
    }

    private ConfigMap configMap(String name, Map<String, String> data) {
        return new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(Map.of(Labels.CLUSTER, "events"))
                .withOwnerReferences(Owner.of(cluster).reference())
                .endMetadata()
                .withData(data)
                .build();
    }

    private PersistentVolumeClaim claim(String name) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withNamespace(namespace)
                .withName(name)
                .withLabels(Map.of(Labels.CLUSTER, "events"))
                .withAnnotations(Map.of("example.com/kept", "yes"))
                .endMetadata()
                .withNewSpec()
                .withAccessModes("ReadWriteOnce")
                .withNewResources()
                .withRequests(Map.of("storage", new Quantity("1Gi")))
                .endResources()
                .endSpec()
                .build();
    }

    private static KafkaClusterStatus status(String when) {
        var status = new KafkaClusterStatus();
        status.observedGeneration = 1L;
        status.clusterId = "4L6g3nShT-eMCtK--X86sw";
        status.conditions = Stream.of("Ready", "Degraded")
                .map(type -> condition(type, when))
                .collect(Collectors.toList());
        return status;
    }

    private static Condition condition(String type, String when) {
        return new ConditionBuilder()
                .withType(type)
                .withStatus("True")
                .withReason("Test")
                .withMessage("")
                .withLastTransitionTime("a".equals(when) ? "2026-01-01T00:00:00Z" : "2026-01-01T00:00:01Z")
                .build();
    }
}
