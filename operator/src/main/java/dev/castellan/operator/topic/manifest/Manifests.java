package dev.castellan.operator.topic.manifest;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** KafkaTopics and KafkaClusters out of files; what else the files hold is passed over. */
public final class Manifests {
    private static final ObjectMapper YAML = new YAMLMapper();

    private final List<KafkaTopic> topics = new ArrayList<>();
    private final List<KafkaCluster> clusters = new ArrayList<>();
    private final String namespace;

    /** A file cannot be read as what it says it is. */
    public static final class Unreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Unreadable(String message) {
            super(message);
        }
    }

    /** @param namespace of those that name none */
    public Manifests(String namespace) {
        this.namespace = namespace;
    }

    public List<KafkaTopic> topics() {
        return topics;
    }

    public List<KafkaCluster> clusters() {
        return clusters;
    }

    /**
     * Adds those of a file, or of all files of a folder, and of the folders in it, whose names end in .yaml, .yml or .json.
     *
     * @throws Unreadable with the file and what is wrong there
     */
    public void read(Path path) {
        try (var files = Files.walk(path)) {
            for (var file : files.filter(each -> each.equals(path) || isManifest(each))
                    .filter(Files::isRegularFile)
                    .sorted()
                    .toList()) {
                try (var in = Files.newInputStream(file)) {
                    read(in, file.toString());
                }
            }
        } catch (IOException | UncheckedIOException e) {
            throw new Unreadable(path + ": cannot be read: " + e.getMessage());
        }
    }

    private static boolean isManifest(Path file) {
        return file.toString().matches(".*\\.(yaml|yml|json)");
    }

    /**
     * Adds those of a stream of YAML or JSON.
     *
     * @param name what messages call it
     */
    public void read(InputStream in, String name) throws IOException {
        try (var documents = YAML.readerFor(JsonNode.class).<JsonNode>readValues(in)) {
            while (documents.hasNextValue()) {
                add(documents.nextValue(), name);
            }
        } catch (JsonProcessingException e) {
            throw new Unreadable(name + ": " + e.getOriginalMessage());
        }
    }

    private void add(JsonNode document, String name) throws JsonProcessingException {
        if (document.path("kind").asText().endsWith("List")) {
            for (var item : document.path("items")) {
                add(item, name);
            }
        } else if (document.path("apiVersion").asText().startsWith(HasMetadata.getGroup(KafkaTopic.class) + "/")) {
            switch (document.path("kind").asText()) {
                case "KafkaTopic" -> topics.add(resource(document, KafkaTopic.class, name));
                case "KafkaCluster" -> clusters.add(resource(document, KafkaCluster.class, name));
                default -> {}
            }
        }
    }

    private <T extends HasMetadata> T resource(JsonNode document, Class<T> kind, String file)
            throws JsonProcessingException {
        var what = file + ": " + document.path("kind").asText() + " "
                + document.path("metadata").path("name").asText("without a name");
        try {
            var resource = YAML.treeToValue(document, kind);
            if (resource.getMetadata() == null || resource.getMetadata().getName() == null) {
                throw new Unreadable(what + ": metadata.name is missing");
            }
            if (resource.getMetadata().getNamespace() == null) {
                resource.getMetadata().setNamespace(namespace);
            }
            if (resource instanceof KafkaTopic topic && !namesCluster(topic)) {
                throw new Unreadable(what + ": spec.clusterRef.name is missing: name the KafkaCluster there");
            }
            return resource;
        } catch (JsonProcessingException e) {
            throw new Unreadable(what + ": " + e.getOriginalMessage());
        }
    }

    private static boolean namesCluster(KafkaTopic topic) {
        return topic.getSpec() != null && topic.getSpec().clusterRef != null && topic.getSpec().clusterRef.name != null;
    }
}
