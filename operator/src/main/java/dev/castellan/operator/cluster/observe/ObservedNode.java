package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A Kafka node that should be there, and its pod as Kubernetes tells of it. */
public record ObservedNode(int id, NodeSet set, Optional<Pod> pod) {

    public String podName() {
        return set.podName(id);
    }

    public boolean isBroker() {
        return set.isBroker();
    }

    /** As people call it: broker 2 (events-brokers-2). */
    public String title() {
        return (isBroker() ? "broker " : "controller ") + id + " (" + podName() + ")";
    }

    public boolean isTerminating() {
        return pod.map(p -> p.getMetadata().getDeletionTimestamp() != null).orElse(false);
    }

    public boolean isReady() {
        return !isTerminating()
                && condition("Ready").map(c -> "True".equals(c.getStatus())).orElse(false);
    }

    /** Whether its process runs at all; a pod that waits, crashed or has not started serves nobody. */
    public boolean isRunning() {
        return containers().stream()
                .anyMatch(container ->
                        container.getState() != null && container.getState().getRunning() != null);
    }

    /** Its process was started and does not stay up, or cannot be started. */
    public boolean isFailing() {
        return containers().stream()
                .anyMatch(container -> container.getState() != null
                        && (container.getState().getTerminated() != null
                                || (container.getState().getWaiting() != null
                                        && container.getLastState() != null
                                        && container.getLastState().getTerminated() != null)));
    }

    public Optional<String> podSpec() {
        return pod.map(p -> p.getMetadata().getAnnotations()).map(a -> a.get(Annotations.POD_SPEC));
    }

    /** Kafka's version that its pod was made for. */
    public Optional<String> version() {
        return pod.map(p -> p.getMetadata().getLabels()).map(l -> l.get(Labels.VERSION));
    }

    /** Since when it has been as ready, or not ready, as it is. */
    public Optional<Instant> readinessSince() {
        return condition("Ready").map(PodCondition::getLastTransitionTime).map(Instant::parse);
    }

    /** Why it is not ready, without anything that changes from one look to the next. */
    public String notReadyBecause() {
        for (var container : containers()) {
            var state = container.getState();
            if (state != null && state.getWaiting() != null) {
                return state.getWaiting().getReason() + lastWords(container);
            }
        }
        return condition("PodScheduled")
                .filter(c -> !"True".equals(c.getStatus()))
                .map(c -> "not scheduled: " + c.getMessage())
                .orElse(isRunning() ? "Kafka is starting" : "its container is being started");
    }

    private static String lastWords(ContainerStatus container) {
        var last = container.getLastState();
        if (last == null || last.getTerminated() == null) {
            return "";
        }
        var end = last.getTerminated();
        var words = end.getMessage() == null ? "" : ": " + lastLine(end.getMessage());
        return ", last exit " + end.getExitCode() + " " + end.getReason() + words;
    }

    private static String lastLine(String message) {
        var lines = message.strip().lines().toList();
        return lines.isEmpty() ? "" : lines.getLast();
    }

    private List<ContainerStatus> containers() {
        return pod.map(p -> p.getStatus()).map(s -> s.getContainerStatuses()).orElse(List.of());
    }

    private Optional<PodCondition> condition(String type) {
        return pod.map(p -> p.getStatus()).map(s -> s.getConditions()).stream()
                .flatMap(List::stream)
                .filter(c -> c.getType().equals(type))
                .findFirst();
    }
}
