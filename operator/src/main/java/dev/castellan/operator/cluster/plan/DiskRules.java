package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Healing;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.FailedDisk;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.ReplaceDisk;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Unsafe;
import dev.castellan.operator.placement.SoleCopies;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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
                .findFirst();
    }

    /**
     * Nobody can take back that a volume claim is to be deleted: it goes with its pod, whatever ends that. So its node gets
     * another one while there are copies of all that lies there.
     */
    static Optional<Step> replaceDeleted(Intent intent, ObservedCluster observed) {
        return deleted(observed)
                .filter(node -> obstacle(intent, observed, node).isEmpty())
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
                .flatMap(node -> obstacle(intent, observed, node)
                        .map(problem -> new Wait(
                                "%s, and is kept by its pod, which is not restarted now: %s"
                                        .formatted(words(node), problem),
                                RECHECK))
                        .stream())
                .findFirst();
    }

    private static Stream<ObservedNode> deleted(ObservedCluster observed) {
        return observed.nodes().stream().filter(node -> node.leavingClaim().isPresent() && node.isReady());
    }

    private static Optional<String> obstacle(Intent intent, ObservedCluster observed, ObservedNode node) {
        if (node.isOutdated() || !Outdated.wouldComeBackCurrent(intent, observed, node)) {
            return Optional.of("it is to have first what the spec says");
        }
        return switch (observed.kafka()) {
            case Reachable kafka -> HealRules.behind(observed, kafka, node).or(() -> obstacle(node, kafka));
            default -> Optional.of("Kafka does not answer");
        };
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
        if (disk.failure().isEmpty()) {
            return waiting(node, disk, "it may be full, or nobody can tell: it is kept");
        }
        if (intent.healing().isEmpty()) {
            return waiting(node, disk, "it is not replaced before the spec can be followed");
        }
        return obstacle(intent.healing().get(), observed, node, disk);
    }

    private static Optional<Step> obstacle(
            Healing healing, ObservedCluster observed, ObservedNode node, FailedDisk disk) {
        var replacedAt = disk.since().plus(healing.grace()).truncatedTo(ChronoUnit.SECONDS);
        if (!healing.replaces()) {
            return waiting(node, disk, "spec.healing.replaceLostVolumes is false: it is left to you");
        }
        if (replacedAt.isAfter(observed.now())) {
            return waiting(node, disk, "it is replaced at " + replacedAt + ", unless it is well before");
        }
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return waiting(node, disk, "whether its data lies elsewhere is not known, since Kafka does not answer");
        }
        if (Outage.is(observed, kafka, node)) {
            return waiting(node, disk, "but so many brokers are affected that this is an outage: nothing is given up");
        }
        if (node.isTerminating()) {
            return waiting(node, disk, "its pod is about to be gone");
        }
        var behind = HealRules.behind(observed, kafka, node);
        if (behind.isPresent()) {
            return waiting(node, disk, "what lies elsewhere is not sure: " + behind.get());
        }
        return disk.elsewhere()
                .map(elsewhere -> obstacleToStopping(observed, node, disk)
                        .or(() -> dataObstacle(healing, node, disk, elsewhere, kafka)))
                .orElseGet(
                        () -> obstacleToLeaving(node, disk, kafka).or(() -> dataObstacle(healing, node, disk, kafka)));
    }

    /** It serves, and is the only one to go down. */
    private static Optional<Step> obstacleToStopping(ObservedCluster observed, ObservedNode node, FailedDisk disk) {
        return observed.nodes().stream()
                .filter(other -> other.id() != node.id() && !other.isReady())
                .findFirst()
                .flatMap(other -> waiting(node, disk, "it is replaced when " + other.title() + " is ready"));
    }

    /** It serves nobody, by all accounts. */
    private static Optional<Step> obstacleToLeaving(ObservedNode node, FailedDisk disk, Reachable kafka) {
        if (node.runningSince().isPresent()) {
            return waiting(node, disk, "but its process runs again");
        }
        return Down.isServing(kafka, node) ? waiting(node, disk, "but Kafka still hears of it") : Optional.empty();
    }

    /** What lies on its other disks, nobody can tell. */
    private static Optional<Step> dataObstacle(Healing healing, ObservedNode node, FailedDisk disk, Reachable kafka) {
        var sole = SoleCopies.on(node.id(), kafka.topics());
        if (!sole.isEmpty() && !isGivenUp(healing, disk)) {
            return Optional.of(onlyThere(node, disk, sole));
        }
        var topics = isGivenUp(healing, disk) ? SoleCopies.without(node.id(), kafka.topics()) : kafka.topics();
        return Gate.ofReplacing(node, kafka, topics) instanceof Unsafe(String problem)
                ? waiting(node, disk, "it cannot be replaced now: " + problem)
                : Optional.empty();
    }

    private static Optional<Step> dataObstacle(
            Healing healing, ObservedNode node, FailedDisk disk, Set<String> elsewhere, Reachable kafka) {
        var there = SoleCopies.notAmong(elsewhere, node.id(), kafka.topics());
        var sole = SoleCopies.on(node.id(), there);
        if (!sole.isEmpty() && !isGivenUp(healing, disk)) {
            return Optional.of(onlyThere(node, disk, sole));
        }
        List<TopicPartitions> kept = isGivenUp(healing, disk) ? SoleCopies.without(node.id(), there) : there;
        return Gate.ofReplacingDisk(node, kafka, kept) instanceof Unsafe(String problem)
                ? waiting(node, disk, "it cannot be replaced now: " + problem)
                : Optional.empty();
    }

    private static boolean isGivenUp(Healing healing, FailedDisk disk) {
        return healing.givenUp().contains(disk.volume());
    }

    private static Stall onlyThere(ObservedNode node, FailedDisk disk, List<String> partitions) {
        return new Stall(
                StallReason.DataOnFailedDisk,
                "disk %s of %s has failed, where the only copy of %s may be: mend it, or give that data up by adding %s to"
                                .formatted(disk.words(), node.title(), HealRules.named(partitions), disk.volume())
                        + " spec.healing.acceptDataLossOn");
    }

    private static Optional<Step> waiting(ObservedNode node, FailedDisk disk, String what) {
        return Optional.of(
                new Wait("disk " + disk.words() + " of " + node.title() + " does not serve; " + what, RECHECK));
    }
}
