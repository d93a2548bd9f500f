package dev.castellan.broker.disk;

/** What was found of a disk. */
public sealed interface DiskState {
    /**
     * Nothing speaks against it.
     *
     * @param usable bytes that there are
     */
    record Sound(long usable) implements DiskState {}

    /**
     * Nothing speaks against it, and it was full before: for that Kafka may do without it, and does so until it starts again.
     *
     * @param usable bytes that there are
     */
    record RoomAgain(long usable) implements DiskState {}

    /** Nothing can be written to it for a reason that is not the disk's, such as a permission: another one would help nobody. */
    record Barred() implements DiskState {}

    /** @param why in the kernel's words */
    record Failed(String why) implements DiskState {}

    /** @param size of its file system, in bytes: by that it is seen whether it has grown since */
    record Full(long size) implements DiskState {}
}
