package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.Successor;
import dev.castellan.operator.cluster.VolumeChanges;
import dev.castellan.operator.cluster.observe.GrowingVolume;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.plan.Step.GrowVolume;
import dev.castellan.operator.cluster.plan.Step.MakeNodeSetAgain;
import dev.castellan.operator.cluster.plan.Step.RemoveLeftovers;
import dev.castellan.operator.cluster.plan.Step.ReplaceNodeSet;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Volumes grow in place, with no pod touched: first the claims that there are, then the StatefulSet, for nodes that come
 * later. Kubernetes has no way to change a StatefulSet's templates of claims, so it is taken away from its pods and made
 * again. Nothing ever becomes smaller.
 */
final class VolumeRules {
    private static final Duration SOON = Duration.ofSeconds(1);
    private static final Duration RECHECK = Duration.ofSeconds(10);
    private static final int NAMED = 5;

    private VolumeRules() {}

    /** Begun is ended before anything else is: while its StatefulSet is away, no pod that is lost comes back. */
    static Optional<Step> makeAgain(Intent intent, ObservedCluster observed) {
        return observed.inventory().files().stream()
                .filter(file -> file.getMetadata().getDeletionTimestamp() == null)
                .flatMap(file -> Successor.of(file).flatMap(set -> ended(file, set, observed)).stream())
                .findFirst();
    }

    private static Optional<Step> ended(HasMetadata record, StatefulSet successor, ObservedCluster observed) {
        var name = successor.getMetadata().getName();
        var found = observed.inventory().statefulSet(name);
        if (found.isEmpty()) {
            return Optional.of(new RemoveLeftovers(
                    List.of(record), "no pod runs that StatefulSet " + name + ", as it is on record, would have"));
        }
        var standing = found.get();
        if (observed.isBlocked(successor) && Successor.isAbsent(standing)) {
            return Optional.empty(); // told as an obstacle
        }
        if (Successor.isAbsent(standing)) {
            return Optional.of(new MakeNodeSetAgain(
                    successor, "StatefulSet " + name + " is made again, for the pods that it had"));
        }
        return Optional.of(
                standing.getMetadata().getDeletionTimestamp() == null
                        ? new RemoveLeftovers(
                                List.of(record), "StatefulSet " + name + " stands: its record is done with")
                        : new Wait("StatefulSet " + name + " lets go of its pods, to be made again for them", SOON));
    }

    static Optional<GrowVolume> grow(Intent intent, ObservedCluster observed) {
        return intent.sets().stream()
                .flatMap(set -> due(set, observed))
                .filter(due -> due.isBound() && !observed.refusedGrowth().containsKey(due.volumes()))
                .findFirst()
                .map(Due::step)
                .or(() -> observed.growing().stream()
                        .filter(volume -> !observed.refusedGrowth().containsKey(volumes(volume)))
                        .flatMap(volume -> step(volume).stream())
                        .findFirst());
    }

    private static Optional<GrowVolume> step(GrowingVolume volume) {
        return volume.next()
                .map(size -> new GrowVolume(
                        volumes(volume),
                        volume.claim().getMetadata().getName(),
                        size,
                        "%s of %s is %s, and grows by itself from %s to %s"
                                .formatted(
                                        volume.title(),
                                        volume.node().title(),
                                        volume.isFull()
                                                ? "full"
                                                : "more than " + volume.growth().at() + "% full",
                                        VolumeChanges.requested(volume.claim()),
                                        size)));
    }

    /** Those of one name of one StatefulSet. */
    private static String volumes(GrowingVolume volume) {
        return Names.claim(volume.name(), volume.node().set().name());
    }

    static Optional<ReplaceNodeSet> replace(Intent intent, ObservedCluster observed) {
        return intent.sets().stream()
                .filter(set -> isApplied(set, observed) && due(set, observed).noneMatch(Due::isBound))
                .filter(set -> isProvable(set, observed))
                .flatMap(set -> Optional.ofNullable(intent.statefulSets().get(set.name()))
                        .flatMap(desired -> VolumeChanges.successor(set, desired))
                        .stream())
                .findFirst()
                .map(successor -> new ReplaceNodeSet(
                        successor,
                        "StatefulSet " + successor.getMetadata().getName()
                                + " is made again with larger volumes for nodes that come later; its pods run on"));
    }

    /** By a pod as the set would make it; one that is outdated, and held back from its restart, proves nothing. */
    private static boolean isProvable(NodeSet set, ObservedCluster observed) {
        return observed.nodes().stream()
                .anyMatch(node -> node.set().equals(set)
                        && node.pod().isPresent()
                        && !node.isOutdated()
                        && !node.isToBeResized());
    }

    private static boolean isApplied(NodeSet set, ObservedCluster observed) {
        return observed.inventory().statefulSet(set.name()).isPresent()
                && observed.unapplied().stream()
                        .noneMatch(object -> object instanceof StatefulSet
                                && object.getMetadata().getName().equals(set.name()));
    }

