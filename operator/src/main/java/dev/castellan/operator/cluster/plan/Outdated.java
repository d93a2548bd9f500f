package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;

/** Nodes whose pods are not as the spec wants them. */
public final class Outdated {
    private Outdated() {}

    public static List<ObservedNode> nodes(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node -> isOutdated(intent, node))
                .toList();
    }

    static boolean isOutdated(Intent intent, ObservedNode node) {
        return node.pod().isPresent()
                && !node.isTerminating()
                && intent.podSpec(node.set())
                        .filter(wanted -> !wanted.equals(node.podSpec().orElse("")))
                        .isPresent();
    }

    /**
     * Whether a pod deleted now comes back as it should: the StatefulSet has the wanted template, and its controller has
     * read it. Otherwise the pod would have to be restarted once more.
     */
    static boolean wouldComeBackCurrent(Intent intent, ObservedCluster observed, ObservedNode node) {
        return observed.inventory()
                .statefulSet(node.set().name())
                .filter(Outdated::isTakenIn)
                .flatMap(Intent::podSpec)
                .equals(intent.podSpec(node.set()));
    }

    private static boolean isTakenIn(StatefulSet set) {
        var status = set.getStatus();
        return status != null
                && status.getObservedGeneration() != null
                && status.getObservedGeneration() >= set.getMetadata().getGeneration();
    }

    public static String why(Intent intent, ObservedNode node) {
        return RestartReason.of(
                node.podSpec().orElse("{}"), intent.podSpec(node.set()).orElse("{}"));
    }
}
