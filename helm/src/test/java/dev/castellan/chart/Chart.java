package dev.castellan.chart;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.marcnuri.helm.Helm;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;

/** The chart, rendered in process by Helm's own code. */
final class Chart {
    static final Path FOLDER = Path.of("castellan");
    static final String NAMESPACE = "castellan-system";

    private static final YAMLMapper YAML = new YAMLMapper();

    private Chart() {}

    static Helm helm() {
        return new Helm(FOLDER);
    }

    static String render(Path values) {
        return helm().template()
                .withName("castellan")
                .withNamespace(NAMESPACE)
                .withKubeVersion("1.30.0")
                .withValuesFile(values)
                .call();
    }

    static List<JsonNode> objects(String rendered) {
        try (var documents = YAML.readerFor(JsonNode.class).readValues(new YAMLFactory().createParser(rendered))) {
            return documents.readAll().stream()
                    .map(JsonNode.class::cast)
                    .filter(document -> !document.isNull() && !document.isEmpty())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<JsonNode> objects(String rendered, String kind) {
        return objects(rendered).stream()
                .filter(object -> object.path("kind").asText().equals(kind))
                .toList();
    }
}
