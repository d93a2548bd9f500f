package dev.castellan.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Checks resources against the committed CRDs as the API server would, but for the CEL rules; unlike it, a field that the
 * CRD does not know is an error.
 */
public final class ResourceSchema {
    private static final YAMLMapper YAML = new YAMLMapper();

    private static final Map<String, JsonSchema> BY_KIND = read("kafkaclusters", "kafkatopics");

    private ResourceSchema() {}

    /** What is wrong with a KafkaCluster or KafkaTopic; empty if nothing is. */
    public static List<String> problems(JsonNode resource) {
        String kind = resource.path("kind").asText();
        var schema = BY_KIND.get(kind);
        if (schema == null) {
            return List.of("kind '" + kind + "' is none of " + BY_KIND.keySet());
        }
        return schema.validate(resource).stream().map(Object::toString).toList();
    }

    /** The documents of a YAML file. */
    public static List<JsonNode> documents(String yaml) {
        try (var documents = YAML.readerFor(JsonNode.class).readValues(new YAMLFactory().createParser(yaml))) {
            return documents.readAll().stream().map(JsonNode.class::cast).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, JsonSchema> read(String... plurals) {
        var schemas = new HashMap<String, JsonSchema>();
        var factory = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V7);
        for (String plural : plurals) {
            try (var in = ResourceSchema.class.getResourceAsStream("/crds/" + plural + ".castellan.dev.yaml")) {
                var crd = YAML.readTree(in);
                var schema = (ObjectNode) crd.at("/spec/versions/0/schema/openAPIV3Schema");
                var properties = (ObjectNode) schema.get("properties");
                properties.putObject("apiVersion").put("const", "castellan.dev/v1beta1");
                properties.putObject("kind").put("type", "string");
                close(schema);
                schemas.put(crd.at("/spec/names/kind").asText(), factory.getSchema(schema));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return schemas;
    }

    private static void close(JsonNode schema) {
        if (schema.has("properties")
                && !schema.path("x-kubernetes-preserve-unknown-fields").asBoolean()) {
            ((ObjectNode) schema).put("additionalProperties", false);
        }
        schema.forEach(ResourceSchema::close);
    }
}
