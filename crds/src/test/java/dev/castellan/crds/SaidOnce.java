package dev.castellan.crds;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;

/**
 * What pools and controllers have in common with the brokers is described at the brokers; there it is named, so that
 * `kubectl explain` leads to it. The API reference says the same in its own way.
 */
final class SaidOnce {
    private static final List<String> REPEATING = List.of("/brokers/properties/pools/items", "/controllers");

    private SaidOnce() {}

    /** Changes the CRD. */
    static ObjectNode in(ObjectNode crd) {
        if (crd.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties") instanceof ObjectNode spec
                && spec.has("brokers")) {
            REPEATING.forEach(
                    group -> shorten("brokers", (ObjectNode) spec.at(group), (ObjectNode) spec.get("brokers")));
        }
        return crd;
    }

    private static void shorten(String path, ObjectNode schema, ObjectNode first) {
        schema.path("properties").properties().forEach(field -> {
            if (first.path("properties").get(field.getKey()) instanceof ObjectNode described) {
                var here = path + "." + field.getKey();
                shorten(here, (ObjectNode) field.getValue(), described);
                shortenDescription(here, (ObjectNode) field.getValue(), described);
            }
        });
        if (schema.get("items") instanceof ObjectNode items && first.get("items") instanceof ObjectNode described) {
            shorten(path + "[]", items, described);
        }
    }

    private static void shortenDescription(String path, ObjectNode schema, ObjectNode first) {
        var said = schema.path("description").asText();
        var pointer = "As " + path + ".";
        if (said.length() > pointer.length()
                && said.equals(first.path("description").asText())) {
            schema.put("description", pointer);
        }
    }
}
