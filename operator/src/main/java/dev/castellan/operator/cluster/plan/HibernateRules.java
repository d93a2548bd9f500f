package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.Stopped;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.Hibernating;
import dev.castellan.operator.cluster.plan.Step.RecordAwake;
import dev.castellan.operator.cluster.plan.Step.StartNodes;
import dev.castellan.operator.cluster.plan.Step.StopNodes;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * All nodes sleep while their user wants it so. Nothing else is done to them then: they wake as who they were, and what has
 * been changed in the spec meanwhile comes after that, with all the care that it would have had before.
 */
final class HibernateRules {
    private static final Duration RECHECK = Duration.ofSeconds(10);

    /** Kubernetes makes a pod within moments, unless it may not. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private HibernateRules() {}

    /** Brokers first: while controllers are there, they hand over what they lead, and take their leave. */
    static Optional<Step> stop(Intent intent, ObservedCluster observed) {
        if (!intent.hibernates() || isToGetDisk(observed)) {
            return Optional.empty();
        }
        return awaitLeaving(observed)
                .or(() -> awaitDisk(observed))
                .or(() -> stop(observed, HibernateRules::isOfBrokers, "brokers"))
                .or(() -> stop(observed, Predicate.not(HibernateRules::isOfBrokers), "controllers"))
                .or(() -> Optional.of(
                        new Hibernating("all nodes are stopped, as spec.hibernate says, and their volumes kept;"
                                + " they start when it is false"
                                + unheardOf(observed, pod -> true))));
    }

    /**
     * Who leaves for good hands over what it may have got since it was seen to hold nothing, which it can only while others are
     * there: if it were the last to shut down, nobody who wakes would have that. So it is waited for even where its Kubernetes
     * node is silent: it may run on there, and be given replicas.
     */
    private static Optional<Step> awaitLeaving(ObservedCluster observed) {
        var running = observed.inventory().statefulSets().stream()
                .filter(Predicate.not(Stopped::isOnRecord))
                .toList();
        Predicate<Pod> leaves = pod -> running.stream().anyMatch(set -> isLeaving(pod, set));
        return observed.inventory().pods().stream()
                .filter(leaves)
                .map(pod -> pod.getMetadata().getName())
                .sorted()
                .findFirst()
                .map(pod -> new Wait(
                        pod + " leaves for good, and shuts down before all others" + unheardOf(observed, leaves),
                        RECHECK));
    }

    /** While all are awake, it is replaced first. */
    private static boolean isToGetDisk(ObservedCluster observed) {
        return observed.nodes().stream().anyMatch(node -> node.leavingClaim().isPresent())
                && observed.inventory().statefulSets().stream().noneMatch(Stopped::isOnRecord);
    }

    /** With all others asleep there would be nobody to fill its next disk from, and of what lies there alone nothing left. */
    private static Optional<Step> awaitDisk(ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node -> node.pod().isPresent() && node.leavingClaim().isPresent())
                .findFirst()
                .map(node -> new Wait(
                        "%s is not stopped, as spec.hibernate says, for its volume claim %s is marked for deletion, and goes with"
                                        .formatted(
                                                node.title(),
                                                node.leavingClaim().orElseThrow())
                                + " its pod: delete that, if nothing is lost with it",
                        RECHECK));
    }

    private static boolean isLeaving(Pod pod, StatefulSet set) {
        return set.getMetadata().getName().equals(pod.getMetadata().getLabels().get(Labels.SET))
                && Names.nodeId(pod.getMetadata().getName())
                        >= set.getSpec().getOrdinals().getStart()
                                + set.getSpec().getReplicas();
    }

    private static Optional<Step> stop(ObservedCluster observed, Predicate<HasMetadata> kind, String nodes) {
        var running = sets(observed, set -> kind.test(set) && !Stopped.is(set));
        if (!running.isEmpty()) {
            return Optional.of(new StopNodes(
                    running,
                    "all %s are stopped, as spec.hibernate says: %s".formatted(nodes, String.join(", ", running))));
        }
        return pods(observed, kind)
                .map(pods -> new Wait("%s shut down, as spec.hibernate says: %s".formatted(nodes, pods), RECHECK));
    }

    /** All at once: a quorum forms from most of its controllers, in whatever order they come. */
    static Optional<StartNodes> start(Intent intent, ObservedCluster observed) {
        var asleep = intent.hibernates() ? List.<String>of() : sets(observed, HibernateRules::isShort);
        return asleep.isEmpty()
                ? Optional.empty()
                : Optional.of(new StartNodes(
                        asleep, "spec.hibernate is no longer true: the nodes start of " + String.join(", ", asleep)));
    }

    /** By then each has been made from what it was before; or cannot be, and what is wrong may be set right. */
    static Optional<RecordAwake> awake(Intent intent, ObservedCluster observed) {
        var back = intent.hibernates()
                ? List.<String>of()
                : sets(observed, set -> Stopped.isOnRecord(set) && !isShort(set) && areBack(set, observed));
        return back.isEmpty()
                ? Optional.empty()
                : Optional.of(new RecordAwake(back, "the nodes are back, as they were, of " + String.join(", ", back)));
    }

    private static boolean isShort(StatefulSet set) {
        return set.getSpec().getReplicas() < Stopped.nodes(set);
    }

    private static boolean areBack(StatefulSet set, ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node -> node.set().name().equals(set.getMetadata().getName()))
                .filter(node -> WakeRules.isToMake(set, node))
                .allMatch(node -> node.missingSince()
                        .map(since -> since.plus(PATIENCE).isBefore(observed.now()))
                        .orElse(!node.isTerminating() || node.isOverdue(observed.now())));
    }

    private static List<String> sets(ObservedCluster observed, Predicate<StatefulSet> filter) {
        return observed.inventory().statefulSets().stream()
                .filter(filter)
                .map(set -> set.getMetadata().getName())
                .sorted()
                .toList();
    }

    /**
     * Whom there is to wait for: of a pod whose Kubernetes node is silent nobody may ever hear. It may run on there, but its volume is
     * kept, it comes back as a member like all others, and until it has ended Kubernetes makes no second pod of its name.
     */
    private static Optional<String> pods(ObservedCluster observed, Predicate<HasMetadata> kind) {
        var names = observed.inventory().pods().stream()
                .filter(kind)
                .filter(pod -> !ObservedNode.isOverdueToEnd(pod, observed.now()))
                .map(Pod::getMetadata)
                .map(meta -> meta.getName())
                .sorted()
                .collect(Collectors.joining(", "));
        return Optional.of(names).filter(Predicate.not(String::isEmpty));
    }

    private static String unheardOf(ObservedCluster observed, Predicate<Pod> pods) {
        var names = observed.inventory().pods().stream()
                .filter(pods)
                .filter(pod -> ObservedNode.isOverdueToEnd(pod, observed.now()))
                .map(pod -> pod.getMetadata().getName() + " on Kubernetes node "
                        + pod.getSpec().getNodeName())
                .sorted()
                .collect(Collectors.joining(", "));
        return names.isEmpty()
                ? ""
                : ". Nobody tells that these have ended, and they may still run: " + names
                        + "; delete the Node object of one that is gone for good";
    }

    private static boolean isOfBrokers(HasMetadata object) {
        return object.getMetadata().getLabels().containsKey(Labels.BROKER);
    }
}
