package dev.castellan.operator.kube;

import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Optional;

/** Sorts the client's exceptions into those that pass and those that stay. */
public final class KubeErrors {
    private KubeErrors() {}

    public static RuntimeException of(String what, KubernetesClientException e) {
        var message = "Cannot " + what + ": " + reason(e);
        return isPassing(e.getCode()) ? new KubeUnavailable(message, e) : new KubeRejected(message, e);
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
