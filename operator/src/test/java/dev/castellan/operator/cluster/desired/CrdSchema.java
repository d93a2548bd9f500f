package dev.castellan.operator.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SpecVersion;
import java.io.IOException;
import java.nio.file.Path;

/** The schema of a committed CRD: what the API server accepts, the CEL rules apart. */
public final class CrdSchema {
    private static final Path CRDS = Path.of("../crds/src/main/crds");

    private final JsonSchema schema;

    private CrdSchema(String file) throws IOException {
        var crd = new YAMLMapper().readTree(CRDS.resolve(file).toFile());
        var root = crd.at("/spec/versions/0/schema/openAPIV3Schema");
        forbidUnknownFields(root);
        schema = JsonSchemaFactory.getInstance(SpecVersion.VersionFlag.V202012).getSchema(root);
    }

    public static CrdSchema ofKafkaCluster() throws IOException {
        return new CrdSchema("kafkaclusters.castellan.dev.yaml");
    }

    public static CrdSchema ofKafkaTopic() throws IOException {
        return new CrdSchema("kafkatopics.castellan.dev.yaml");
    }

    public void check(JsonNode resource) {
        var checked = (ObjectNode) resource.deepCopy();
        checked.retain("spec", "status");
        assertThat(schema.validate(checked)).isEmpty();
    }

    /** The API server prunes them, with a warning; here a field that does not exist is a mistake in the test. */
    private static void forbidUnknownFields(JsonNode node) {
        if (node instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(CrdSchema::forbidUnknownFields);
    }
}
