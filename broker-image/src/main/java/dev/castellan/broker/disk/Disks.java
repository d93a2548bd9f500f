package dev.castellan.broker.disk;

import dev.castellan.broker.disk.DiskState.Barred;
import dev.castellan.broker.disk.DiskState.Failed;
import dev.castellan.broker.disk.DiskState.Full;
import dev.castellan.broker.disk.DiskState.RoomAgain;
import dev.castellan.broker.disk.DiskState.Sound;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the node's disks have failed, and which are full, by what the kernel says when something is written to them. Kafka takes a
 * directory offline for any error: a disk that is full, or may not be written to, has not failed, and another one would help nobody.
 */
public final class Disks {
    private static final Logger LOG = LoggerFactory.getLogger(Disks.class);

    /** Of a device that is broken or gone, and of a file system that the kernel has stopped writing to for that. */
    private static final List<String> BROKEN = List.of(
            "Input/output error",
            "Read-only file system",
            "Structure needs cleaning",
            "No such device",
            "Remote I/O error",
            "Stale file handle",
            "Transport endpoint is not connected");

    private static final List<String> WITHOUT_ROOM = List.of("No space left on device", "Disk quota exceeded");

    /**
     * A file system with less than this, or than a hundredth of its size, is as good as full. There may be room for a byte: what Kafka
     * wrote when it was full it cuts off again when it starts, and then it needs more than that for the indexes of its logs.
     */
    private static final long LITTLE = 16L << 20;

    private static final long HUNDREDTH = 100;

    private static final String PROBE = ".castellan-probe";

    private Disks() {}

    /** To find out which have failed, and which are full, or were. */
    public static Looks<DiskState> looks(Collection<Path> directories) {
        return new Looks<>(directories, new Shortages(Disks::look)::look);
    }

    /** Why, by directory, for those on disks that have failed. One that does not answer has not: nobody can tell yet. */
    public static Map<Path, String> failed(Map<Path, DiskState> found) {
        return those(Failed.class, found, Failed::why);
    }

    /** The bytes that there are in all, by directory, for those on disks that are full. */
    public static Map<Path, Long> full(Map<Path, DiskState> found) {
        return those(Full.class, found, Full::size);
    }

    /** The bytes that there is room for, by directory, for those on disks that were full before. */
    public static Map<Path, Long> withRoomAgain(Map<Path, DiskState> found) {
        return those(RoomAgain.class, found, RoomAgain::usable);
    }

    private static <S extends DiskState, T> Map<Path, T> those(
            Class<S> kind, Map<Path, DiskState> found, Function<S, T> what) {
        var those = new TreeMap<Path, T>();
        found.forEach((directory, state) -> {
            if (kind.isInstance(state)) {
                those.put(directory, what.apply(kind.cast(state)));
            }
        });
        return those;
    }

    static DiskState look(Path directory) {
        try {
            Files.createDirectories(directory);
            write(directory.resolve(PROBE));
            var disk = Files.getFileStore(directory);
            return state(disk.getTotalSpace(), disk.getUsableSpace());
        } catch (IOException e) {
            LOG.warn("{} cannot be written to", directory, e);
            return state(directory, String.valueOf(e.getMessage()));
        }
    }

    static DiskState state(long size, long usable) {
        return usable < Math.min(LITTLE, size / HUNDREDTH) ? new Full(size) : new Sound(usable);
    }

    private static DiskState state(Path directory, String message) {
        var failure = failure(message);
        if (failure.isPresent()) {
            return new Failed(failure.get());
        }
        return isWithoutRoom(message) ? full(directory) : new Barred();
    }

    private static DiskState full(Path directory) {
        try {
            // There may have been no room for itself.
            var there = Files.exists(directory)
                    ? directory
                    : directory.toAbsolutePath().getParent();
            return new Full(Files.getFileStore(there).getTotalSpace());
        } catch (IOException e) {
            LOG.warn("{} is full, and nobody can tell how large it is", directory, e);
            return new Barred();
        }
    }

    static boolean isWithoutRoom(String message) {
        return WITHOUT_ROOM.stream().anyMatch(message::endsWith);
    }

    /** By the last words of the message: before them may come the name of a file. */
    static Optional<String> failure(String message) {
        return BROKEN.stream()
                .filter(words -> message.endsWith(words) || message.endsWith(words + " or address"))
                .findFirst();
    }

    private static void write(Path file) throws IOException {
        try (var channel = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            channel.write(ByteBuffer.wrap(new byte[] {'?'}));
            channel.force(true);
        } finally {
            Files.deleteIfExists(file);
        }
    }
}
