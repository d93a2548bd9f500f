package dev.castellan.operator.kube;

/** Nothing is made in a namespace any more that is being deleted, and never will be: it goes with all that is there. */
public final class NamespaceLeaving extends KubeRejected {
    private static final long serialVersionUID = 1L;

    public NamespaceLeaving(String message, Throwable cause) {
        super(message, cause);
    }
}
