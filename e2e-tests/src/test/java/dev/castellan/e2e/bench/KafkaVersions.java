package dev.castellan.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castellan.e2e.harness.Repository;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.Map;
import java.util.TreeMap;

/** The image of each Kafka version that Castellan runs, by version. */
final class KafkaVersions {
    private static final String FILE = "crds/src/main/resources/versions.yaml";

    private KafkaVersions() {}

    static Map<String, String> images() {
        try {
            var images = new TreeMap<String, String>();
            for (var version : Serialization.unmarshal(Files.readString(Repository.file(FILE)), JsonNode.class)) {
                images.put(version.get("kafka").asText(), version.get("image").asText());
            }
            return images;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
