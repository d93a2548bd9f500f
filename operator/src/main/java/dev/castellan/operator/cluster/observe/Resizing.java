package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kube.PodResize;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.util.Optional;

/**
 * How far Kubernetes is with a change of a pod's CPU and memory that it was told of by us.
 *
 * @param words the kubelet's, or the API server's
 */
public record Resizing(State state, String words) {
    private static final String PENDING = "PodResizePending";
    private static final String IN_PROGRESS = "PodResizeInProgress";

    /** The beginning of what a kubelet says where no pod of its node could have as much. */
    private static final String MORE_THAN_THERE_IS = "Node didn't have enough capacity";

    public enum State {
        /** The kubelet is at it, or has not heard of it yet. */
        UNDER_WAY,
        /** There is no room on the Kubernetes node at the moment; the kubelet tries again. */
        DEFERRED,
        /** The Kubernetes node never has as much. */
        TOO_MUCH,
        /** Admission does not let the pod have it, nor would it let one that takes its place. */
        DENIED,
        /** On this Kubernetes node a process gets it only at its start. */
        NEEDS_RESTART
    }

    /** Empty: nothing is to be done, or all is done. */
    static Optional<Resizing> of(Pod pod) {
        if (!PodResize.isOurs(pod) || pod.getStatus() == null) {
            return Optional.empty();
        }
        if (isUnseen(pod)) {
            return Optional.of(new Resizing(State.UNDER_WAY, "its kubelet has not heard of it yet"));
        }
        return condition(pod, PENDING).map(Resizing::pending).or(() -> condition(pod, IN_PROGRESS)
                .map(condition -> new Resizing(State.UNDER_WAY, message(condition, "its kubelet is at it"))));
    }

    /** @param reason empty: it is denied to pods that run alone */
    static Optional<Resizing> denied(Optional<String> reason) {
        return reason.map(words -> new Resizing(State.DENIED, words));
    }

    /** What the pod's status tells is of an earlier state of its spec. */
    private static boolean isUnseen(Pod pod) {
        var generation = pod.getMetadata().getGeneration();
        var observed = pod.getStatus().getObservedGeneration();
        return generation != null && observed != null && observed < generation;
    }

    private static Resizing pending(PodCondition condition) {
        var message = message(condition, String.valueOf(condition.getReason()));
        if (!"Infeasible".equals(condition.getReason())) {
            return new Resizing(State.DEFERRED, message);
        }
        // Whatever else stands in the way, its StatefulSet makes a pod that fits.
        return new Resizing(message.startsWith(MORE_THAN_THERE_IS) ? State.TOO_MUCH : State.NEEDS_RESTART, message);
    }

    private static String message(PodCondition condition, String otherwise) {
        return condition.getMessage() == null || condition.getMessage().isBlank() ? otherwise : condition.getMessage();
    }

    private static Optional<PodCondition> condition(Pod pod, String type) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> type.equals(condition.getType()) && "True".equals(condition.getStatus()))
                .findFirst();
    }
}
