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
import java.util.function.Supplier;

/** The one place that writes the status of our kinds. */
@Singleton
public class StatusWriter {
    private final OperatorMetrics metrics;

    public StatusWriter(OperatorMetrics metrics) {
        this.metrics = metrics;
    }

    /**
     * Applies the status to exactly what was seen, unless that says the same already, timestamps aside.
     *
     * @param fresh makes an empty resource of the kind: what is applied must hold the status and nothing else
     * @return true if what was seen is outdated, so that the caller has to reconcile again: the user changed it meanwhile,
     *     or it is gone and another took its name. Then nothing was written.
     */
    public <S, P extends CustomResource<?, S>> boolean write(P seen, S status, Supplier<P> fresh, Context<P> context) {
        var serialization = context.getClient().getKubernetesSerialization();
        if (Objects.equals(timeless(seen.getStatus(), serialization), timeless(status, serialization))) {
            return false;
        }
        try {
            context.resourceOperations().serverSideApplyPrimaryStatus(patch(seen, status, fresh));
        } catch (KubernetesClientException e) {
            if (e.getCode() == HttpURLConnection.HTTP_CONFLICT || e.getCode() == HttpURLConnection.HTTP_NOT_FOUND) {
                return true;
            }
            throw KubeErrors.of("write the status of " + seen.getMetadata().getName(), e);
        }
        metrics.wrote(seen.getKind(), "status");
        return false;
    }

    /** Of a status the API server does not compare the uid: only the version tells a successor of the same name. */
    private static <S, P extends CustomResource<?, S>> P patch(P seen, S status, Supplier<P> fresh) {
        var patch = fresh.get();
        patch.setMetadata(new ObjectMetaBuilder()
                .withNamespace(seen.getMetadata().getNamespace())
                .withName(seen.getMetadata().getName())
                .withResourceVersion(seen.getMetadata().getResourceVersion())
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
