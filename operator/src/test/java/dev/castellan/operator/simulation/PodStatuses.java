package dev.castellan.operator.simulation;

import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateBuilder;
import io.fabric8.kubernetes.api.model.ContainerStatusBuilder;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.PodStatusBuilder;
import java.time.Instant;
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

    private static final ContainerState WAITING = new ContainerStateBuilder()
            .withNewWaiting(null, "ContainerCreating")
            .build();
    private static final ContainerState CRASHED =
            new ContainerStateBuilder().withNewWaiting(null, "CrashLoopBackOff").build();

    static PodStatus of(State state, Instant now, PodStatus before) {
        var since = before != null && isReady(before) == (state == State.READY) ? since(before) : now.toString();
        return new PodStatusBuilder()
                .withPhase(state == State.PENDING ? "Pending" : "Running")
                .withReason(state.name())
                .withContainerStatuses(new ContainerStatusBuilder()
                        .withName("kafka")
                        .withState(
                                switch (state) {
                                    case PENDING -> WAITING;
                                    case CRASHING -> CRASHED;
                                    case STARTING, READY -> running(now, before);
                                })
                        .build())
                .withConditions(condition(state == State.READY, since))
                .build();
    }

    private static ContainerState running(Instant now, PodStatus before) {
        return Optional.ofNullable(before)
                .map(status -> status.getContainerStatuses().getFirst().getState())
                .filter(state -> state.getRunning() != null)
                .orElseGet(() -> new ContainerStateBuilder()
                        .withNewRunning(now.toString())
                        .build());
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
