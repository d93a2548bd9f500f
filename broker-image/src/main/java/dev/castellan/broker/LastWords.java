package dev.castellan.broker;

import dev.castellan.broker.disk.DiskState;
import dev.castellan.broker.disk.Disks;
import dev.castellan.broker.disk.Looks;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pod's termination message: what Kubernetes finds when the process has ended, and the operator reads there. It is left ahead of the
 * end, too: Kafka may halt the JVM, which asks nobody.
 */
final class LastWords {
    private static final Logger LOG = LoggerFactory.getLogger(LastWords.class);

    /** One that hangs keeps those that are full from being told no longer than that. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final Path TERMINATION_LOG = Path.of("/dev/termination-log");

    private final Path file;
    private String reason = "";
    private Map<Path, Long> full = Map.of();

    LastWords() {
        this(TERMINATION_LOG);
    }

    LastWords(Path file) {
        this.file = file;
    }

    /** Why the process ends, as it knows itself. */
    synchronized void reason(String reason) {
        this.reason = reason;
        leave();
    }

    /** Which disks are full at the moment, and how large they are in bytes; none: nothing is left for that any more. */
    synchronized void full(Map<Path, Long> disks) {
        if (!disks.equals(full)) {
            full = Map.copyOf(disks);
            full.forEach((directory, size) -> LOG.warn("{} is full: {} bytes", directory, size));
            leave();
        }
    }

    /** Of this look, not of the one before: what is full now may be the end in a moment. */
    void look(Looks<DiskState> disks) {
        full(Disks.full(disks.found(PATIENCE)));
    }

    private void leave() {
        var lines = new ArrayList<String>();
        if (!reason.isEmpty()) {
            lines.add(reason);
        }
        full.keySet().stream()
                .sorted()
                .map(directory -> "FULL: disk " + directory + " is full: " + full.get(directory) + " bytes")
                .forEach(lines::add);
        try {
            if (Files.exists(file)) {
                Files.writeString(
                        file, String.join("\n", lines), StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
            }
        } catch (IOException e) {
            LOG.debug("No termination message", e);
        }
    }
}
