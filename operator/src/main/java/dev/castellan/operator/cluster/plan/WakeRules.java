package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.WakeStatefulSet;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Kubernetes' StatefulSet controller that failed to make a pod some times tries again after ever longer pauses, of up to a
 * quarter of an hour, though what it failed for is long gone: a pod of a deleted StatefulSet that still had the name, a
 * quota. Any change of the StatefulSet makes it try at once.
 */
final class WakeRules {
    /** Far longer than a controller that is awake takes to make a pod. */
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private WakeRules() {}

    static Optional<Step> wakeStatefulSet(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node -> isOver(node.missingSince(), observed.now()))
                .flatMap(node -> wake(node, observed).stream())
                .findFirst();
    }

    private static Optional<Step> wake(ObservedNode node, ObservedCluster observed) {
        return observed.inventory()
                .statefulSet(node.set().name())
                .filter(set -> isToMake(set, node))
                .filter(set -> wokenAt(set).isEmpty() || isOver(wokenAt(set), observed.now()))
                .map(set -> new WakeStatefulSet(
                        node.set().name(),
                        observed.now(),
                        node.title() + " has had no pod for long: StatefulSet "
                                + node.set().name()
                                + " is touched, so that its controller does not wait after failures"));
    }

    /** A set that is still to be raised owes no pod to the nodes that come by it. */
    static boolean isToMake(StatefulSet set, ObservedNode node) {
        return node.id()
                < set.getSpec().getOrdinals().getStart() + set.getSpec().getReplicas();
    }

    private static boolean isOver(Optional<Instant> since, Instant now) {
        return since.filter(time -> !time.plus(PATIENCE).isAfter(now)).isPresent();
    }

    private static Optional<Instant> wokenAt(StatefulSet set) {
        return Optional.ofNullable(set.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.WOKEN))
                .map(Instant::parse);
    }
}
