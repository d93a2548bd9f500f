package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.VolumeChanges;
import dev.castellan.operator.cluster.observe.FullDisk.State;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Which disks are so full that their nodes may not come up for it, or do without them. Of those Kafka, which tells how full disks are, does
 * not: a node that is down says it with its last words, and one that runs by its agent. Pure.
 */
final class FullDisks {
    /** As the launcher says it. */
    private static final Pattern LAST_WORDS =
            Pattern.compile("^FULL: disk (\\S+) is full: (\\d{1,18}) bytes$", Pattern.MULTILINE);

    /**
     * A file system has a little less than its volume, and a grown volume a quarter more than before. Words about less are of before
     * it grew; those about more are of a file system that is shared with others, whose room has nothing to do with the volume.
     */
    private static final int LEAST_PERCENT = 85;

    private static final int MOST_PERCENT = 110;

    /** Longer than a node takes from its start until it is ready: what has run for longer is not down for what was said before. */
    private static final Duration STARTING = Duration.ofMinutes(2);

    private FullDisks() {}

    /** @param offline by node id, of nodes that do without any */
    static List<FullDisk> of(
            List<ObservedNode> nodes, Map<Integer, OfflineDisks> offline, Inventory inventory, Instant now) {
        return nodes.stream()
                .flatMap(node -> Stream.concat(
                        mayBeDown(node, now) ? keepingDown(node, inventory) : Stream.empty(),
                        Stream.ofNullable(offline.get(node.id())).flatMap(disks -> offline(disks, inventory))))
                .toList();
    }

    private static Stream<FullDisk> keepingDown(ObservedNode node, Inventory inventory) {
        return lastWords(node).flatMap(words -> disk(node, words, inventory).stream());
    }

    static boolean mayBeDown(ObservedNode node, Instant now) {
        return !node.isReady()
                && !node.isTerminating()
                && node.lostHost().isEmpty()
                && node.runningSince()
                        .filter(since -> since.plus(STARTING).isBefore(now))
                        .isEmpty();
    }

    /** Whether there is more room since, or is about to be, or not. */
    static boolean wereToldBy(ObservedNode node) {
        return lastWords(node).findAny().isPresent();
    }

    /** Of the process that ended last: what those before it said is over. */
    private static Stream<MatchResult> lastWords(ObservedNode node) {
        return node.lastMessages().stream()
                .limit(1)
                .flatMap(message -> LAST_WORDS.matcher(message).results());
    }

    private static Optional<FullDisk> disk(ObservedNode node, MatchResult words, Inventory inventory) {
        long told = Long.parseLong(words.group(2));
        return inventory.claim(node, words.group(1)).flatMap(claim -> VolumeChanges.capacity(claim)
                .filter(size -> !isGrowing(claim, size) && isOf(size, told))
                .map(size -> new FullDisk(node, claim, size, State.KeepsDown)));
    }

    private static Stream<FullDisk> offline(OfflineDisks disks, Inventory inventory) {
        return disks.full().stream().flatMap(path -> inventory.claim(disks.node(), path).stream()
                .flatMap(claim -> VolumeChanges.capacity(claim)
                        .map(size -> new FullDisk(disks.node(), claim, size, state(disks, path, claim, size)))
                        .stream()));
    }

    private static State state(OfflineDisks disks, String path, PersistentVolumeClaim claim, Quantity size) {
        if (disks.report().roomAgain().contains(path)) {
            return State.RoomAgain;
        }
        long told = disks.report().full().get(path);
        if (isGrowing(claim, size) || percent(size, told) < LEAST_PERCENT) {
            return State.Growing;
        }
        return isOf(size, told) ? State.Offline : State.Shared;
    }

    private static boolean isGrowing(PersistentVolumeClaim claim, Quantity size) {
        return Quantities.isLess(size, VolumeChanges.requested(claim));
    }

    private static boolean isOf(Quantity size, long told) {
        return LEAST_PERCENT <= percent(size, told) && percent(size, told) <= MOST_PERCENT;
    }

    private static long percent(Quantity size, long told) {
        return Math.round(told * 100.0 / Quantities.bytes(size));
    }
}
