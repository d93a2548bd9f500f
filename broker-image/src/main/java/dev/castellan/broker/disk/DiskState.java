package dev.castellan.broker.disk;

/** What was found of a disk. */
public sealed interface DiskState {
    /** Nothing speaks against it. */
    record Sound() implements DiskState {}

    /** @param why in the kernel's words */
    record Failed(String why) implements DiskState {}

    /** @param size of its file system, in bytes: by that it is seen whether it has grown since */
    record Full(long size) implements DiskState {}
}
