package dev.castellan.operator.kube;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.DeleteOptionsBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.processing.dependent.kubernetes.SSABasedGenericKubernetesResourceMatcher;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/** {@link Kube} for one reconcile, over the informers' caches of the SDK and the live API server. */
public final class ApiServerKube implements Kube {
    /** The name under which the API server remembers which fields are ours. Public API: never to be changed. */
    public static final String FIELD_MANAGER = "castellan";

    private static final PatchContext RESIZE = new PatchContext.Builder()
            .withPatchType(PatchType.SERVER_SIDE_APPLY)
            .withFieldManager(FIELD_MANAGER)
            .withForce(true)
            .build();

    private final KafkaCluster cluster;
    private final Context<KafkaCluster> context;
    private final OperatorMetrics metrics;
    private final EventRecorder events;
    private final KnownMatches known;

    public ApiServerKube(
            KafkaCluster cluster,
            Context<KafkaCluster> context,
            OperatorMetrics metrics,
            EventRecorder events,
            KnownMatches known) {
        this.cluster = cluster;
        this.context = context;
        this.metrics = metrics;
        this.events = events;
        this.known = known;
    }

    @Override
    public <T extends HasMetadata> List<T> list(Class<T> kind) {
        return context.getSecondaryResources(kind).stream()
                .filter(object -> !Ownership.isOfEarlierCluster(object, cluster))
                .sorted(Comparator.comparing(object -> object.getMetadata().getName()))
                .toList();
    }

    @Override
    public <T extends HasMetadata> List<T> listLive(Class<T> kind) {
        return asking("list " + kind.getSimpleName(), () -> context.getClient()
                .resources(kind)
                .inNamespace(namespace())
                .withLabel(Labels.CLUSTER, cluster.getMetadata().getName())
                .list()
                .getItems());
    }

    @Override
    public <T extends HasMetadata> Optional<T> getLive(Class<T> kind, String name) {
        return asking(
                "get " + kind.getSimpleName() + " " + name,
                () -> Optional.ofNullable(context.getClient()
                        .resources(kind)
                        .inNamespace(namespace())
                        .withName(name)
                        .get()));
    }

    @Override
    public Optional<Node> host(String name) {
        return asking(
                "get Node " + name,
                () -> Optional.ofNullable(
                        context.getClient().nodes().withName(name).get()));
    }

    @Override
    public List<Node> hostsLabelled(String hostname) {
        return asking("list Node " + hostname, () -> context.getClient()
                .nodes()
                .withLabel(Labels.TOPOLOGY_HOST, hostname)
                .list()
                .getItems());
    }

    @Override
    public Optional<PersistentVolume> volume(String name) {
        return asking(
                "get PersistentVolume " + name,
                () -> Optional.ofNullable(
                        context.getClient().persistentVolumes().withName(name).get()));
    }

    @Override
    public boolean isApplied(HasMetadata desired) {
        return cached(desired).filter(actual -> isAsDesired(actual, desired)).isPresent();
    }

    @Override
    public boolean owns(HasMetadata seen) {
        return Ownership.isOurs(seen, cluster);
    }

