package dev.castellan.operator.cluster.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** What differs between two revisions of a pod, in the words of its fields: resources.limits.memory 4Gi → 6Gi. */
final class RestartReason {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SHOWN = 3;
    private static final String CONFIG_NAME = "volumes[config].configMap.name";

    private RestartReason() {}

    static String of(String before, String after) {
        var differences = new ArrayList<String>();
        try {
            compare("", JSON.readTree(before), JSON.readTree(after), differences);
        } catch (JsonProcessingException e) {
            return "a revision that cannot be read";
        }
        if (differences.size() > 1) {
            differences.removeIf(difference -> difference.startsWith(CONFIG_NAME)); // named after what it holds
        }
        var shown = String.join(", ", differences.subList(0, Math.min(SHOWN, differences.size())));
        int more = differences.size() - SHOWN;
        return more > 0 ? shown + " and " + more + " more" : shown;
    }

    private static void compare(String path, JsonNode before, JsonNode after, List<String> differences) {
        if (before.equals(after)) {
            return;
        }
        if (before.isObject() && after.isObject()) {
            var names = new TreeSet<String>();
            before.fieldNames().forEachRemaining(names::add);
            after.fieldNames().forEachRemaining(names::add);
            names.forEach(name -> compare(
                    path.isEmpty() ? name : path + "." + name, before.path(name), after.path(name), differences));
        } else if (before.isArray() && after.isArray()) {
            for (int i = 0; i < Math.max(before.size(), after.size()); i++) {
                compare(path + "[" + label(before, after, i) + "]", before.path(i), after.path(i), differences);
            }
        } else {
            differences.add(asUsersKnowIt(path) + " " + text(before) + " → " + text(after));
        }
    }

    private static String asUsersKnowIt(String path) {
        return path.replaceFirst("^properties\\.", "config.")
                .replaceFirst("^spec\\.", "")
                .replaceFirst("^containers\\[kafka]\\.", "");
    }

    /** Kubernetes' lists go by name; where both sides have the same one at this place, it says more than the index. */
    private static String label(JsonNode before, JsonNode after, int index) {
        var name = before.path(index).path("name").asText();
        return !name.isEmpty() && name.equals(after.path(index).path("name").asText()) ? name : "" + index;
    }

    private static String text(JsonNode value) {
        if (value instanceof MissingNode || value.isNull()) {
            return "(none)";
        }
        var text = value.isValueNode() ? value.asText() : value.toString();
        return text.length() <= 60 ? text : text.substring(0, 57) + "...";
    }
}
