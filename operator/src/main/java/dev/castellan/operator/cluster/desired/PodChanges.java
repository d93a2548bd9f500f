package dev.castellan.operator.cluster.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a restart of a pod would change, in the words of the user; sorted by field, empty if there is nothing. */
public final class PodChanges {
    private static final String UNSET = "unset";
    private static final String CONTAINER = "spec.containers[" + Names.CONTAINER + "].";
    private static final String CONFIG_MAP = "spec.volumes[" + NodeVolumes.CONFIG + "].configMap.name";

    private PodChanges() {}

    /** One field that differs. */
    public record Change(String field, String from, String to) {
        @Override
        public String toString() {
            return field + " " + from + " → " + to;
        }
    }

    /** Between a pod and what its set's template would now make of it. */
    public static List<Change> between(Pod pod, StatefulSet desired) {
        var from = annotation(pod.getMetadata().getAnnotations());
        var to = annotation(desired.getSpec().getTemplate().getMetadata().getAnnotations());
        return between(from, to.orElse("{}"));
    }

    /** Between two revisions as they stand in the annotation; empty: none. */
    public static List<Change> between(Optional<String> from, String to) {
        if (from.isEmpty() || isUnreadable(from.get())) {
            return List.of(new Change("pod", "not of this operator's making", "as desired"));
        }
        if (from.get().equals(to)) {
            return List.of();
        }
        var before = flat(from.get());
        var after = flat(to);
        var fields = new TreeSet<>(before.keySet());
        fields.addAll(after.keySet());
        return fields.stream()
                .filter(field -> !Objects.equals(before.get(field), after.get(field)))
                .map(field ->
                        new Change(named(field), before.getOrDefault(field, UNSET), after.getOrDefault(field, UNSET)))
                .toList();
    }

    private static Optional<String> annotation(Map<String, String> annotations) {
        return Optional.ofNullable(annotations).map(a -> a.get(Annotations.POD_SPEC));
    }

    private static boolean isUnreadable(String json) {
        return Revision.parse(json).isEmpty();
    }

    /** Every leaf by its path. What is in a list goes by its name where it has one, so that order means nothing. */
    private static SortedMap<String, String> flat(String json) {
        try {
            var leaves = new TreeMap<String, String>();
            flatten("", CanonicalJson.read(json, JsonNode.class), leaves);
            // The properties tell what its name only hints at.
            leaves.remove(CONFIG_MAP);
            return leaves;
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a revision of our own that is no JSON: " + json, e);
        }
    }

    private static void flatten(String path, JsonNode node, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties().forEach(field -> flatten(joined(path, field.getKey()), field.getValue(), leaves));
        } else if (node.isArray() && !node.isEmpty() && node.get(0).isContainerNode()) {
            var keys = new ArrayList<String>();
            for (JsonNode element : node) {
                var key = element.path("name").asText(String.valueOf(keys.size()));
                keys.add(key);
                flatten(path + "[" + key + "]", element, leaves);
                // The path has it already.
                leaves.remove(path + "[" + key + "].name");
            }
        } else {
            leaves.put(path, node.isValueNode() ? node.asText() : node.toString());
        }
    }

    private static String joined(String path, String key) {
        if (path.equals("properties")) {
            return path + "/" + key;
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    private static String named(String path) {
        if (path.startsWith("properties/")) {
            return "server.properties: " + path.substring("properties/".length());
        }
        if (path.equals(CONTAINER + "env[" + NodeContainer.JVM_OPTIONS + "].value")) {
            return "jvm";
        }
        if (path.startsWith(CONTAINER)) {
            var field = path.substring(CONTAINER.length());
            return field.startsWith("env[") && field.endsWith("].value")
                    ? field.substring(0, field.length() - ".value".length())
                    : field;
        }
        return path.startsWith("spec.") ? path.substring("spec.".length()) : path;
    }
}
