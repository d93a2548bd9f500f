package dev.castellan.operator.cluster.plan;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.cluster.FailedTrial;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.LastGood;
import dev.castellan.operator.cluster.MetadataRecord;
import dev.castellan.operator.cluster.desired.PodChanges;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import io.fabric8.kubernetes.api.model.ContainerStateWaiting;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Whether a node fails with what it is the first to try, for sure: no slowness, no outage of all, no fault that the change has
 * nothing to do with. A process that runs is never failed, however long it takes: it may be recovering its logs.
 */
final class TrialFailure {
    /** So often, and not by chance any more. */
    private static final int CRASHES = 3;

    private static final String CRASHING = "CrashLoopBackOff";
    private static final int LONG = 300;
    private static final Pattern FULL_STOP = Pattern.compile("\\.\\s*$");

    private static final Set<String> WITHOUT_IMAGE =
            Set.of("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "InvalidImageName", "ImageInspectError");
    private static final Set<String> NOT_MADE =
            Set.of("CreateContainerConfigError", "CreateContainerError", "RunContainerError", "StartError");

    /** What of a pod decides whether there is an image. */
    private static final List<String> OF_IMAGES = List.of("image");

    /** What of a pod decides where it may run. */
    private static final List<String> OF_PLACES = List.of(
            "resources", "affinity", "nodeSelector", "tolerations", "topologySpread", "priorityClassName", "volumes");

    private final Intent intent;
    private final ObservedCluster observed;
    private final ObservedNode node;
    private final PodChanges tried;

    private TrialFailure(Intent intent, ObservedCluster observed, ObservedNode node, PodChanges tried) {
        this.intent = intent;
        this.observed = observed;
        this.node = node;
        this.tried = tried;
    }

    static Optional<FailedTrial> of(Intent intent, ObservedCluster observed, ObservedNode node) {
        return node.isReady() || node.isTerminating() || !node.isFailing() || node.isOutdated()
                ? Optional.empty()
                : tried(intent, observed, node)
                        .flatMap(tried -> new TrialFailure(intent, observed, node, tried).failed());
    }

    /** How what the node has differs from what it can go back to; empty where that is nothing. */
    private static Optional<PodChanges> tried(Intent intent, ObservedCluster observed, ObservedNode node) {
        var wanted = intent.podSpec(node.set());
        return observed.inventory()
                .statefulSet(node.set().name())
                .flatMap(LastGood::of)
                .filter(good -> !good.isNothing() && wanted.isPresent())
                .map(good -> PodChanges.between(good.podSpec(), wanted.get()))
                .filter(tried -> isReadable(observed, tried.version()));
    }

    /** An older Kafka may not read what the metadata has become meanwhile. */
    private static boolean isReadable(ObservedCluster observed, String version) {
        return MetadataRecord.of(observed.inventory())
                .filter(level -> !KafkaVersions.isKnown(version) || !KafkaVersions.reads(version, level))
                .isEmpty();
    }

    private Optional<FailedTrial> failed() {
        if (hasNoPlace() || hasNoImage() || isNotMade()) {
            return Optional.of(failed(""));
        }
        return crashesByItself()
                ? intent.dynamic().map(dynamic -> failed(FailedTrial.hash(dynamic)))
                : Optional.empty();
    }

    private FailedTrial failed(String config) {
        var changes = tried.restarting().isEmpty() ? tried.all() : tried.restarting();
        return new FailedTrial(
                node.set().specHash(),
                config,
                node.id(),
                "%s does not come up with %s: %s"
                        .formatted(
                                node.title(),
                                Outdated.words(changes),
                                FULL_STOP.matcher(why()).replaceFirst("")));
    }

    private String why() {
        return node.notReadyBecause() + details();
    }

    /** In the words of who makes containers; written once, so that they may change from one look to the next. */
    private String details() {
        return node.waiting()
                .filter(waiting ->
                        WITHOUT_IMAGE.contains(waiting.getReason()) || NOT_MADE.contains(waiting.getReason()))
                .map(ContainerStateWaiting::getMessage)
                .map(message -> ": " + (message.length() > LONG ? message.substring(0, LONG) + "..." : message))
                .orElse("");
    }

    private boolean hasNoPlace() {
        return node.unscheduledSince().filter(this::isOver).isPresent()
                && node.lostHost().isEmpty()
                && changes(OF_PLACES);
    }

    private boolean hasNoImage() {
        return waitsFor(WITHOUT_IMAGE) && changes(OF_IMAGES);
    }

    private boolean isNotMade() {
        return waitsFor(NOT_MADE);
    }

    private boolean waitsFor(Set<String> reasons) {
        return node.waiting()
                        .filter(waiting -> reasons.contains(waiting.getReason()))
                        .isPresent()
                && node.createdAt().filter(this::isOver).isPresent();
    }

    private boolean isOver(Instant since) {
        return !since.plus(intent.rollout().patience()).isAfter(observed.now());
    }

    /** Otherwise putting it back would change nothing of what it waits for. */
    private boolean changes(List<String> fields) {
        return tried.all().stream().anyMatch(change -> fields.stream()
                .anyMatch(field -> change.field().startsWith(field)));
    }

    /** Again and again, the last time from its start to its end among others that were well. */
    private boolean crashesByItself() {
        return node.waiting()
                        .filter(waiting -> CRASHING.equals(waiting.getReason()))
                        .isPresent()
                && node.restarts() >= CRASHES
                && observed.failedDisk(node).isEmpty()
                && !node.endedWithFullDisk()
                && node.lastLife().filter(this::wereOthersWell).isPresent();
    }

    private boolean wereOthersWell(Instant since) {
        var others = observed.nodes().stream()
                .filter(other -> other.id() != node.id())
                .toList();
        if (observed.kafka() instanceof Reachable) {
            long well = others.stream()
                    .filter(other -> isBefore(other.readySince(), since))
                    .count();
            return 2 * well >= others.size();
        }
        // Nobody can be asked, and that is due to this node alone.
        return isIndispensable()
                && others.stream()
                        .allMatch(other ->
                                isBefore(other.runningSince(), node.createdAt().orElse(Instant.MIN)));
    }

    private static boolean isBefore(Optional<Instant> time, Instant other) {
        return time.filter(at -> at.isBefore(other)).isPresent();
    }

    /** Without it there is no broker to ask, or no quorum. */
    private boolean isIndispensable() {
        boolean isOnlyBroker = node.isBroker()
                && observed.nodes().stream().filter(ObservedNode::isBroker).count() == 1;
        return isOnlyBroker
                || (intent.quorum().votes(node.id()) && intent.quorum().voting().size() <= 2);
    }
}
