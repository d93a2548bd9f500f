package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.FailedDisk;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.ReplaceDisk;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Unsafe;
import dev.castellan.operator.placement.SoleCopies;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A disk that has failed is replaced, when that has been so for as long as a lost host is waited for, and everything that lies
 * there has a copy in sync elsewhere. A node that serves from its other disks goes down for that, and keeps them.
 */
final class DiskRules {
    private static final Duration RECHECK = Duration.ofSeconds(5);

    private DiskRules() {}

    static Optional<ReplaceDisk> replaceFailed(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .flatMap(node -> observed
                        .failedDisk(node)
                        .filter(disk -> obstacle(intent, observed, node, disk).isEmpty())
                        .map(disk -> replace(node, disk))
                        .stream())
                .findFirst();
    }

    private static ReplaceDisk replace(ObservedNode node, FailedDisk disk) {
        return new ReplaceDisk(
                node.id(),
                node.podName(),
                List.of(disk.claim()),
                "disk %s of %s has failed: it gets another one, which its peers fill"
                        .formatted(disk.words(), node.title()));
    }

    /** What the first of them waits for. */
    static Optional<Step> tell(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .flatMap(node ->
                        observed.failedDisk(node).flatMap(disk -> obstacle(intent, observed, node, disk)).stream())
                .findFirst()
                .map(step -> step instanceof Wait(String reason, Duration recheck)
                        ? new Wait(reason + MoveRules.besides(intent, observed), recheck)
                        : step);
    }

    /**
     * Nobody can take back that a volume claim is to be deleted: it goes with its pod, whatever ends that. So its node gets
     * another one while there are copies of all that lies there.
     */
    static Optional<Step> replaceDeleted(Intent intent, ObservedCluster observed) {
        return replace(deleted(observed), intent, observed);
    }

    /** A controller gets its vote with a disk that stays: now it is missed by nobody, and then it would be. */
    static Optional<Step> replaceDeletedAheadOfVote(Intent intent, ObservedCluster observed) {
        return observed.kafka() instanceof Reachable kafka
                ? replace(
                        deleted(observed).filter(node -> VoterRules.isToGetVote(intent, kafka.quorum(), node.id())),
                        intent,
                        observed)
                : Optional.empty();
    }

    /** What is to have first what the spec says has to have its vote for that: restarts wait for a quorum that is whole. */
    static boolean isReplacedAheadOfVote(Intent intent, ObservedCluster observed, ObservedNode node) {
        return isDeleted(node) && !hasOtherSpecFirst(intent, observed, node);
    }

    private static Optional<Step> replace(Stream<ObservedNode> deleted, Intent intent, ObservedCluster observed) {
        return deleted.filter(node -> obstacleToRestart(intent, observed, node).isEmpty())
                .findFirst()
                .map(node -> BudgetRules.closeAhead(node.isBroker(), intent, observed)
                        .orElseGet(() -> replaceDeleted(node)));
    }

    private static ReplaceDisk replaceDeleted(ObservedNode node) {
        return new ReplaceDisk(
                node.id(),
                node.podName(),
                List.of(node.leavingClaim().orElseThrow()),
                words(node) + ": it gets another one, which its peers fill");
    }

    static Optional<Wait> tellDeleted(Intent intent, ObservedCluster observed) {
        return deleted(observed)
                .flatMap(node -> obstacleToRestart(intent, observed, node)
                        .map(problem -> new Wait(
                                "%s, and is kept by its pod, which is not restarted now: %s"
                                        .formatted(words(node), problem),
                                RECHECK))
                        .stream())
                .findFirst();
    }

    private static Stream<ObservedNode> deleted(ObservedCluster observed) {
        return observed.nodes().stream().filter(DiskRules::isDeleted);
    }

    private static boolean isDeleted(ObservedNode node) {
        return node.leavingClaim().isPresent() && node.isReady();
    }

    /** Of a node that is well but for a disk. */
    static Optional<String> obstacleToRestart(Intent intent, ObservedCluster observed, ObservedNode node) {
        if (hasOtherSpecFirst(intent, observed, node)) {
            return Optional.of("it is to have first what the spec says");
        }
        return switch (observed.kafka()) {
            case Reachable kafka -> Witnesses.doubt(observed, kafka, node).or(() -> obstacle(node, kafka));
            default -> Optional.of("Kafka does not answer");
        };
    }

    private static boolean hasOtherSpecFirst(Intent intent, ObservedCluster observed, ObservedNode node) {
        return node.isOutdated() || !Outdated.wouldComeBackCurrent(intent, observed, node);
    }

    private static Optional<String> obstacle(ObservedNode node, Reachable kafka) {
        return Gate.of(List.of(node), kafka) instanceof Unsafe(String problem)
                ? Optional.of(problem)
                : Optional.empty();
    }

    private static String words(ObservedNode node) {
        return "volume claim %s of %s is marked for deletion"
                .formatted(node.leavingClaim().orElseThrow(), node.title());
    }

    private static Optional<Step> obstacle(
            Intent intent, ObservedCluster observed, ObservedNode node, FailedDisk disk) {
        var loss = new Loss(
                node,
                List.of(disk.uid()),
                disk.since(),
                StallReason.DataOnFailedDisk,
                "disk " + disk.words() + " of " + node.title() + " does not serve",
                "replaced");
        if (disk.failure().isEmpty()) {
            return loss.waiting("it may be full, or nobody can tell: it is kept");
        }
        return loss.obstacle(intent, observed)
                .or(() -> obstacle(intent, observed, loss, disk, (Reachable) observed.kafka()));
    }

    private static Optional<Step> obstacle(
            Intent intent, ObservedCluster observed, Loss loss, FailedDisk disk, Reachable kafka) {
        var node = loss.node();
        if (node.isTerminating()) {
            return loss.waiting("its pod is about to be gone");
        }
        if (disk.elsewhere().isEmpty()) {
            return obstacleToLeaving(loss, kafka)
                    .or(() ->
                            loss.dataObstacle(intent, kafka.topics(), topics -> Gate.ofReplacing(node, kafka, topics)));
        }
        return obstacleToStopping(observed, loss)
                .or(() -> loss.dataObstacle(
                        intent,
                        SoleCopies.notAmong(disk.elsewhere().get(), node.id(), kafka.topics()),
                        there -> Gate.ofReplacingDisk(node, kafka, there)));
    }

    /** It serves from its other disks, and is the only one to go down. */
    private static Optional<Step> obstacleToStopping(ObservedCluster observed, Loss loss) {
        return observed.nodes().stream()
                .filter(other -> other.id() != loss.node().id() && !other.isReady())
                .findFirst()
                .flatMap(other -> loss.waiting("it is replaced when " + other.title() + " is ready"));
    }

    /** It serves nobody, by all accounts; what lies on its other disks, nobody can tell. */
    private static Optional<Step> obstacleToLeaving(Loss loss, Reachable kafka) {
        if (loss.node().runningSince().isPresent()) {
            return loss.waiting("but its process runs again");
        }
        return Down.isServing(kafka, loss.node()) ? loss.waiting("but Kafka still hears of it") : Optional.empty();
    }
}
