package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.desired.PodChanges.Change;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.stream.Collectors;

/** Nodes whose pods are not as the spec wants them. */
public final class Outdated {
    private static final int SHOWN = 3;

    private Outdated() {}

    public static List<ObservedNode> nodes(ObservedCluster observed) {
        return observed.nodes().stream().filter(ObservedNode::isOutdated).toList();
    }

    /**
     * Whether a pod deleted now comes back as it should: the StatefulSet has the wanted template, and its controller has
     * read it. Otherwise the pod would have to be restarted once more. One that stays as it stands is to come back as it is.
     */
    static boolean wouldComeBackCurrent(Intent intent, ObservedCluster observed, ObservedNode node) {
        return observed.inventory()
                .statefulSet(node.set().name())
                .filter(Outdated::isTakenIn)
                .flatMap(Intent::podSpec)
                .equals(intent.podSpec(node.set()).or(node::podSpec));
    }

    static boolean isTakenIn(StatefulSet set) {
        var status = set.getStatus();
        return status != null
                && status.getObservedGeneration() != null
                && status.getObservedGeneration() >= set.getMetadata().getGeneration();
    }

    public static String why(ObservedNode node) {
        var changes = node.changes().orElseThrow();
        return words(changes.restarting().isEmpty() ? changes.all() : changes.restarting());
    }

    static String words(List<Change> changes) {
        var shown = changes.stream().limit(SHOWN).map(Change::toString).collect(Collectors.joining(", "));
        int more = changes.size() - SHOWN;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }
}
