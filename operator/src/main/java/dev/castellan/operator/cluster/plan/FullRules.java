package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.FullDisk;
import dev.castellan.operator.cluster.observe.FullDisk.State;
import dev.castellan.operator.cluster.observe.GrowingVolume;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.RestartNodes;
import dev.castellan.operator.cluster.plan.Step.RestartNodes.Restart;
import dev.castellan.operator.cluster.plan.Step.Wait;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A disk that is full is well, and so is what lies there: it is never replaced. A node that cannot do without it stays down until it has
 * more room, and one that can is restarted then, for Kafka does not take it back while it runs. Where room does not come by itself, the user
 * is told how to give it.
 */
public final class FullRules {
    /** A pod's changes wake us, and a spec's. */
    private static final Duration RECHECK = Duration.ofSeconds(30);

    /** Nobody tells of a file system that grows, nor of what the gate waits for. */
    private static final Duration SOON = Duration.ofSeconds(5);

    /** From when it was ready last: a disk that is full again at once is not to cost a restart each minute. */
    private static final Duration PAUSE = Duration.ofMinutes(2);

    private FullRules() {}

    /** The same that any restart has to wait for, and that all others are there. */
    static Optional<Step> restart(Intent intent, ObservedCluster observed) {
        return withRoomAgain(observed)
                .filter(disk -> obstacle(intent, observed, disk.node()).isEmpty())
                .findFirst()
                .map(disk -> BudgetRules.closeAhead(true, intent, observed).orElseGet(() -> restart(disk)));
    }

    private static RestartNodes restart(FullDisk disk) {
        var node = disk.node();
        var reason =
                "%s has room again: %s is restarted, so that Kafka takes it back".formatted(title(disk), node.title());
        return new RestartNodes(List.of(new Restart(node.id(), node.podName(), reason)), reason);
    }

    /** But for those that are restarted anyhow, when their turn is. */
    private static Stream<FullDisk> withRoomAgain(ObservedCluster observed) {
        return observed.fullDisks().stream()
                .filter(disk -> disk.needsRestart() && !disk.node().isOutdated());
    }

    private static Optional<String> obstacle(Intent intent, ObservedCluster observed, ObservedNode node) {
        return observed.nodes().stream()
                .filter(other -> !other.isReady())
                .findFirst()
                .map(other -> other.title() + " is not ready")
                .or(() -> pause(node, observed.now()))
                .or(() -> DiskRules.obstacleToRestart(intent, observed, node));
    }

    private static Optional<String> pause(ObservedNode node, Instant now) {
        return node.readySince()
                .map(since -> since.plus(PAUSE).truncatedTo(ChronoUnit.SECONDS))
                .filter(until -> until.isAfter(now))
                .map(until -> "it has started a moment ago, and may be restarted at " + until);
    }

    static Optional<Wait> tell(Intent intent, ObservedCluster observed) {
        var waiting = withRoomAgain(observed)
                .map(disk -> new Wait(
                        words(disk, observed)
                                + obstacle(intent, observed, disk.node())
                                        .map(problem -> ", which waits: " + problem)
                                        .orElse(""),
                        SOON));
        var lacking = observed.fullDisks().stream()
                .filter(disk -> !disk.needsRestart())
                .map(disk -> new Wait(words(disk, observed), disk.state() == State.Growing ? SOON : RECHECK));
        return Stream.concat(lacking, waiting).findFirst();
    }

    /** What is wrong, and the cure. */
    public static String words(FullDisk disk, ObservedCluster observed) {
        return switch (disk.state()) {
            case KeepsDown -> title(disk) + " keeps it down: " + cure(disk, observed) + besides(disk.node());
            case RoomAgain -> title(disk) + " has room again, and Kafka takes it back with a restart";
            default -> "Kafka does without " + title(disk) + ": " + cure(disk, observed);
        };
    }

    private static String title(FullDisk disk) {
        return "disk %s of %s".formatted(disk.words(), disk.node().title());
    }

    /** It may be down for something else. */
    private static String besides(ObservedNode node) {
        return node.fatalWords().map(words -> "; it also said " + words).orElse("");
    }

    private static String cure(FullDisk disk, ObservedCluster observed) {
        return switch (disk.state()) {
            case Growing -> "its file system is about to become as large as its volume is to be";
            case Shared -> "make room in its file system, which is no volume's alone";
            default -> moreRoom(disk, observed);
        };
    }

    private static String moreRoom(FullDisk disk, ObservedCluster observed) {
        var growing = observed.growing().stream()
                .filter(volume -> volume.claim().equals(disk.claim()))
                .findFirst();
        return growing.filter(GrowingVolume::isStuck)
                .map(volume -> "it may not become larger than storage.autoGrow.max %s: raise max"
                        .formatted(volume.growth().max()))
                .or(() -> Optional.ofNullable(observed.refusedGrowth().get(disk.volumes())))
                .or(() -> growing.map(volume -> "it grows by itself"))
                .orElseGet(() -> declare(disk));
    }

    private static String declare(FullDisk disk) {
        return disk.node().set().isUndeclared()
                ? "put pool %s back, with more than %s for it"
                        .formatted(disk.node().set().pool(), disk.size())
                : "declare more than %s for it in storage".formatted(disk.size());
    }
}
