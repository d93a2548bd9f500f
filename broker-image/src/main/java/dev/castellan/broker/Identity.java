package dev.castellan.broker;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which cluster this node belongs to, and whether that cluster has ever had a quorum; decided once, by the operator.
 *
 * @param bootstrap where to ask for the quorum's leader now; empty: an operator wrote this that knows no more of it than the
 *     configuration says
 */
record Identity(
        String clusterId,
        boolean formed,
        Set<Integer> controllers,
        String initialControllers,
        Optional<String> bootstrap) {

    static Identity of(Map<String, String> files) {
        return new Identity(
                required(files, "cluster.id"),
                formed(required(files, "formed")),
                ids(files.getOrDefault("controllers", "")),
                files.getOrDefault("initial.controllers", "").strip(),
                Optional.of(files.getOrDefault("bootstrap.servers", "").strip()).filter(list -> !list.isEmpty()));
    }

    /** Anything but a clear yes or no stops the node: formatting a lost voter as a founder may lose the metadata. */
    private static boolean formed(String text) {
        return switch (text) {
            case "true" -> true;
            case "false" -> false;
            default -> throw new Fatal("Identity key 'formed' must be true or false, not '" + text + "'");
        };
    }

    private static Set<Integer> ids(String text) {
        try {
            return Arrays.stream(text.split(","))
                    .map(String::strip)
                    .filter(id -> !id.isEmpty())
                    .map(Integer::valueOf)
                    .collect(Collectors.toUnmodifiableSet());
        } catch (NumberFormatException e) {
            throw new Fatal("Identity key 'controllers' must list node ids, not '" + text.strip() + "'");
        }
    }

    private static String required(Map<String, String> files, String key) {
        String value = files.getOrDefault(key, "").strip();
        if (value.isEmpty()) {
            throw new Fatal("Identity key '" + key + "' is missing");
        }
        return value;
    }
}
