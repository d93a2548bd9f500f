package dev.castellan.operator.cluster.observe;

import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/**
 * A disk that does not serve a node, while the host that it is in does.
 *
 * @param directory the log directory on it
 * @param failure what the kernel says of the disk; empty: Kafka does without it, and whether it has failed is not known
 * @param since when that was first seen
 * @param elsewhere the partitions that the node serves from its other disks; empty: without this one it serves nothing
 * @param claim of the node, that the volume on the disk is bound to
 * @param uid of that claim: of this very disk, and none that comes in its place
 */
public record FailedDisk(
        String directory,
        Optional<String> failure,
        Instant since,
        Optional<Set<String>> elsewhere,
        String claim,
        String uid) {
    private static final String UNEXPLAINED = "taken offline by Kafka";

    /** Without anything that changes from one look to the next. */
    public String words() {
        return claim + " (" + failure.orElse(UNEXPLAINED) + ")";
    }

    /** Whether those are words of a disk of which nobody knows what is wrong with it. */
    public static boolean isUnexplained(String words) {
        return words.endsWith("(" + UNEXPLAINED + ")");
    }
}
