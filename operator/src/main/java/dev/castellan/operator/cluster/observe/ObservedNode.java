package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.desired.PodChanges;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.ContainerState;
import io.fabric8.kubernetes.api.model.ContainerStateRunning;
import io.fabric8.kubernetes.api.model.ContainerStateTerminated;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A Kafka node that should be there, and its pod as Kubernetes tells of it.
 *
 * @param missingSince since when it has been seen without a pod; empty: it has one
 * @param lostHost where its disk lies, if that is gone and it is down with it
 * @param leavingClaim a volume claim of it that is marked for deletion: it goes, with all that lies there, when its pod does
 * @param duty what its pod was made to be
 * @param asksDedicated it was told of dedicated controllers when it started, who did not found the cluster
 * @param resizing how far Kubernetes is with other CPU or memory for it; empty: it has what was asked for
 * @param changes how the pod differs from what it should be; empty: it does not
 */
public record ObservedNode(
        int id,
        NodeSet set,
        Optional<Pod> pod,
        Optional<Instant> missingSince,
        Optional<LostHost> lostHost,
        Optional<String> leavingClaim,
        Duty duty,
        boolean asksDedicated,
        Optional<Resizing> resizing,
        Optional<PodChanges> changes) {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Pattern POINTLESS = Pattern.compile(
            "at \\S+\\(|\\.\\.\\. \\d+ more|Error: Could not create the Java Virtual|Error: A fatal exception has");
    private static final Pattern FATAL = Pattern.compile("^FATAL: .*$", Pattern.MULTILINE);
    private static final Pattern OWN_WORDS = Pattern.compile("(FATAL|FULL): ");
    private static final Set<String> ON_ITS_WAY = Set.of("ContainerCreating", "PodInitializing");

    /** What a node does in the quorum, if it is let. */
    public enum Duty {
        /** Its pod runs as a controller, and so would any that takes its place. */
        controller,
        /** Its pod, or one that takes its place, runs as a controller, but not both. */
        changing,
        /** Its pod runs as a broker and nothing else. */
        none
    }

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
        return pod.isPresent() && pod.get().getMetadata().getDeletionTimestamp() != null;
    }

    public boolean isReady() {
        return !isTerminating() && isCondition("Ready", "True");
    }

    /** Something is wrong with its pod that time alone does not mend: it crashes, or cannot be scheduled or started. */
    public boolean isFailing() {
        for (var container : containers()) {
            if (container.getState() != null && isFailing(container.getState())) {
                return true;
            }
        }
        return isCondition("PodScheduled", "False");
    }

    /**
     * One whose process has ended is started again at once, and waits if it ends so again and again; one that is made and not
     * started yet waits without a reason.
     */
    private static boolean isFailing(ContainerState state) {
        return Optional.ofNullable(state.getWaiting())
                .map(ContainerStateWaiting::getReason)
                .filter(reason -> !ON_ITS_WAY.contains(reason))
                .isPresent();
    }

    public Optional<String> podSpec() {
        return pod.map(p -> p.getMetadata().getAnnotations()).map(a -> a.get(Annotations.POD_SPEC));
    }

    /**
     * What Kafka takes while it runs needs no restart; unless it does not run, and the new value may be the cure. Nor does a
     * node that is to go with its whole pool, as long as it is well with what it has.
     */
    public boolean isOutdated() {
        return changes.isPresent()
                && !isTerminating()
                && (!set.isUndeclared() || !isReady())
                && !(isFailing() ? changes.get().all() : changes.get().restarting()).isEmpty();
    }

    /** It is to have other CPU or memory, and Kubernetes can give it that while it runs. */
    public boolean isToBeResized() {
        return !isTerminating()
                && !set.isUndeclared()
                && changes.filter(found -> !found.resizing().isEmpty()).isPresent();
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

    /** Since when a pod has been of no use: it runs and is not ready, or has no place. */
    static Optional<Instant> downSince(Pod pod) {
        return downSince(pod, "Ready").or(() -> downSince(pod, "PodScheduled"));
    }

    static boolean isUnscheduled(Pod pod) {
        return downSince(pod, "PodScheduled").isPresent();
    }

    private static Optional<Instant> downSince(Pod pod, String type) {
        return condition(pod, type)
                .filter(condition -> !"True".equals(condition.getStatus()))
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
        return pod.filter(found -> isTerminating()
                        ? isOverdueToEnd(found, now)
                        : downSince(found, "Ready")
                                .filter(since -> since.plus(PATIENCE).isBefore(now))
                                .isPresent())
                .isPresent();
    }

    /** Its grace is long over. Only its Kubernetes node could tell that it has ended, and is not heard of, as a rule. */
    public static boolean isOverdueToEnd(Pod pod, Instant now) {
        return Optional.ofNullable(pod.getMetadata().getDeletionTimestamp())
                .filter(end -> Instant.parse(end).plus(PATIENCE).isBefore(now))
                .isPresent();
    }

    /** Since when there has been no place for its pod. */
    public Optional<Instant> unscheduledSince() {
        return pod.flatMap(p -> downSince(p, "PodScheduled"));
    }

    /** What the processes said that have ended, the last first. */
    List<String> lastMessages() {
        var messages = new ArrayList<String>();
        for (var container : containers()) {
            addMessage(container.getState(), messages);
            addMessage(container.getLastState(), messages);
        }
        return messages;
    }

    /** Why its process ended last, as it knew itself. */
    public Optional<String> fatalWords() {
        return lastMessages().stream()
                .limit(1)
                .flatMap(message -> FATAL.matcher(message).results())
                .map(MatchResult::group)
                .findFirst();
    }

    /** By the last words of its process, whether there is more room since or not. */
    public boolean endedWithFullDisk() {
        return FullDisks.wereToldBy(this);
    }

    private static void addMessage(ContainerState state, List<String> messages) {
        if (state != null
                && state.getTerminated() != null
                && state.getTerminated().getMessage() != null) {
            messages.add(state.getTerminated().getMessage());
        }
    }

    /** What a container of it that does not run waits for, if that has a name. */
    public Optional<ContainerStateWaiting> waiting() {
        return containers().stream()
                .flatMap(
                        container -> Optional.ofNullable(container.getState()).map(ContainerState::getWaiting).stream())
                .filter(waiting -> waiting.getReason() != null)
                .findFirst();
    }

    /** How often its process has been started again. */
    public int restarts() {
        return containers().stream()
                .mapToInt(container ->
                        Optional.ofNullable(container.getRestartCount()).orElse(0))
                .max()
                .orElse(0);
    }

    /** When the life of its process began that ended last. */
    public Optional<Instant> lastLife() {
        return containers().stream()
                .flatMap(container -> Optional.ofNullable(container.getLastState())
                        .map(ContainerState::getTerminated)
                        .map(ContainerStateTerminated::getStartedAt)
                        .stream())
                .map(Instant::parse)
                .max(Comparator.naturalOrder());
    }

    public Optional<Instant> createdAt() {
        return pod.map(p -> p.getMetadata().getCreationTimestamp()).map(Instant::parse);
    }

    /** Why it is not ready, without anything that changes from one look to the next. */
    public String notReadyBecause() {
        for (var container : containers()) {
            var state = container.getState();
            if (state != null
                    && state.getWaiting() != null
                    && state.getWaiting().getReason() != null) {
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

    /**
     * What says the most: not where in the code, nor that the JVM gave up, but why; of the launcher's own words all, for that a disk is full
     * need not be why it ended.
     */
    private static String lastLine(String message) {
        var lines = message.lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty() && !POINTLESS.matcher(line).lookingAt())
                .toList();
        var own = lines.stream()
                .filter(line -> OWN_WORDS.matcher(line).lookingAt())
                .collect(Collectors.joining("; "));
        return own.isEmpty() && !lines.isEmpty() ? lines.getLast() : own;
    }

    private List<ContainerStatus> containers() {
        return pod.map(p -> p.getStatus()).map(s -> s.getContainerStatuses()).orElse(List.of());
    }

    private boolean isCondition(String type, String status) {
        var condition = condition(type);
        return condition.isPresent() && status.equals(condition.get().getStatus());
    }

    private Optional<PodCondition> condition(String type) {
        return pod.flatMap(found -> condition(found, type));
    }

    private static Optional<PodCondition> condition(Pod pod, String type) {
        if (pod.getStatus() != null && pod.getStatus().getConditions() != null) {
            for (var condition : pod.getStatus().getConditions()) {
                if (condition.getType().equals(type)) {
                    return Optional.of(condition);
                }
            }
        }
        return Optional.empty();
    }
}
