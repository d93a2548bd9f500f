package dev.castellan.operator.cluster.observe;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Quantity;

/**
 * A disk that is full, or was, and does not serve its node for it.
 *
 * @param claim of the node, that the volume on the disk is bound to
 * @param size that the volume has
 */
public record FullDisk(ObservedNode node, PersistentVolumeClaim claim, Quantity size, State state) {

    /** What has become of it, and of its node. */
    public enum State {
        /** Its node ended last for want of room there, as far as anybody can tell, and has no more since. */
        KeepsDown,
        /** Kafka does without it while the node serves from others. */
        Offline,
        /** The same, and its volume is about to be larger, or is, and its file system is about to be. */
        Growing,
        /** Kafka does without it, and others share its file system, whose room has nothing to do with the volume. */
        Shared,
        /** Kafka does without it, though there is room again: it looks no sooner than it starts again. */
        RoomAgain
    }

    private static final String FULL = " (full)";
    private static final String WAS_FULL = " (was full)";

    /** Those of its name of its StatefulSet, as Names.claim has them: of one StorageClass. */
    public String volumes() {
        var name = claim.getMetadata().getName();
        return name.substring(0, name.length() - ("-" + node.id()).length());
    }

    /** More room for its volume is what it lacks. */
    boolean lacksRoom() {
        return state == State.KeepsDown || state == State.Offline;
    }

    /** That and nothing else brings it back. */
    public boolean needsRestart() {
        return state == State.RoomAgain;
    }

    /** Without anything that changes from one look to the next. */
    public String words() {
        return claim.getMetadata().getName() + (state == State.RoomAgain ? WAS_FULL : FULL);
    }

    /** Whether those are words of a disk that is full, or was. */
    public static boolean isToldBy(String words) {
        return words.endsWith(FULL) || words.endsWith(WAS_FULL);
    }
}
