package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.desired.PodChanges;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * A Kafka node that should be there, and its pod as Kubernetes tells of it.
 *
 * @param missingSince since when it has been seen without a pod; empty: it has one
 * @param changes how the pod differs from what it should be; empty: it does not
 */
public record ObservedNode(
        int id, NodeSet set, Optional<Pod> pod, Optional<Instant> missingSince, Optional<PodChanges> changes) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

    public String podName() {
        return set.podName(id);
    }

    public boolean isBroker() {
        return set.isBroker();
    }

    /** The user wants fewer nodes, and this is one of those that are to go. */
    public boolean isLeaving() {
        return set.leaving().contains(id);
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

    /** Something is wrong with its pod that time alone does not mend: it crashes, or cannot be scheduled or started. */
    public boolean isFailing() {
        return containers().stream()
                        .map(ContainerStatus::getState)
                        .filter(Objects::nonNull)
                        .anyMatch(state -> state.getTerminated() != null
                                || (state.getWaiting() != null
                                        && !ON_ITS_WAY.contains(
                                                state.getWaiting().getReason())))
                || condition("PodScheduled")
                        .filter(c -> "False".equals(c.getStatus()))
                        .isPresent();
    }

    public Optional<String> podSpec() {
        return pod.map(p -> p.getMetadata().getAnnotations()).map(a -> a.get(Annotations.POD_SPEC));
    }

    /** What Kafka takes while it runs needs no restart; unless it does not run, and the new value may be the cure. */
    public boolean isOutdated() {
        return !isTerminating()
                && changes.map(c -> isFailing() ? c.all() : c.restarting())
                        .filter(differences -> !differences.isEmpty())
                        .isPresent();
    }

    /** Kafka's version that its pod was made for. */
    public Optional<String> version() {
        return pod.map(p -> p.getMetadata().getLabels()).map(l -> l.get(Labels.VERSION));
    }

    public Optional<Instant> readySince() {
        return condition("Ready")
                .filter(c -> "True".equals(c.getStatus()))
                .map(PodCondition::getLastTransitionTime)
                .map(Instant::parse);
    }

    /** Since when its processes run, whether they are of use yet or not. */
    public Optional<Instant> runningSince() {
        var starts = containers().stream()
                .flatMap(container -> Optional.ofNullable(container.getState())
                        .map(ContainerState::getRunning)
                        .map(ContainerStateRunning::getStartedAt)
                        .map(Instant::parse)
                        .stream())
                .toList();
        return isTerminating() || starts.size() < containers().size()
                ? Optional.empty()
                : starts.stream().max(Comparator.naturalOrder());
    }

    /** It has not been ready for longer than a start takes; or ought to be gone, and is not. */
    public boolean isOverdue(Instant now) {
        var since = isTerminating()
                ? pod.map(p -> p.getMetadata().getDeletionTimestamp())
                : condition("Ready")
                        .filter(condition -> !"True".equals(condition.getStatus()))
                        .map(PodCondition::getLastTransitionTime);
        return since.filter(time -> Instant.parse(time).plus(PATIENCE).isBefore(now))
                .isPresent();
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
                .orElse("Kafka is starting");
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
        for (var condition :
                pod.map(p -> p.getStatus()).map(s -> s.getConditions()).orElse(List.of())) {
            if (condition.getType().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }
}
