package dev.castellan.operator.simulation;

import dev.castellan.operator.kube.PodResize;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodCondition;
import io.fabric8.kubernetes.api.model.PodConditionBuilder;
import io.fabric8.kubernetes.api.model.PodStatus;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Supplier;

/** What kubelets do about CPU and memory of pods that run: they give it at once, or later, or not before a restart, or never. */
final class FakeResizes {
    /** Of CPUs, more than any node has. */
    static final Quantity TOO_MANY = new Quantity("1", "k");

    private static final String DEFERRED = "Deferred";
    private static final String INFEASIBLE = "Infeasible";

    private final Random random;
    private final Supplier<Instant> now;

    /** By the pod's uid. */
    private final Map<String, Known> known = new HashMap<>();

    /** Pods of which a resize needs a restart, by uid. */
    private final Set<String> fixed = new HashSet<>();

    private boolean isFull;
    private boolean areFixed;

    /** A pod as its kubelet knows it, and what its processes have. */
    private record Known(long generation, ResourceRequirements has, Optional<PodCondition> condition) {
        boolean isDeferred() {
            return condition
                    .filter(pending -> DEFERRED.equals(pending.getReason()))
                    .isPresent();
        }
    }

    FakeResizes(Random random, Supplier<Instant> now) {
        this.random = random;
        this.now = now;
    }

    /** There is no room, for as long as this is so. */
    void full(boolean full) {
        this.isFull = full;
    }

    /** No kubelet gives anything to a process that runs. */
    void allFixed() {
        areFixed = true;
    }

    /** What its processes have, whatever its spec asks for. */
    ResourceRequirements has(Pod pod) {
        var seen = known.get(pod.getMetadata().getUid());
        return seen == null ? PodResize.asked(pod) : seen.has();
    }

    boolean isFixed(Pod pod) {
        return fixed.contains(pod.getMetadata().getUid());
    }

    /** It was asked for something that its kubelet has not heard of yet. */
    boolean isUnseen(Pod pod) {
        var seen = known.get(pod.getMetadata().getUid());
        return seen != null && seen.generation() < generation(pod);
    }

    /** @return whether the kubelet has something new to tell of the pod */
    boolean run(Pod pod, int slowness) {
        var uid = pod.getMetadata().getUid();
        var seen =
                known.computeIfAbsent(uid, key -> new Known(generation(pod), PodResize.asked(pod), Optional.empty()));
        if ((seen.generation() == generation(pod) && !seen.isDeferred()) || random.nextInt(slowness) != 0) {
            return false;
        }
        var next = next(pod, seen, slowness);
        known.put(uid, next);
        return !next.equals(seen);
    }

    private Known next(Pod pod, Known seen, int slowness) {
        var asked = PodResize.asked(pod);
        if (asked.equals(seen.has())) {
            return new Known(generation(pod), asked, Optional.empty());
        }
        if (isTooMuch(asked)) {
            return seen(
                    pod, seen, INFEASIBLE, "Node didn't have enough capacity: cpu, requested: 1000000, capacity: 4000");
        }
        if (areFixed || isFixed(pod) || (slowness > 1 && random.nextInt(8) == 0)) {
            fixed.add(pod.getMetadata().getUid());
            return seen(
                    pod,
                    seen,
                    INFEASIBLE,
                    "Resize is infeasible for Guaranteed Pods alongside CPU Manager policy \"static\"");
        }
        if (isFull || (slowness > 1 && random.nextInt(3) == 0)) {
            return seen(
                    pod,
                    seen,
                    DEFERRED,
                    "Node didn't have enough resource: cpu, requested: 500, used: 3900, capacity: 4000");
        }
        return new Known(generation(pod), asked, Optional.empty());
    }

    private Known seen(Pod pod, Known before, String reason, String message) {
        var since = before.condition().map(PodCondition::getLastTransitionTime).orElseGet(() -> now.get()
                .toString());
        var pending = new PodConditionBuilder()
                .withType("PodResizePending")
                .withStatus("True")
                .withReason(reason)
                .withMessage(message)
                .withLastTransitionTime(since)
                .build();
        return new Known(generation(pod), before.has(), Optional.of(pending));
    }

    static boolean isTooMuch(ResourceRequirements resources) {
        return TOO_MANY.equals(resources.getRequests().get("cpu"));
    }

    /** The status, with what its kubelet tells of this. */
    PodStatus told(Pod pod, PodStatus status) {
        var seen = known.get(pod.getMetadata().getUid());
        if (seen == null) {
            return status;
        }
        var conditions = new ArrayList<>(status.getConditions());
        conditions.removeIf(condition -> condition.getType().equals("PodResizePending"));
        seen.condition().ifPresent(conditions::add);
        var told = new PodStatus();
        told.setPhase(status.getPhase());
        told.setReason(status.getReason());
        told.setContainerStatuses(status.getContainerStatuses());
        told.setConditions(conditions);
        told.setObservedGeneration(seen.generation());
        return told;
    }

    private static long generation(Pod pod) {
        return pod.getMetadata().getGeneration();
    }
}
