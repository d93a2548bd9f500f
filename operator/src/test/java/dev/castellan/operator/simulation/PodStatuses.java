package dev.castellan.operator.simulation;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** What a kubelet tells of a pod. */
final class PodStatuses {
    private PodStatuses() {}

    enum State {
        PENDING,
        STARTING,
        CRASHING,
        READY
    }

    private static final ContainerState WAITING = waiting("ContainerCreating");
    private static final ContainerState CRASHED = waiting("CrashLoopBackOff");

    static PodStatus of(State state, Instant now, PodStatus before) {
        var since = before != null && isReady(before) == (state == State.READY) ? since(before) : now.toString();
        var status = new PodStatus();
        status.setPhase(state == State.PENDING ? "Pending" : "Running");
        status.setReason(state.name());
        status.setContainerStatuses(List.of(container(
                switch (state) {
                    case PENDING -> WAITING;
                    case CRASHING -> CRASHED;
                    case STARTING, READY -> running(now, before);
                })));
        status.setConditions(List.of(condition(state == State.READY, since)));
        return status;
    }

    private static ContainerState waiting(String reason) {
        return new ContainerState(null, null, new ContainerStateWaiting(null, reason));
    }

    private static ContainerState running(Instant now, PodStatus before) {
        return Optional.ofNullable(before)
                .map(status -> status.getContainerStatuses().getFirst().getState())
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

    private static PodCondition condition(boolean ready, String since) {
        var condition = new PodCondition();
        condition.setType("Ready");
        condition.setStatus(ready ? "True" : "False");
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
