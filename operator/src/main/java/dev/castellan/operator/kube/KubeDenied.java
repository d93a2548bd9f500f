package dev.castellan.operator.kube;

/** Admission refuses it, as by a quota: what it refuses of a pod that runs it refuses of one that would take its place, too. */
public final class KubeDenied extends KubeRejected {
    private static final long serialVersionUID = 1L;

    public KubeDenied(String message, Throwable cause) {
        super(message, cause);
    }
}
