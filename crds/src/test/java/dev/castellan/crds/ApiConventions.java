package dev.castellan.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.castellan.api.KafkaVersions;
import dev.castellan.api.v1beta1.KafkaCluster;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the generator cannot say or says wrongly, set right on its output; api-conventions.yaml holds the longer parts. */
final class ApiConventions {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final ObjectNode PARTS = parts();

    /** Lists whose items are told apart by name: the API server refuses duplicates, and appliers may own single items. */
    private static final Set<String> BY_NAME = Set.of("listeners", "pools", "volumes", "env", "imagePullSecrets");

    /** Parts of Kubernetes' own types that mean nothing in a broker's pod, or that no other field of it would fit. */
    private static final Set<String> NOT_OFFERED =
            Set.of("claims", "matchLabelKeys", "mismatchLabelKeys", "fileKeyRef");

    /** Quantities of our own types: only as text, since CEL can compare those at a known cost. */
    private static final Set<String> QUANTITIES = Set.of("size", "heap", "max", "throttle", "maxThrottle");

    /** Deep in Kubernetes' own types: the API server checks them when it is given the pods; here they are too long. */
    private static final Set<String> UNCHECKED =
            Set.of("labelSelector", "namespaceSelector", "nodeSelectorTerms", "preference", "podAffinityTerm");

    private ApiConventions() {}

    static ObjectNode applyTo(Class<?> kind, ObjectNode crd) {
        var version = (ObjectNode) crd.at("/spec/versions/0");
        var root = (ObjectNode) version.at("/schema/openAPIV3Schema");
        fix("", root);
        root.put(
                "description", PARTS.at("/descriptions/" + kind.getSimpleName()).asText());
        root.putArray("required").add("spec");
        var properties = (ObjectNode) root.get("properties");
        properties.withObject("/metadata").put("type", "object");
        properties.withObject("/spec").put("description", "What you declare. The operator never writes here.");
        properties
                .withObject("/status")
                .put("description", "What the operator observes. Nobody else writes here.")
                // kstatus: what the operator has not seen yet must not count as ready.
                .set("default", JSON.objectNode().put("observedGeneration", -1));
        ((ObjectNode) properties.at("/status/properties"))
                .set("conditions", PARTS.at("/conditions").deepCopy());
        // What the API server would add: tools such as Argo CD compare what they applied with what it returns.
        crd.withObject("/spec/names").put("listKind", kind.getSimpleName() + "List");
        crd.withObject("/spec/conversion").put("strategy", "None");
        version.set("additionalPrinterColumns", PARTS.at("/columns/" + kind.getSimpleName()));
        if (kind == KafkaCluster.class) {
            nameTheVersions(root);
        }
        return crd;
    }

    private static void fix(String name, ObjectNode schema) {
        if (UNCHECKED.contains(name)) {
            leaveUnchecked(schema.get("items") instanceof ObjectNode items ? items : schema);
        }
        if (QUANTITIES.contains(name) && schema.remove("x-kubernetes-int-or-string") != null) {
            schema.remove("anyOf");
            schema.setAll((ObjectNode) PARTS.get("quantity"));
        }
        if (BY_NAME.contains(name) && schema.at("/items/properties").has("name")) {
            tellApartByName(schema);
        }
        if (name.equals("zones")) {
            schema.put("x-kubernetes-list-type", "set");
            ((ObjectNode) schema.get("items")).setAll((ObjectNode) PARTS.get("zone"));
        }
        if (schema.at("/additionalProperties/x-kubernetes-preserve-unknown-fields")
                .asBoolean()) {
            onlyScalars(schema.withObject("/additionalProperties"));
        }
        integral(schema, "minimum");
        integral(schema, "maximum");
        if (schema.get("properties") instanceof ObjectNode properties) {
            properties.remove(NOT_OFFERED);
            properties.properties().forEach(field -> fix(field.getKey(), (ObjectNode) field.getValue()));
        }
        if (schema.get("items") instanceof ObjectNode items) {
            fix("", items);
        }
    }

    private static void leaveUnchecked(ObjectNode schema) {
        schema.remove("properties");
        schema.put("x-kubernetes-preserve-unknown-fields", true);
    }

