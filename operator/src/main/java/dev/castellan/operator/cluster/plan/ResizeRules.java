package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.observe.Resizing;
import dev.castellan.operator.cluster.observe.Resizing.State;
import dev.castellan.operator.cluster.plan.Step.ResizeNode;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.kube.PodResize;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * CPU and memory that leave the options of Java as they are, Kubernetes changes while nodes run. That takes nobody down, so that
 * nothing which holds up restarts holds it up; but of a pool one node comes first, and if Kubernetes cannot give it that, no
 * other is asked.
 */
public final class ResizeRules {
    /** A pod's changes wake us. */
    private static final Duration RECHECK = Duration.ofSeconds(30);

    private static final Set<State> HOLDING_UP = EnumSet.of(State.UNDER_WAY, State.TOO_MUCH, State.DENIED);

    private ResizeRules() {}

    static Optional<ResizeNode> resize(Intent intent, ObservedCluster observed) {
        return due(intent, observed)
                .filter(node -> node.isReady() && !isDenied(node) && !isHeldUp(observed, node))
                .filter(node -> wouldComeBackSo(intent, observed, node))
                // Whoever waits in vain for something else first.
                .min(Comparator.comparing(node -> node.resizing().isEmpty()))
                .flatMap(node -> resources(intent, node).map(resources -> resize(node, resources)));
    }

    private static Stream<ObservedNode> due(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(ObservedNode::isToBeResized)
                .filter(node -> !TrialRules.isLeftAsItIs(intent, node));
    }

    /** Should it be lost at this moment: a value that Kafka has not taken yet may still hold up its StatefulSet. */
    private static boolean wouldComeBackSo(Intent intent, ObservedCluster observed, ObservedNode node) {
        return observed.inventory()
                .statefulSet(node.set().name())
                .flatMap(Intent::podSpec)
                .equals(intent.podSpec(node.set()));
    }

    /** By another of its pool that was asked for all that it is to have: where there is no room for a while is its own affair. */
    private static boolean isHeldUp(ObservedCluster observed, ObservedNode node) {
        return asked(observed)
                .filter(other -> other.set().pool().equals(node.set().pool()))
                .flatMap(other -> other.resizing().stream())
                .map(Resizing::state)
                .anyMatch(HOLDING_UP::contains);
    }

    private static Stream<ObservedNode> asked(ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node -> (!node.isToBeResized() || isDenied(node)) && !node.isTerminating());
    }

    private static boolean isDenied(ObservedNode node) {
        return node.resizing()
                .filter(resizing -> resizing.state() == State.DENIED)
                .isPresent();
    }

    private static Optional<ResourceRequirements> resources(Intent intent, ObservedNode node) {
        return Optional.ofNullable(intent.statefulSets().get(node.set().name())).stream()
                .flatMap(set -> set.getSpec().getTemplate().getSpec().getContainers().stream())
                .filter(container -> container.getName().equals(Names.CONTAINER))
                .map(Container::getResources)
                .map(PodResize::resizable)
                .findFirst();
    }

    private static ResizeNode resize(ObservedNode node, ResourceRequirements resources) {
        var changes = node.changes().orElseThrow().resizing();
        return new ResizeNode(node.id(), node.podName(), resources, changes, words(node));
    }

    private static String words(ObservedNode node) {
        return "resize %s in place: %s (no restart)"
                .formatted(
                        node.title(),
                        Outdated.words(node.changes().orElseThrow().resizing()));
    }

    /** Whether to look for another place for it is for the user to say: on the way there it is down, and there may be none. */
    static Optional<Stall> refused(Intent intent, ObservedCluster observed) {
        return states(observed, State.DENIED)
                .map(ResizeRules::denied)
                .findFirst()
                .or(() -> states(observed, State.TOO_MUCH)
                        .map(ResizeRules::tooMuch)
                        .findFirst())
                .map(reason -> new Stall(StallReason.ResizeRefused, reason));
    }

    private static String denied(Waiting waiting) {
        return "%s runs on as it was, since no pod may be as resources say: %s. Correct them, or what denies it"
                .formatted(waiting.node().title(), waiting.resizing().words());
    }

    private static String tooMuch(Waiting waiting) {
        return ("%s runs on as it was, since its Kubernetes node never has so much: %s. Correct resources; or change template.annotations"
                        + " too, to have the nodes of the pool restarted, one first, wherever there is room")
                .formatted(waiting.node().title(), waiting.resizing().words());
    }

    /** For as long as it takes, and it holds up nothing. */
    static Optional<Wait> await(Intent intent, ObservedCluster observed) {
        return Stream.of(State.DEFERRED, State.UNDER_WAY)
                .flatMap(state -> states(observed, state))
                .findFirst()
                .map(waiting -> new Wait(
                        "%s is being resized in place%s: %s"
                                .formatted(
                                        waiting.node().title(),
                                        waiting.resizing().state() == State.DEFERRED
                                                ? ", once its Kubernetes node has room"
                                                : "",
                                        waiting.resizing().words()),
                        RECHECK));
    }

    private record Waiting(ObservedNode node, Resizing resizing) {}

    private static Stream<Waiting> states(ObservedCluster observed, State state) {
        return asked(observed)
                .flatMap(node -> node.resizing().stream().map(resizing -> new Waiting(node, resizing)))
                .filter(waiting -> waiting.resizing().state() == state);
    }

    /** What is still to come after the step, in words. */
    public static List<String> outlook(Intent intent, ObservedCluster observed, Step step) {
        return due(intent, observed)
                .filter(node -> !(step instanceof ResizeNode now) || now.nodeId() != node.id())
                .map(ResizeRules::words)
                .toList();
    }
}