    @Override
    public boolean create(HasMetadata desired) {
        return asking("create " + describe(desired), () -> {
            try {
                context.resourceOperations().create(desired);
                metrics.wrote(desired.getKind(), "create");
                return true;
            } catch (KubernetesClientException e) {
                if (e.getCode() == 409) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** By the API server's answer, since to look at the namespace would take another permission. */
    @Override
    public void tryCreate() {
        var nothing = new ConfigMapBuilder()
                .withNewMetadata()
                .withNamespace(namespace())
                .withGenerateName(cluster.getMetadata().getName() + "-")
                .endMetadata()
                .build();
        try {
            context.getClient().resource(nothing).dryRun().create();
        } catch (KubernetesClientException e) {
            var refusal = KubeErrors.of("make anything", e);
            if (refusal instanceof NamespaceLeaving) {
                throw refusal;
            }
        }
    }

    @Override
    public Applied apply(HasMetadata desired) {
        var name = desired.getMetadata().getName();
        var existing = cached(desired).or(() -> getLive(desired.getClass(), name));
        return switch (existing.map(object -> Ownership.of(object, cluster)).orElse(Ownership.OURS)) {
            case FOREIGN -> new Applied.Foreign(desired.getKind(), name);
            case LEAVING -> new Applied.Leaving(desired.getKind(), name);
            case OURS -> {
                if (existing.isPresent() && matches(existing.get(), desired)) {
                    yield new Applied.Unchanged();
                }
                write(desired);
                yield new Applied.Written();
            }
        };
    }

    @Override
    public void delete(HasMetadata seen) {
        // The resource version is one of the whole store: it stands for this very object and this very state.
        delete(
                seen,
                () -> context.getClient().resource(seen).lockResourceVersion().delete());
    }

    @Override
    public void deleteNow(Pod seen) {
        var options = new DeleteOptionsBuilder()
                .withGracePeriodSeconds(0L)
                .withNewPreconditions()
                .withResourceVersion(seen.getMetadata().getResourceVersion())
                .endPreconditions()
                .build();
        var path = "/api/v1/namespaces/" + namespace() + "/pods/"
                + seen.getMetadata().getName();
        // The client's own delete takes either a grace period or a resource version.
        delete(seen, () -> context.getClient().raw(path, "DELETE", options));
    }

    private void delete(HasMetadata seen, Runnable exactly) {
        asking("delete " + describe(seen), () -> {
            try {
                exactly.run();
                metrics.wrote(seen.getKind(), "delete");
            } catch (KubernetesClientException e) {
                if (e.getCode() != 404) {
                    throw e;
                }
            }
            return seen;
        });
    }

    /**
     * The claim is the StatefulSet's but for this one field, which is ours. With the resource version of what was seen,
     * since an apply would otherwise create a claim that has gone.
     */
    @Override
    public void setOwner(PersistentVolumeClaim seen, boolean owned) {
        if (Owner.of(cluster).owns(seen) == owned) {
            return;
        }
        var patch = new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withNamespace(namespace())
                .withName(seen.getMetadata().getName())
                .withResourceVersion(seen.getMetadata().getResourceVersion())
                .withOwnerReferences(owned ? List.of(Owner.of(cluster).reference()) : List.of())
                .endMetadata()
                .build();
        write(patch);
    }

    @Override
    public void grow(PersistentVolumeClaim seen, Quantity size) {
        merge(
                "patch",
                seen,
                Map.of(
                        "metadata",
                        Map.of("resourceVersion", seen.getMetadata().getResourceVersion()),
                        "spec",
                        Map.of("resources", Map.of("requests", Map.of("storage", size.toString())))));
    }

    /** By an apply, since only that is remembered as ours where the pod happens to have it all. */
    @Override
    public void resize(Pod seen, ResourceRequirements resources) {
        var wanted = new PodBuilder()
                .withNewMetadata()
                .withNamespace(namespace())
                .withName(seen.getMetadata().getName())
                .withResourceVersion(seen.getMetadata().getResourceVersion())
                .endMetadata()
                .withNewSpec()
                .addNewContainer()
                .withName(Names.CONTAINER)
                .withResources(resources)
                .endContainer()
                .endSpec()
                .build();
        var resized = asking("resize " + describe(seen), () -> {
            try {
                return context.resourceOperations().resourcePatch(seen, object -> context.getClient()
                        .resource(wanted)
                        .subresource(PodResize.SUBRESOURCE)
                        .patch(RESIZE));
            } catch (KubernetesClientException e) {
                if (PodResize.isDenied(e.getCode(), e.getMessage())) {
                    throw new KubeDenied(KubeErrors.reason(e), e);
                }
                throw e;
            }
        });
        metrics.wrote(seen.getKind(), "resize");
        PodResize.difference(resized, resources).ifPresent(difference -> {
            throw new KubeRejected(
                    "Cannot resize " + describe(seen) + ": asked, the API server says " + difference, null);
        });
    }

    @Override
    public void orphan(StatefulSet seen) {
        var options = new DeleteOptionsBuilder()
                .withPropagationPolicy("Orphan")
                .withNewPreconditions()
                .withUid(seen.getMetadata().getUid())
                .withResourceVersion(seen.getMetadata().getResourceVersion())
                .endPreconditions()
                .build();
        var path = "/apis/apps/v1/namespaces/" + namespace() + "/statefulsets/"
                + seen.getMetadata().getName();
        delete(seen, () -> context.getClient().raw(path, "DELETE", options));
    }

    @Override
    public void annotate(HasMetadata seen, String annotation, String value) {
        merge("annotate", seen, Map.of("metadata", Map.of("annotations", Map.of(annotation, value))));
    }

    @Override
    public void scale(StatefulSet seen, int replicas, String annotation, Optional<String> value) {
        var version = seen.getMetadata().getResourceVersion();
        var annotations = new HashMap<String, String>();
        annotations.put(annotation, value.orElse(null)); // null takes it away
        merge(
                "scale",
                seen,
                Map.of(
                        "metadata",
                        Map.of("resourceVersion", version, "annotations", annotations),
                        "spec",
                        Map.of("replicas", replicas)));
    }

    @Override
    public void setMaxUnavailable(PodDisruptionBudget seen, int pods) {
        var version = seen.getMetadata().getResourceVersion();
        merge(
                "patch",
                seen,
                Map.of("metadata", Map.of("resourceVersion", version), "spec", Map.of("maxUnavailable", pods)));
    }

    private void merge(String verb, HasMetadata seen, Map<String, ?> patch) {
        asking(verb + " " + describe(seen), () -> context.resourceOperations()
                .resourcePatch(seen, object -> context.getClient()
                        .resource(object)
                        .patch(
                                PatchContext.of(PatchType.JSON_MERGE),
                                context.getClient().getKubernetesSerialization().asJson(patch))));
        metrics.wrote(seen.getKind(), verb);
    }

    @Override
    public void event(EventType type, String reason, String message) {
        events.record(cluster, type, reason, message);
    }

    private void write(HasMetadata desired) {
        asking("apply " + describe(desired), () -> context.resourceOperations().serverSideApply(desired));
        metrics.wrote(desired.getKind(), "apply");
    }

    private boolean isAsDesired(HasMetadata actual, HasMetadata desired) {
        return Ownership.of(actual, cluster) == Ownership.OURS && matches(actual, desired);
    }

    /** With JOSDK 5.5 the comparison goes: there serverSideApply matches by itself. */
    private boolean matches(HasMetadata actual, HasMetadata desired) {
        return known.matches(actual, desired, () -> SSABasedGenericKubernetesResourceMatcher.<HasMetadata>getInstance()
                .matches(actual, desired, context));
    }

    private Optional<HasMetadata> cached(HasMetadata desired) {
        var source = (InformerEventSource<?, ?>) context.eventSourceRetriever().getEventSourceFor(desired.getClass());
        return source.get(ResourceID.fromResource(desired)).map(HasMetadata.class::cast);
    }

    private String namespace() {
        return cluster.getMetadata().getNamespace();
    }

    private static String describe(HasMetadata object) {
        return object.getKind() + " " + object.getMetadata().getName();
    }

    private static <T> T asking(String what, Supplier<T> request) {
        try {
            return request.get();
        } catch (KubernetesClientException e) {
            throw KubeErrors.of(what, e);
        }
    }
}
