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
import java.util.ArrayList;
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

    /** What the kernel is asked about a disk. */
    interface Kernel {
        void write(Path directory) throws IOException;

        Room room(Path directory) throws IOException;
    }

    /** Of a file system, in bytes. */
    record Room(long size, long usable) {}

    static DiskState look(Path directory) {
        return look(directory, new RealKernel());
    }

    /** Neither of two answers hides the other: what may not be written to may be full as well. */
    static DiskState look(Path directory, Kernel kernel) {
        var refusals = new ArrayList<String>();
        var room = Optional.<Room>empty();
        try {
            kernel.write(directory);
        } catch (IOException e) {
            LOG.warn("{} cannot be written to", directory, e);
            refusals.add(String.valueOf(e.getMessage()));
        }
        try {
            room = Optional.of(kernel.room(directory));
        } catch (IOException e) {
            LOG.warn("{} does not tell how large it is", directory, e);
            refusals.add(String.valueOf(e.getMessage()));
        }
        return state(refusals, room);
    }

    private static DiskState state(List<String> refusals, Optional<Room> room) {
        var failure =
                refusals.stream().flatMap(message -> failure(message).stream()).findFirst();
        if (failure.isPresent()) {
            return new Failed(failure.get());
        }
        if (room.isEmpty()) {
            return new Barred();
        }
        var found = refusals.stream().anyMatch(Disks::isWithoutRoom)
                ? new Full(room.get().size())
                : state(room.get().size(), room.get().usable());
        return found instanceof Sound && !refusals.isEmpty() ? new Barred() : found;
    }

    static DiskState state(long size, long usable) {
        return usable < Math.min(LITTLE, size / HUNDREDTH) ? new Full(size) : new Sound(usable);
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

    private static final class RealKernel implements Kernel {
        @Override
        public void write(Path directory) throws IOException {
            Files.createDirectories(directory);
            var file = directory.resolve(PROBE);
            try (var channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
                channel.write(ByteBuffer.wrap(new byte[] {'?'}));
                channel.force(true);
            } finally {
                Files.deleteIfExists(file);
            }
        }

        /** There may have been no room for the directory itself. */
        @Override
        public Room room(Path directory) throws IOException {
            var there = Files.exists(directory)
                    ? directory
                    : directory.toAbsolutePath().getParent();
            var store = Files.getFileStore(there);
            return new Room(store.getTotalSpace(), store.getUsableSpace());
        }
    }
}
