package dev.castellan.broker;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/** Reads what Kubernetes mounts from ConfigMaps. */
final class MountedFiles {
    private MountedFiles() {}

    static Map<String, String> properties(Path file) throws IOException {
        if (!Files.exists(file)) {
            throw new Fatal(file + " is missing or unreadable");
        }
        var properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        var values = new TreeMap<String, String>();
        properties
                .stringPropertyNames()
                .forEach(key -> values.put(key, properties.getProperty(key).strip()));
        return values;
    }

    /** One file a key; the entries that begin with a dot are the kubelet's own. */
    static Map<String, String> directory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            throw new Fatal(directory + " is missing or unreadable");
        }
        var values = new TreeMap<String, String>();
        try (var files = Files.newDirectoryStream(
                directory, file -> !file.getFileName().toString().startsWith("."))) {
            for (Path file : files) {
                values.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        return values;
    }
}