    /** Kubernetes and the storage take their time, and nothing else has to wait for them. */
    static Optional<Wait> await(Intent intent, ObservedCluster observed) {
        var growing = claims(intent, observed)
                .filter(due -> !observed.refusedGrowth().containsKey(due.volumes()))
                .flatMap(due -> due.progress().stream())
                .toList();
        return growing.isEmpty() ? Optional.empty() : Optional.of(new Wait("volumes grow: " + words(growing), RECHECK));
    }

    static Optional<Stall> refused(Intent intent, ObservedCluster observed) {
        var declared = claims(intent, observed).filter(Due::isSmaller).map(Due::volumes);
        var full = observed.growing().stream()
                .filter(volume -> volume.next().isPresent())
                .map(VolumeRules::volumes);
        return Stream.concat(declared, full)
                .map(observed.refusedGrowth()::get)
                .filter(Objects::nonNull)
                .findFirst()
                .map(reason -> new Stall(StallReason.VolumeGrowthRefused, reason));
    }

    /** Somebody else's doing, which is not undone: nothing makes a volume smaller. Empty: there are none. */
    static String larger(Intent intent, ObservedCluster observed) {
        var larger = intent.sets().stream()
                .filter(set -> set.storage().growth().isEmpty())
                .flatMap(set -> claims(set, observed))
                .filter(Due::isLarger)
                .map(due ->
                        "%s has %s, not %s".formatted(due.name(), VolumeChanges.requested(due.claim()), due.wanted()))
                .toList();
        return larger.isEmpty() ? "" : "; larger than declared, and left so: " + words(larger);
    }

    private static String words(List<String> all) {
        var named = String.join(", ", all.subList(0, Math.min(NAMED, all.size())));
        return all.size() > NAMED ? named + " and " + (all.size() - NAMED) + " more" : named;
    }

    private static Stream<Due> due(NodeSet set, ObservedCluster observed) {
        return claims(set, observed).filter(Due::isSmaller);
    }

    private static Stream<Due> claims(Intent intent, ObservedCluster observed) {
        return intent.sets().stream().flatMap(set -> claims(set, observed));
    }

    private static Stream<Due> claims(NodeSet set, ObservedCluster observed) {
        var wanted = new HashMap<String, Wish>();
        VolumeChanges.wanted(set).forEach((volume, size) -> set.nodeIds()
                .forEach(id -> wanted.put(
                        Names.claim(volume, set.podName(id)), new Wish(Names.claim(volume, set.name()), size))));
        return wanted.isEmpty()
                ? Stream.empty()
                : observed.inventory().claims().stream()
                        .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
                        .flatMap(claim -> Stream.ofNullable(
                                        wanted.get(claim.getMetadata().getName()))
                                .map(wish -> new Due(wish.volumes(), claim, wish.size())));
    }

    private record Wish(String volumes, Quantity size) {}

    /**
     * A claim, and how large the user wants it.
     *
     * @param volumes those of one name of one StatefulSet: of one StorageClass
     */
    private record Due(String volumes, PersistentVolumeClaim claim, Quantity wanted) {
        String name() {
            return claim.getMetadata().getName();
        }

        boolean isSmaller() {
            return Quantities.isLess(VolumeChanges.requested(claim), wanted);
        }

        boolean isLarger() {
            return Quantities.isLess(wanted, VolumeChanges.requested(claim));
        }

        /** Kubernetes lets nobody change another. */
        boolean isBound() {
            return claim.getStatus() != null && "Bound".equals(claim.getStatus().getPhase());
        }

        GrowVolume step() {
            return new GrowVolume(
                    volumes,
                    name(),
                    wanted,
                    "volume claim %s grows from %s to %s".formatted(name(), VolumeChanges.requested(claim), wanted));
        }

        Optional<String> progress() {
            if (isSmaller()) {
                return isBound() ? Optional.empty() : Optional.of(name() + " is not bound to a volume yet");
            }
            return VolumeChanges.capacity(claim)
                    .filter(capacity -> Quantities.isLess(capacity, VolumeChanges.requested(claim)))
                    .map(capacity ->
                            "%s from %s to %s%s".formatted(name(), capacity, VolumeChanges.requested(claim), state()));
        }

        /** In Kubernetes' own words, of which those of a failure come first. */
        private String state() {
            var allocated = Optional.ofNullable(claim.getStatus().getAllocatedResourceStatuses())
                    .map(states -> states.get("storage"))
                    .stream();
            var conditions = Optional.ofNullable(claim.getStatus().getConditions()).orElse(List.of()).stream()
                    .filter(condition -> "True".equals(condition.getStatus()))
                    .sorted((one, other) -> Boolean.compare(isError(other.getType()), isError(one.getType())))
                    .map(condition -> condition.getMessage() == null
                                    || condition.getMessage().isBlank()
                            ? condition.getType()
                            : condition.getType() + ": " + condition.getMessage());
            return Stream.concat(conditions, allocated)
                    .findFirst()
                    .map(state -> " (" + state + ")")
                    .orElse("");
        }

        private static boolean isError(String type) {
            return type.endsWith("Error");
        }
    }
}
