package dev.castellan.operator.cluster.desired;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.cluster.DynamicKeys;
import dev.castellan.operator.cluster.Relieved;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * How a pod differs from what it should be, in the words of the user's fields.
 *
 * @param version Kafka's version that the pod was made for; empty where nobody knows it
 * @param properties Kafka's properties that the pod was made for
 * @param all sorted; empty if there is nothing
 * @param fixed those that Kafka does not take while it runs
 * @param resizable those of them that Kubernetes brings about while it runs
 */
public record PodChanges(
        String version,
        SortedMap<String, String> properties,
        List<Change> all,
        List<Change> fixed,
        List<Change> resizable) {
    private static final Change OF_OTHERS = new Change("pod", "not of this operator's making", "as declared");
    private static final String PROPERTY = "properties.";
    private static final String VERSION = "labels." + Labels.VERSION;
    private static final String CONTAINER = "spec.containers[" + Names.CONTAINER + "].";
    private static final String JVM = CONTAINER + "env[" + NodeContainer.JVM_OPTIONS + "].value";
    private static final String CONFIG_MAP = "spec.volumes[" + NodeVolumes.CONFIG + "].configMap.name";
    private static final String ORDER = "[]";

    /** One field that differs; null: it is not there. */
    public record Change(String field, String from, String to) {
        private static final int LONG = 60;

        @Override
        public String toString() {
            return field + " " + text(from) + " → " + text(to);
        }

        private static String text(String value) {
            return value == null ? "(none)" : value.length() <= LONG ? value : value.substring(0, LONG - 3) + "...";
        }
    }

    /** Every leaf of a revision by its path; of anything else whatever it has. */
    public record Leaves(SortedMap<String, String> byPath, boolean isRevision) {
        public static Leaves of(String revision) {
            var json = read(revision);
            return new Leaves(flat(json), PodChanges.isRevision(json));
        }
    }

    /** Between two revisions. */
    public static PodChanges between(String actual, String wanted) {
        return between(Leaves.of(actual), Leaves.of(wanted));
    }

    public static PodChanges between(Leaves actual, Leaves wanted) {
        if (!actual.isRevision()) {
            return new PodChanges("", new TreeMap<>(), List.of(OF_OTHERS), List.of(OF_OTHERS), List.of());
        }
        var before = actual.byPath();
        var after = wanted.byPath();
        var paths = new TreeSet<>(before.keySet());
        paths.addAll(after.keySet());
        paths.removeIf(path -> Objects.equals(before.get(path), after.get(path)));
        var fixed = new TreeSet<>(paths);
        fixed.removeIf(path -> isProperty(path)
                && DynamicKeys.canChange(version(after), key(path), before.get(path), after.get(path)));
        return new PodChanges(
                version(before),
                properties(before),
                changes(paths, before, after),
                changes(fixed, before, after),
                changes(Resizable.of(fixed, before, after), before, after));
    }

    /** Those that take a restart, and those that come with it then. */
    public List<Change> restarting() {
        return isResize() ? List.of() : fixed;
    }

    /** Those that Kubernetes brings about while Kafka runs; empty where something else takes a restart anyway. */
    public List<Change> resizing() {
        return isResize() ? fixed : List.of();
    }

    private boolean isResize() {
        return !fixed.isEmpty() && resizable.containsAll(fixed);
    }

    /** The same, where Kubernetes does not change a pod that runs. */
    public PodChanges withoutResize() {
        return new PodChanges(version, properties, all, fixed, List.of());
    }

    /** Some of them Kafka takes while it runs. */
    public boolean hasDynamic() {
        return !fixed.containsAll(all);
    }

    /**
     * What of a revision only a restart can bring about, as a text; equal for those that differ in nothing else. Of a
     * property that can be given while Kafka runs, but not be taken away, it tells whether it is there.
     */
    public static String onlyByRestart(Leaves revision) {
        var leaves = new TreeMap<>(revision.byPath());
        var version = version(leaves);
        leaves.keySet()
                .removeIf(
                        path -> isProperty(path) && DynamicKeys.canChange(version, key(path), leaves.get(path), null));
        leaves.replaceAll((path, value) ->
                isProperty(path) && DynamicKeys.isDynamic(version, key(path), value) ? "(any)" : value);
        return leaves.toString();
    }

    /** As they concern this node: a broker of those that were controllers too may be a controller no more. */
    public PodChanges of(int nodeId) {
        return all.stream().anyMatch(PodChanges::isOfRoles)
                ? new PodChanges(version, properties, of(nodeId, all), of(nodeId, fixed), resizable)
                : this;
    }

    private static List<Change> of(int nodeId, List<Change> changes) {
        return changes.stream()
                .flatMap(change -> isOfRoles(change) ? ofRoles(nodeId, change).stream() : Stream.of(change))
                .toList();
    }

    private static boolean isOfRoles(Change change) {
        return change.field().equals("config." + Relieved.PROPERTY);
    }

    private static Optional<Change> ofRoles(int nodeId, Change change) {
        boolean was = Relieved.in(change.from(), nodeId);
        boolean is = Relieved.in(change.to(), nodeId);
        return was == is ? Optional.empty() : Optional.of(new Change("config.process.roles", roles(was), roles(is)));
    }

    private static String roles(boolean isRelieved) {
        return isRelieved ? "broker" : "broker,controller";
    }

    private static JsonNode read(String json) {
        try {
            return CanonicalJson.read(json, JsonNode.class);
        } catch (JsonProcessingException e) {
            return MissingNode.getInstance();
        }
    }

    private static boolean isRevision(JsonNode json) {
        return Stream.of("labels", "properties", "spec")
                .allMatch(field -> json.path(field).isObject());
    }

    private static List<Change> changes(
            SortedSet<String> paths, Map<String, String> before, Map<String, String> after) {
        boolean isOrder = paths.stream().allMatch(path -> path.endsWith(ORDER));
        return paths.stream()
                .filter(path -> isOrder || !path.endsWith(ORDER)) // it follows from what else differs
                .map(path -> change(path, before.get(path), after.get(path)))
                .toList();
    }

    private static Change change(String path, String before, String after) {
        return path.equals(JVM) && before != null && after != null
                ? new Change(named(path), without(before, after), without(after, before))
                : new Change(named(path), before, after);
    }

    /** Of options in one line those that the other line has not; null: it has all. */
    private static String without(String line, String other) {
        var others = List.of(other.split(" "));
        var left = Stream.of(line.split(" "))
                .filter(option -> !others.contains(option))
                .collect(Collectors.joining(" "));
        return left.isEmpty() ? null : left;
    }

    private static String version(Map<String, String> leaves) {
        return leaves.getOrDefault(VERSION, "");
    }

    private static SortedMap<String, String> properties(SortedMap<String, String> leaves) {
        var properties = new TreeMap<String, String>();
        leaves.forEach((path, value) -> {
            if (isProperty(path)) {
                properties.put(key(path), value);
            }
        });
        return properties;
    }

    private static boolean isProperty(String path) {
        return path.startsWith(PROPERTY);
    }

    /** Of a property. */
    private static String key(String path) {
        return path.substring(PROPERTY.length());
    }

    /** Every leaf by its path. */
    private static SortedMap<String, String> flat(JsonNode revision) {
        var leaves = new TreeMap<String, String>();
        flatten("", revision, leaves);
        leaves.remove(CONFIG_MAP); // it is named after the properties
        return leaves;
    }

    private static void flatten(String path, JsonNode node, Map<String, String> leaves) {
        if (node.isObject()) {
            node.properties()
                    .forEach(field -> flatten(
                            path.isEmpty() ? field.getKey() : path + "." + field.getKey(), field.getValue(), leaves));
        } else if (node.isArray() && node.path(0).isObject()) {
            flattenList(path, node, leaves);
        } else {
            leaves.put(path, node.isValueNode() ? node.asText() : node.toString());
        }
    }

    /** Kubernetes' lists go by name; where one has none, or has it twice, by its place. */
    private static void flattenList(String path, JsonNode list, Map<String, String> leaves) {
        var names = new HashSet<String>();
        var order = new StringBuilder();
        for (int i = 0; i < list.size(); i++) {
            var name = list.get(i).path("name").asText();
            var key = !name.isEmpty() && names.add(name) ? name : name + i;
            order.append(order.isEmpty() ? "" : ", ").append(key);
            flatten(path + "[" + key + "]", list.get(i), leaves);
            leaves.remove(path + "[" + key + "].name"); // the path has it already
        }
        leaves.put(path + ORDER, order.toString());
    }

    private static String named(String path) {
        if (isProperty(path)) {
            return "config." + key(path);
        }
        if (path.equals(JVM)) {
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
