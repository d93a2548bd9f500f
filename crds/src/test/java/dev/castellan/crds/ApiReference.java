package dev.castellan.crds;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;

/** docs/api-reference.md: the CRDs as a page for people. */
final class ApiReference {
    /** Kubernetes' own types, which its documentation tells of. */
    private static final Set<String> OF_KUBERNETES = Set.of(
            "resources",
            "affinity",
            "tolerations",
            "topologySpreadConstraints",
            "imagePullSecrets",
            "env",
            "conditions",
            "labels",
            "annotations",
            "nodeSelector");

    private static final int WORTH_SAYING_ONCE = 50;

    private final StringBuilder page = new StringBuilder();

    /** Where a field was described first: a second group of nodes need not repeat all of it. */
    private final Map<JsonNode, String> described = new HashMap<>();

    private final Set<String> rules = new LinkedHashSet<>();

    private ApiReference() {}

    static String of(SortedMap<String, ObjectNode> crds) {
        var reference = new ApiReference();
        reference.page.append("""
                <!-- Generated from the Java types in crds/src/main/java: change those, then `make crds`. -->
                # API reference

                Group `castellan.dev`, version `v1beta1`. `kubectl explain kafkacluster.spec` tells the same. Fields in **bold** are
                required; `[]` is a list, `{}` a map with keys of your own.
                """);
        crds.values().forEach(reference::kind);
        return reference.page.toString();
    }

    private void kind(ObjectNode crd) {
        var names = crd.at("/spec/names");
        var schema = crd.at("/spec/versions/0/schema/openAPIV3Schema");
        page.append("\n## ").append(names.path("kind").asText()).append("\n\n");
        page.append(schema.path("description").asText()).append("\n\n");
        page.append("Short name `").append(names.at("/shortNames/0").asText()).append("`. `kubectl get` shows ");
        page.append(StreamSupport.stream(
                        crd.at("/spec/versions/0/additionalPrinterColumns").spliterator(), false)
                .map(column ->
                        column.path("name").asText() + (column.path("priority").asInt() > 0 ? " (`-o wide`)" : ""))
                .collect(Collectors.joining(", ")));
        page.append(".\n");
        rules.clear();
        rules(schema);
        table("spec", schema);
        table("status", schema);
        page.append("\n### What the API server refuses\n\nBeside values of the wrong type or out of bounds:\n\n");
        rules.forEach(rule -> page.append("- ").append(rule).append('\n'));
    }

    private void table(String part, JsonNode schema) {
        page.append("\n### ").append(part).append("\n\n| field | type | meaning |\n| --- | --- | --- |\n");
        rows("", schema.at("/properties/" + part));
    }

    private void rows(String path, JsonNode schema) {
        rules(schema);
        var required = texts(schema.path("required"));
        schema.path("properties").properties().stream()
                .sorted(Comparator.comparing((Map.Entry<String, JsonNode> field) -> !required.contains(field.getKey()))
                        .thenComparing(field -> field.getKey().equals("pools"))
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(field -> row(path, field.getKey(), field.getValue(), required.contains(field.getKey())));
    }

    private void row(String path, String name, JsonNode schema, boolean required) {
        boolean isList = schema.has("items");
        boolean isMap = schema.has("additionalProperties");
        String full = path + name + (isList ? "[]" : "") + (isMap ? "{}" : "");
        String marks = required ? "**" : "";
        page.append("| ")
                .append(marks)
                .append('`')
                .append(full)
                .append('`')
                .append(marks)
                .append(" | ");
        String first = described.putIfAbsent(schema, full);
        if (first != null && schema.path("description").asText().length() > WORTH_SAYING_ONCE) {
            page.append(type(schema)).append(" | as `").append(first).append("` |\n");
            return;
        }
        page.append(type(schema))
                .append(" | ")
                .append(cell(schema.path("description").asText()))
                .append(" |\n");
        rules(schema);
        if (!OF_KUBERNETES.contains(name)) {
            rows(full + ".", isList ? schema.path("items") : schema);
        }
    }

    private static String type(JsonNode schema) {
        if (schema.has("items")) {
            return "list of " + type(schema.path("items")) + "s" + bounds(schema, "minItems", "maxItems");
        }
        if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
            return "string or integer";
        }
        if (schema.has("additionalProperties")) {
            return "map";
        }
        if (schema.has("enum")) {
            return texts(schema.path("enum")).stream()
                    .map(value -> "`" + value + "`")
                    .collect(Collectors.joining(", "));
        }
        return schema.path("type").asText() + bounds(schema, "minimum", "maximum");
    }

    private static String bounds(JsonNode schema, String lowest, String highest) {
        if (schema.has(lowest) && schema.has(highest)) {
            return ", " + schema.path(lowest).asText() + " to "
                    + schema.path(highest).asText();
        }
        return schema.has(highest) ? ", at most " + schema.path(highest).asText() : "";
    }

    private void rules(JsonNode schema) {
        schema.path("x-kubernetes-validations")
                .forEach(rule -> rules.add(cell(rule.path("message").asText())));
    }

    private static List<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(text -> texts.add(text.asText()));
        return texts;
    }

    private static String cell(String text) {
        return text.replace("|", "\\|").replace("<", "&lt;");
    }
}
