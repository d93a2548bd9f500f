package dev.castellan.operator.kube;

/** The API server understood the request and refused it; the message is its own. */
public class KubeRejected extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public KubeRejected(String message, Throwable cause) {
        super(message, cause);
    }
}
