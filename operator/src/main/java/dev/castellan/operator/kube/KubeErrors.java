package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.Status;
import io.fabric8.kubernetes.api.model.StatusDetails;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** Sorts the client's exceptions into those that pass and those that stay. */
public final class KubeErrors {
    private static final String NAMESPACE_LEAVING = "NamespaceTerminating";

    private KubeErrors() {}

    public static RuntimeException of(String what, KubernetesClientException e) {
        var message = "Cannot " + what + ": " + reason(e);
        if (isNamespaceLeaving(e)) {
            return new NamespaceLeaving(message, e);
        }
        return isPassing(e.getCode()) ? new KubeUnavailable(message, e) : new KubeRejected(message, e);
    }

    private static boolean isNamespaceLeaving(KubernetesClientException e) {
        return Optional.ofNullable(e.getStatus())
                .map(Status::getDetails)
                .map(StatusDetails::getCauses)
                .filter(causes -> causes.stream().anyMatch(cause -> NAMESPACE_LEAVING.equals(cause.getReason())))
                .isPresent();
    }

    /** Code 0 is no answer at all; a conflict passes with the next, fresher look at the object. */
    private static boolean isPassing(int code) {
        return code == 0 || code == 409 || code == 410 || code == 429 || code >= 500;
    }

    static String reason(KubernetesClientException e) {
        return Optional.ofNullable(e.getStatus())
                .map(status -> status.getMessage())
                .or(() -> Optional.ofNullable(e.getCause()).map(Throwable::getMessage))
                .orElse(e.getMessage());
    }
}
