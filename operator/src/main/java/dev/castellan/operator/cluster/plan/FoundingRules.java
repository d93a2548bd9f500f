package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.plan.Step.CreateIdentity;
import dev.castellan.operator.cluster.plan.Step.MarkClaims;
import dev.castellan.operator.cluster.plan.Step.MarkFormed;
import dev.castellan.operator.cluster.plan.Step.RecordBootstrap;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Duration;
import java.util.Optional;

/** A cluster is founded once, by those on record, and never again. */
final class FoundingRules {
    private FoundingRules() {}

    static Optional<Step> recordIdentity(Intent intent, ObservedCluster observed) {
        var obstacle = observed.inventory().identityObstacle();
        if (obstacle.isPresent()) {
            return Optional.of(
                    obstacle.get().leaving()
                            ? new Wait(
                                    obstacle.get() + " of the cluster before is being deleted", Duration.ofSeconds(2))
                            : new Stall(
                                    StallReason.ForeignObject,
                                    obstacle.get() + " exists already and is not this cluster's: rename or delete it"));
        }
        return intent.identityStored()
                ? Optional.empty()
                : intent.identityRecord()
                        // Without the id: as long as it is not on record, each look proposes another.
                        .map(record -> new CreateIdentity(record, "who founds the cluster is put on record"));
    }

    static Optional<Step> markFormed(Intent intent, ObservedCluster observed) {
        return !intent.identity().formed()
                        && intent.identityRecord().isPresent()
                        && observed.kafka() instanceof Reachable kafka
                ? Optional.of(new MarkFormed("the quorum has formed, led by controller "
                        + kafka.quorum().leaderId()))
                : Optional.empty();
    }

    /** A cluster made again over kept disks must know that they are not to be founded anew. */
    static Optional<Step> markClaims(Intent intent, ObservedCluster observed) {
        if (!intent.identity().formed()) {
            return Optional.empty();
        }
        var unmarked = observed.inventory().claims().stream()
                .filter(claim -> claim.getMetadata().getDeletionTimestamp() == null)
                .filter(claim -> !isMarked(claim))
                .map(claim -> claim.getMetadata().getName())
                .sorted()
                .toList();
        return unmarked.isEmpty()
                ? Optional.empty()
                : Optional.of(new MarkClaims(
                        unmarked, "disks remember that the quorum has formed: " + String.join(", ", unmarked)));
    }

    /**
     * Ahead of the nodes that are to come, and after those that go. Nothing restarts for it: a node reads it when it starts.
     * Until the quorum has formed, it is the founders who are asked.
     */
    static Optional<Step> recordBootstrap(Intent intent, ObservedCluster observed) {
        if (!intent.identity().formed() || intent.pace().isEmpty()) {
            return Optional.empty();
        }
        var recorded = observed.inventory().identity().map(map -> map.getData().get(Identity.BOOTSTRAP));
        return intent.identityRecord()
                .map(record -> record.getData().get(Identity.BOOTSTRAP))
                .filter(wanted -> !recorded.equals(Optional.of(wanted)))
                .map(wanted -> new RecordBootstrap("nodes that start ask for the leader at " + wanted));
    }

    private static boolean isMarked(PersistentVolumeClaim claim) {
        var annotations = claim.getMetadata().getAnnotations();
        return annotations != null && "true".equals(annotations.get(Annotations.FORMED));
    }
}
