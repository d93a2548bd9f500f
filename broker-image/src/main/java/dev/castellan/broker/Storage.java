package dev.castellan.broker;

import dev.castellan.broker.disk.DiskState;
import dev.castellan.broker.disk.Disks;
import dev.castellan.broker.disk.Looks;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import kafka.tools.StorageTool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads the disks' labels and has Kafka's own tool format what is new, in this process. */
final class Storage {
    private static final Logger LOG = LoggerFactory.getLogger(Storage.class);

    /** How often a node says that it waits. */
    private static final Duration WORD = Duration.ofMinutes(1);

    private Storage() {}

    /** The directories as Kafka will find them: formatted, and this node's own. */
    static List<Directory> prepare(NodeConfig config, Identity identity, Looks<DiskState> disks, LastWords words)
            throws IOException {
        var found = look(disks);
        words.full(Disks.full(found)); // Kafka may not come up, and would not say so there
        var failed = Disks.failed(found);
        var usable = config.without(failed);
        if (!failed.isEmpty()) {
            LOG.error("Disks have failed, and this node does without them: {}", failed);
        }
        var directories = read(usable.directories());
        var plan = FormatPlan.of(usable, identity, directories);
        if (plan.isEmpty()) {
            return directories;
        }
        format(plan.get(), usable, identity);
        return read(usable.directories());
    }

    /** A disk that hangs is waited for: it may hold what this node must not start without, and nobody can tell. */
    private static Map<Path, DiskState> look(Looks<DiskState> disks) {
        disks.begin();
        while (!disks.await(WORD)) {
            if (Thread.currentThread().isInterrupted()) {
                throw new IllegalStateException("interrupted while disks did not answer");
            }
            LOG.warn("This node waits for disks that do not answer: {}", disks.hanging());
        }
        return disks.found();
    }

    static Map<String, String> directoryIds(List<Directory> directories) {
        var ids = new TreeMap<String, String>();
        directories.forEach(directory ->
                directory.label().ifPresent(label -> ids.put(directory.path().toString(), label.directoryId())));
        return ids;
    }

    private static List<Directory> read(List<Path> paths) throws IOException {
        var directories = new ArrayList<Directory>();
        for (Path path : paths) {
            directories.add(Directory.read(path));
        }
        return directories;
    }

    private static void format(FormatPlan plan, NodeConfig config, Identity identity) throws IOException {
        LOG.info(
                "Formatting {} of node {} as {}",
                plan.unformatted().stream().map(Directory::path).toList(),
                config.nodeId(),
                plan.quorum());
        Path file = Files.createTempFile("castellan", ".properties");
        try {
            write(config.kafka(), file);
            var output = new ByteArrayOutputStream();
            int exitCode = StorageTool.execute(
                    plan.arguments(file.toString(), config, identity).toArray(String[]::new),
                    new PrintStream(output, true, StandardCharsets.UTF_8));
            output.toString(StandardCharsets.UTF_8).lines().forEach(LOG::info);
            if (exitCode != 0) {
                throw new Fatal("Storage could not be formatted: "
                        + output.toString(StandardCharsets.UTF_8).strip());
            }
        } finally {
            Files.delete(file);
        }
    }

    private static void write(Map<String, String> kafka, Path file) throws IOException {
        var properties = new Properties();
        properties.putAll(kafka);
        try (OutputStream out = Files.newOutputStream(file)) {
            properties.store(out, null);
        }
    }
}