    /** No schema of a CRD may say so by types; these bounds, which nothing can meet, refuse objects and lists alone. */
    private static void onlyScalars(ObjectNode schema) {
        schema.put("minProperties", 1).put("maxProperties", 0);
        schema.put("minItems", 1).put("maxItems", 0);
    }

    private static void tellApartByName(ObjectNode list) {
        list.put("x-kubernetes-list-type", "map")
                .putArray("x-kubernetes-list-map-keys")
                .add("name");
        require((ObjectNode) list.get("items"), "name");
    }

    private static void require(ObjectNode schema, String field) {
        for (JsonNode required : schema.withArray("required")) {
            if (required.asText().equals(field)) {
                return;
            }
        }
        schema.withArray("required").add(field);
    }

    /** The generator prints integral bounds as 1.0. */
    private static void integral(ObjectNode schema, String bound) {
        if (schema.has(bound)) {
            schema.put(bound, schema.get(bound).asLong());
        }
    }

    private static void nameTheVersions(ObjectNode root) {
        var versions = KafkaVersions.all();
        var levels =
                versions.stream().map(KafkaVersions::metadataVersion).distinct().toList();
        nameWhatIsKnown(root, "version", versions, "; a newer operator may know more");
        nameWhatIsKnown(root, "metadataVersion", levels, "");
        loweredOnlyWhileReadable(
                root, numbered(versions.stream()), numbered(versions.stream().map(KafkaVersions::metadataVersion)));
    }

    private static void nameWhatIsKnown(ObjectNode root, String field, List<String> values, String hint) {
        var known = String.join(", ", values);
        var schema = root.withObject("/properties/spec/properties/" + field);
        schema.put("description", schema.get("description").asText().replace("{known}", known));
        rule(
                schema,
                "self in ['" + String.join("', '", values) + "']",
                "'unknown " + field + " ' + self + '; known: " + known + hint + "'",
                "unknown " + field + "; known: " + known);
    }

    /** Each by the number of the first version that has it. */
    private static String numbered(Stream<String> ofVersions) {
        var numbers = new LinkedHashMap<String, Integer>();
        var values = ofVersions.toList();
        for (int i = 0; i < values.size(); i++) {
            numbers.putIfAbsent(values.get(i), i);
        }
        return numbers.entrySet().stream()
                .map(entry -> "'%s': %d".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
    }

    /** A version that is not set counts as the one that runs. The status tells up to where Kafka has gone. */
    private static void loweredOnlyWhileReadable(ObjectNode root, String versions, String levels) {
        String now = "(has(self.spec.version) ? self.spec.version : '" + KafkaVersions.newest() + "')";
        String before = "(has(oldSelf.spec.version) ? oldSelf.spec.version : (has(oldSelf.status) &&"
                + " has(oldSelf.status.version) ? oldSelf.status.version : ''))";
        // Checked only where the user changes it: a status that says more than the spec must never block a write.
        String unchanged = "(has(self.spec.version) ? self.spec.version : '') =="
                + " (has(oldSelf.spec.version) ? oldSelf.spec.version : '')";
        String level = "(has(self.status) && has(self.status.metadataVersion) ? self.status.metadataVersion :"
                + " 'a level not known yet')";
        rule(
                root,
                "%s || !(%s in %s) || !(%s in %s) || %s[%s] >= %s[%s] || (%s in %s && %s[%s] <= %s[%s])"
                        .formatted(
                                unchanged, now, versions, before, versions, versions, now, versions, before, level,
                                levels, levels, level, versions, now),
                "'spec.version cannot be lowered from ' + " + before + " + ' to ' + " + now
                        + " + ', which does not read metadata of ' + " + level + " + '; set it back'",
                "spec.version cannot be lowered to one that does not read the cluster's metadata");
    }

    private static void rule(ObjectNode schema, String rule, String messageExpression, String message) {
        schema.withArray("x-kubernetes-validations")
                .addObject()
                .put("rule", rule)
                .put("messageExpression", messageExpression)
                .put("message", message);
    }

    private static ObjectNode parts() {
        try (var in = ApiConventions.class.getResourceAsStream("/api-conventions.yaml")) {
            JsonNode parts = new YAMLMapper().readTree(in);
            return (ObjectNode) parts;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
