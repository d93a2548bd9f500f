package dev.castellan.operator.kube;

import dev.castellan.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import jakarta.inject.Singleton;
import java.net.HttpURLConnection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Supplier;

/** The one place that writes the status of our kinds. */
@Singleton
public class StatusWriter {
    private final OperatorMetrics metrics;

    public StatusWriter(OperatorMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Applies the status, unless it says what the seen resource says already, timestamps aside.
     *
     * @param fresh makes an empty resource of the kind: what is applied must hold the status and nothing else
     * @return true if the user changed the spec meanwhile, so that the caller has to reconcile again: the SDK takes the
     *     answer to our write for an echo and drops the event of that change (JOSDK 3398)
     */
    public <S, P extends CustomResource<?, S>> boolean write(P seen, S status, Supplier<P> fresh, Context<P> context) {
        var serialization = context.getClient().getKubernetesSerialization();
        if (Objects.equals(timeless(seen.getStatus(), serialization), timeless(status, serialization))) {
            return false;
        }
        return apply(seen, patch(seen, status, fresh), context)
                .filter(patched -> patched.getMetadata().getGeneration()
                        > seen.getMetadata().getGeneration())
                .isPresent();
    }

    /**
     * Over what was seen, or what it has become since: of a status the API server does not compare the uid, so that a successor of
     * the same name would get it.
     *
     * @return empty: it has gone, and there is nobody to write it to
     */
    private <S, P extends CustomResource<?, S>> Optional<P> apply(P seen, P patch, Context<P> context) {
        try {
            for (var over = Optional.of(seen); over.isPresent(); over = now(seen, context)) {
                patch.getMetadata().setResourceVersion(over.get().getMetadata().getResourceVersion());
                var patched = applied(patch, context);
                if (patched.isPresent()) {
                    metrics.wrote(seen.getKind(), "status");
                    return patched;
                }
            }
            return Optional.empty();
        } catch (KubernetesClientException e) {
            throw KubeErrors.of("write the status of " + patch.getMetadata().getName(), e);
        }
    }

    /** Empty: it has changed since, or has gone. */
    private static <S, P extends CustomResource<?, S>> Optional<P> applied(P patch, Context<P> context) {
        try {
            return Optional.of(context.resourceOperations().serverSideApplyPrimaryStatus(patch));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return Optional.empty();
            }
            throw e;
        }
    }

    private static <S, P extends CustomResource<?, S>> Optional<P> now(P seen, Context<P> context) {
        return Optional.ofNullable(context.getClient().resource(seen).get())
                .filter(live ->
                        live.getMetadata().getUid().equals(seen.getMetadata().getUid()));
    }

    private static <S, P extends CustomResource<?, S>> P patch(P seen, S status, Supplier<P> fresh) {
        var patch = fresh.get();
        patch.setMetadata(new ObjectMetaBuilder()
                .withNamespace(seen.getMetadata().getNamespace())
                .withName(seen.getMetadata().getName())
                .build());
        patch.setSpec(null);
        patch.setStatus(status);
        return patch;
    }

    private static Map<?, ?> timeless(Object status, KubernetesSerialization serialization) {
        if (status == null) {
            return Map.of();
        }
        Map<?, ?> map = serialization.convertValue(status, HashMap.class);
        if (map.get("conditions") instanceof List<?> conditions) {
            conditions.forEach(condition -> ((Map<?, ?>) condition).remove("lastTransitionTime"));
        }
        return map;
    }
}
