package dev.castellan.operator.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A folder that holds an input and exactly the files that are to be made of it. */
public record GoldenFolder(Path path) {
    private static final String INPUT = "in.yaml";
    private static final boolean UPDATE = System.getProperty("golden.update") != null;
    private static final YAMLMapper YAML = YAMLMapper.builder()
            .enable(MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .enable(YAMLGenerator.Feature.ALWAYS_QUOTE_NUMBERS_AS_STRINGS)
            .enable(YAMLGenerator.Feature.LITERAL_BLOCK_STYLE)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .serializationInclusion(JsonInclude.Include.NON_EMPTY)
            .build();

    public static String yaml(Object object) throws IOException {
        return YAML.writeValueAsString(object);
    }

    public JsonNode input() throws IOException {
        return YAML.readTree(path.resolve(INPUT).toFile());
    }

    public <T> T input(Class<T> type) throws IOException {
        return YAML.readValue(path.resolve(INPUT).toFile(), type);
    }

    public void compare(SortedMap<String, String> made) throws IOException {
        if (UPDATE) {
            write(made);
        }
        var held = held();
        assertThat(made.keySet()).as("files made, and files in " + path).isEqualTo(held.keySet());
        for (Map.Entry<String, String> file : held.entrySet()) {
            assertThat(made.get(file.getKey())).as(file.getKey()).isEqualTo(file.getValue());
        }
    }

    private void write(Map<String, String> made) throws IOException {
        for (String old : held().keySet()) {
            Files.delete(path.resolve(old));
        }
        for (Map.Entry<String, String> file : made.entrySet()) {
            Files.writeString(path.resolve(file.getKey()), file.getValue());
        }
    }

    private SortedMap<String, String> held() throws IOException {
        var held = new TreeMap<String, String>();
        try (var files = Files.list(path)) {
            for (Path file : files.toList()) {
                var name = file.getFileName().toString();
                if (!name.equals(INPUT)) {
                    held.put(name, Files.readString(file));
                }
            }
        }
        return held;
    }
}
