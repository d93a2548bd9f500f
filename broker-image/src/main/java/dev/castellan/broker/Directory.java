package dev.castellan.broker;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import java.util.regex.Pattern;

/** What lies in one of Kafka's directories, before Kafka looks at it. */
record Directory(Path path, Optional<Label> label, boolean hasData) {

    /** Kafka's own label on a formatted directory: {@code meta.properties}. */
    record Label(String clusterId, String nodeId, String directoryId) {}

    /** A partition's directory. A metadata directory with nothing but a snapshot is what an interrupted format leaves. */
    private static final Pattern PARTITION = Pattern.compile(".+-\\d+(\\.[0-9a-f]+-(future|stray))?");

    private static final String METADATA = "__cluster_metadata-0";

    static Directory read(Path path) throws IOException {
        Path file = path.resolve("meta.properties");
        if (Files.exists(file)) {
            return new Directory(path, Optional.of(label(file)), true);
        }
        return new Directory(path, Optional.empty(), Files.isDirectory(path) && holdsPartitions(path));
    }

    private static Label label(Path file) throws IOException {
        var properties = new Properties();
        try (InputStream in = Files.newInputStream(file)) {
            properties.load(in);
        }
        return new Label(
                properties.getProperty("cluster.id", ""),
                properties.getProperty("node.id", ""),
                properties.getProperty("directory.id", ""));
    }

    private static boolean holdsPartitions(Path path) throws IOException {
        try (var entries = Files.newDirectoryStream(path, Files::isDirectory)) {
            for (Path entry : entries) {
                String name = entry.getFileName().toString();
                if (name.equals(METADATA)
                        ? holdsLog(entry)
                        : PARTITION.matcher(name).matches()) {
                    return true;
                }
            }
        }
        return false;
    }

    private static boolean holdsLog(Path metadata) throws IOException {
        try (var logs = Files.newDirectoryStream(metadata, "*.log")) {
            return logs.iterator().hasNext();
        }
    }
}
