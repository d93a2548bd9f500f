package dev.castellan.operator.kube;

import dev.castellan.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
        var patched = apply(patch(seen, status, fresh), context);
        metrics.wrote(seen.getKind(), "status");
        return patched.getMetadata().getGeneration() > seen.getMetadata().getGeneration();
    }

    private static <S, P extends CustomResource<?, S>> P apply(P patch, Context<P> context) {
        try {
            return context.resourceOperations().serverSideApplyPrimaryStatus(patch);
        } catch (KubernetesClientException e) {
            throw KubeErrors.of("write the status of " + patch.getMetadata().getName(), e);
        }
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
