package dev.castellan.operator.simulation;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** What a kubelet tells of a pod. */
final class PodStatuses {
    private PodStatuses() {}

    enum State {
        PENDING,
        STARTING,
        ENDED,
        KILLED,
        CRASHING,
        WITHOUT_DISK,
        WITHOUT_IMAGE,
        WITHOUT_PLACE,
        READY
    }

    private static final String BROKEN =
            "Kafka does not start: it is broken\n\tat dev.castellan.broker.Launcher.main(Launcher.java:1)\n";

    private static final ContainerState WAITING = waiting("ContainerCreating");
    private static final ContainerState CRASHED = waiting("CrashLoopBackOff");
    private static final ContainerState MISSED = waiting("ImagePullBackOff");

    static PodStatus of(State state, Instant now, PodStatus before) {
        return of(state, now, before, "");
    }

    /** @param failure what it says of its disk, if that is why it does not run */
    static PodStatus of(State state, Instant now, PodStatus before, String failure) {
        var since = before != null && isReady(before) == (state == State.READY) ? since(before) : now.toString();
        var status = new PodStatus();
        boolean isPending = state == State.PENDING || state == State.WITHOUT_PLACE || state == State.WITHOUT_IMAGE;
        status.setPhase(isPending ? "Pending" : "Running");
        status.setReason(state.name());
        var ready = condition("Ready", state == State.READY, since);
        if (state == State.WITHOUT_PLACE) {
            var scheduled = condition("PodScheduled", false, since);
            scheduled.setMessage("0/3 nodes are available: 3 Insufficient memory.");
            status.setConditions(List.of(ready, scheduled));
            status.setContainerStatuses(List.of());
            return status;
        }
        status.setConditions(List.of(ready));
        var container = container(
                switch (state) {
                    case PENDING -> WAITING;
                    case ENDED -> new ContainerState(null, ended(now, 0, "Completed"), null);
                    case KILLED -> new ContainerState(null, ended(now, 137, "OOMKilled"), null);
                    case CRASHING, WITHOUT_DISK -> CRASHED;
                    case WITHOUT_IMAGE -> MISSED;
                    default -> running(now, before);
                });
        if (state == State.STARTING
                && before != null
                && !before.getContainerStatuses().isEmpty()) {
            var last = before.getContainerStatuses().getFirst();
            boolean hasEnded = last.getState().getTerminated() != null;
            container.setLastState(hasEnded ? last.getState() : last.getLastState());
        }
        if (state == State.CRASHING || state == State.WITHOUT_DISK) {
            container.setRestartCount(before == null ? 0 : restarts(before) + 1);
            container.setLastState(
                    new ContainerState(null, ended(now, state == State.CRASHING ? BROKEN : failure), null));
        }
        status.setContainerStatuses(List.of(container));
        return status;
    }

    private static ContainerStateTerminated ended(Instant now, String message) {
        var ended = ended(now, 1, "Error");
        ended.setMessage(message);
        return ended;
    }

    /** It lived for a second. */
    private static ContainerStateTerminated ended(Instant now, int exitCode, String reason) {
        var ended = new ContainerStateTerminated();
        ended.setExitCode(exitCode);
        ended.setReason(reason);
        ended.setStartedAt(now.minusSeconds(1).toString());
        ended.setFinishedAt(now.toString());
        return ended;
    }

    static int restarts(PodStatus status) {
        return status.getContainerStatuses().isEmpty()
                ? 0
                : Objects.requireNonNullElse(
                        status.getContainerStatuses().getFirst().getRestartCount(), 0);
    }

    private static ContainerState waiting(String reason) {
        return new ContainerState(null, null, new ContainerStateWaiting(null, reason));
    }

    private static ContainerState running(Instant now, PodStatus before) {
        return Optional.ofNullable(before)
                .flatMap(status -> status.getContainerStatuses().stream().findFirst())
                .map(ContainerStatus::getState)
                .filter(state -> state.getRunning() != null)
                .orElseGet(() -> new ContainerState(new ContainerStateRunning(now.toString()), null, null));
    }

    private static ContainerStatus container(ContainerState state) {
        var container = new ContainerStatus();
        container.setName("kafka");
        container.setState(state);
        return container;
    }

    static boolean is(PodStatus status, State state) {
        return status != null && state.name().equals(status.getReason());
    }

    private static PodCondition condition(String type, boolean isSo, String since) {
        var condition = new PodCondition();
        condition.setType(type);
        condition.setStatus(isSo ? "True" : "False");
        condition.setLastTransitionTime(since);
        return condition;
    }

    private static boolean isReady(PodStatus status) {
        return status.getConditions().getFirst().getStatus().equals("True");
    }

    private static String since(PodStatus status) {
        return status.getConditions().getFirst().getLastTransitionTime();
    }
}
