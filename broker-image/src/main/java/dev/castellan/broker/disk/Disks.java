package dev.castellan.broker.disk;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which of the node's disks have failed, by what the kernel says when something is written to them. Kafka takes a directory offline
 * for any error: a disk that is full, or may not be written to, has not failed, and another one would help nobody.
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

    private static final String PROBE = ".castellan-probe";

    private Disks() {}

    /** To find out which have failed. */
    public static Looks<Optional<String>> looks(Collection<Path> directories) {
        return new Looks<>(directories, Disks::failure);
    }

    /** Why, by directory, for those on disks that have failed. One that does not answer has not: nobody can tell yet. */
    public static Map<Path, String> failed(Map<Path, Optional<String>> found) {
        var failed = new TreeMap<Path, String>();
        found.forEach((directory, failure) -> failure.ifPresent(why -> failed.put(directory, why)));
        return failed;
    }

    static Optional<String> failure(Path directory) {
        try {
            Files.createDirectories(directory);
            write(directory.resolve(PROBE));
            return Optional.empty();
        } catch (IOException e) {
            LOG.warn("{} cannot be written to", directory, e);
            return failure(String.valueOf(e.getMessage()));
        }
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
