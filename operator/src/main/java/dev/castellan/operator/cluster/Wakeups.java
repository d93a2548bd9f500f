package dev.castellan.operator.cluster;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Which changes of an object are worth a reconcile. A pod's status alone is written half a dozen times while it starts;
 * most of that nobody decides upon. Pure.
 */
public final class Wakeups {
    private static final List<String> READ =
            List.of("Ready", "PodScheduled", "PodResizePending", "PodResizeInProgress");

    private Wakeups() {}

    /** Of an object that belongs to a cluster. */
    public static boolean of(HasMetadata now, HasMetadata before) {
        return switch (now) {
            case StatefulSet set -> ofStatefulSet(set, (StatefulSet) before);
            case Pod pod -> ofPod(pod, (Pod) before);
            case PersistentVolumeClaim claim -> ofClaim(claim, (PersistentVolumeClaim) before);
            case PodDisruptionBudget budget -> ofSpec(budget, before);
            case NetworkPolicy policy -> ofSpec(policy, before);
            default -> true;
        };
    }

    /** The cluster itself: anything but its status, which is ours. Labels and annotations have no generation. */
    static boolean ofCluster(HasMetadata now, HasMetadata before) {
        return differ(
                now,
                before,
                List.of(
                        object -> object.getMetadata().getGeneration(),
                        object -> object.getMetadata().getLabels(),
                        object -> object.getMetadata().getAnnotations(),
                        object -> object.getMetadata().getDeletionTimestamp()));
    }

    /** Whatever has a generation and a status that we do not read. */
    private static boolean ofSpec(HasMetadata now, HasMetadata before) {
        return ofCluster(now, before)
                || differ(now, before, List.of(object -> object.getMetadata().getOwnerReferences()));
    }

    static boolean ofStatefulSet(StatefulSet now, StatefulSet before) {
        return ofSpec(now, before)
                || differ(
                        now,
                        before,
                        List.of(
                                set -> set.getStatus().getReplicas(),
                                set -> set.getStatus().getUpdateRevision(),
                                set -> set.getStatus().getObservedGeneration()));
    }

    static boolean ofPod(Pod now, Pod before) {
        return ofCluster(now, before)
                || differ(
                        now,
                        before,
                        List.of(
                                pod -> pod.getStatus().getPhase(),
                                pod -> pod.getSpec().getNodeName(),
                                pod -> pod.getStatus().getObservedGeneration(),
                                Wakeups::conditions,
                                Wakeups::containers));
    }

    static boolean ofClaim(PersistentVolumeClaim now, PersistentVolumeClaim before) {
        return ofSpec(now, before)
                || differ(
                        now,
                        before,
                        List.of(
                                claim -> claim.getSpec(),
                                claim -> claim.getStatus().getPhase(),
                                claim -> claim.getStatus().getCapacity(),
                                claim -> claim.getStatus().getConditions()));
    }

    private static Map<String, List<String>> conditions(Pod pod) {
        return pod.getStatus().getConditions().stream()
                .filter(condition -> READ.contains(condition.getType()))
                .collect(Collectors.toMap(
                        PodCondition::getType,
                        condition ->
                                Arrays.asList(condition.getStatus(), condition.getReason(), condition.getMessage())));
    }

    private static List<List<Object>> containers(Pod pod) {
        return pod.getStatus().getContainerStatuses().stream()
                .map(Wakeups::container)
                .toList();
    }

    private static List<Object> container(ContainerStatus status) {
        var waiting = status.getState() == null ? null : status.getState().getWaiting();
        return Arrays.asList(
                status.getRestartCount(), status.getImageID(), waiting == null ? null : waiting.getReason());
    }

    private static <T> boolean differ(T now, T before, List<Function<T, Object>> facts) {
        return facts.stream().anyMatch(fact -> !Objects.equals(fact.apply(now), fact.apply(before)));
    }
}
