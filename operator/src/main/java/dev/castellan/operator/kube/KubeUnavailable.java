package dev.castellan.operator.kube;

/** The API server did not answer, was too busy, or the object changed under us: try again. */
public final class KubeUnavailable extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KubeUnavailable(String message, Throwable cause) {
        super(message, cause);
    }
}
