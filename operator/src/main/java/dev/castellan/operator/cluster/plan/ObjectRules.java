package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedCluster.Obstacle;
import dev.castellan.operator.cluster.plan.Step.ApplyNodeSets;
import dev.castellan.operator.cluster.plan.Step.ApplyObjects;
import dev.castellan.operator.cluster.plan.Step.RemoveLeftovers;
import dev.castellan.operator.cluster.plan.Step.SetClaimOwner;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/** What concerns Kubernetes objects only, and disrupts no running pod. */
final class ObjectRules {
    /** Kinds that a pod refers to: one of somebody else's must never be mounted or run as. */
    private static final Set<String> USED_BY_PODS = Set.of("ConfigMap", "ServiceAccount");

    private ObjectRules() {}

    static Optional<ApplyObjects> applySupporting(Intent intent, ObservedCluster observed) {
        var objects = observed.unapplied().stream()
                .filter(object -> !(object instanceof StatefulSet))
                .filter(object -> !observed.isBlocked(object))
                .toList();
        return objects.isEmpty()
                ? Optional.empty()
                : Optional.of(new ApplyObjects(objects, "missing or changed: " + names(objects)));
    }

    static Optional<ApplyNodeSets> applyNodeSets(Intent intent, ObservedCluster observed) {
        if (observed.obstacles().stream().anyMatch(obstacle -> USED_BY_PODS.contains(obstacle.kind()))) {
            return Optional.empty();
        }
        var sets = observed.unapplied().stream()
                .filter(StatefulSet.class::isInstance)
                .filter(object -> !observed.isBlocked(object))
                .filter(object -> !DynamicConfigRules.isUnproven(intent, observed, (StatefulSet) object))
                .toList();
        return sets.isEmpty()
                ? Optional.empty()
                : Optional.of(new ApplyNodeSets(
                        sets.stream().map(set -> set.getMetadata().getName()).toList(),
                        "missing or changed: " + names(sets)));
    }

    static Optional<SetClaimOwner> keepOrReleaseClaims(Intent intent, ObservedCluster observed) {
        for (var set : intent.sets()) {
            var suspects = observed.inventory().claims().stream()
                    .filter(claim -> isOwned(claim) == set.storage().retain())
                    .map(claim -> claim.getMetadata().getName())
                    .toList();
            if (suspects.isEmpty()) {
                continue;
            }
            var claims = claims(set);
            var wrong = suspects.stream().filter(claims::contains).sorted().toList();
            if (!wrong.isEmpty()) {
                boolean owned = !set.storage().retain();
                var reason = "volumes of %s %s the KafkaCluster, as storage.retain says"
                        .formatted(set.name(), owned ? "go with" : "outlive");
                return Optional.of(new SetClaimOwner(wrong, owned, reason));
            }
        }
        return Optional.empty();
    }

    private static Set<String> claims(NodeSet set) {
        return set.storage().volumes().stream()
                .flatMap(volume -> set.nodeIds().stream().map(id -> Names.claim(volume.name(), set.podName(id))))
                .collect(Collectors.toSet());
    }

    private static boolean isOwned(PersistentVolumeClaim claim) {
        for (var owner : claim.getMetadata().getOwnerReferences()) {
            if (owner.getKind().equals("KafkaCluster")) {
                return true;
            }
        }
        return false;
    }

    static Optional<Wait> waitForLeaving(Intent intent, ObservedCluster observed) {
        return observed.obstacles().stream()
                .filter(Obstacle::leaving)
                .findFirst()
                .map(obstacle ->
                        new Wait(obstacle + " is being deleted, and can come back only then", Duration.ofSeconds(2)));
    }

    static Optional<RemoveLeftovers> removeLeftovers(Intent intent, ObservedCluster observed) {
        var objects = Leftovers.of(intent, observed.inventory());
        return objects.isEmpty()
                ? Optional.empty()
                : Optional.of(new RemoveLeftovers(objects, "nothing refers any more to " + names(objects)));
    }

    /** Without these no pod can be made or changed, so there is nothing to wait for. */
    static Optional<Stall> reportBlockingObstacles(Intent intent, ObservedCluster observed) {
        return stall(
                observed,
                obstacle -> USED_BY_PODS.contains(obstacle.kind())
                        || obstacle.kind().equals("StatefulSet"));
    }

    static Optional<Stall> reportObstacles(Intent intent, ObservedCluster observed) {
        return stall(observed, obstacle -> true);
    }

    private static Optional<Stall> stall(ObservedCluster observed, Predicate<Obstacle> filter) {
        var foreign = observed.obstacles().stream()
                .filter(obstacle -> !obstacle.leaving())
                .filter(filter)
                .map(Obstacle::toString)
                .toList();
        return foreign.isEmpty()
                ? Optional.empty()
                : Optional.of(new Stall(
                        StallReason.ForeignObject,
                        String.join(", ", foreign) + " exists already and is not this cluster's: rename or delete it"));
    }

    static Optional<Stall> reportRefusals(Intent intent, ObservedCluster observed) {
        return intent.refusal();
    }

    private static String names(List<? extends HasMetadata> objects) {
        return objects.stream()
                .map(object -> object.getKind() + " " + object.getMetadata().getName())
                .collect(Collectors.joining(", "));
    }
}
