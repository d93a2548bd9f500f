package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** What Kubernetes changes of a pod while its processes run, and they take well. */
final class Resizable {
    private static final String RESOURCES = "spec.containers[" + Names.CONTAINER + "].resources.";
    private static final String MEMORY_LIMIT = RESOURCES + "limits.memory";
    private static final List<String> KINDS = List.of("requests", "limits");
    private static final List<String> NAMES = List.of("cpu", "memory");

    private Resizable() {}

    /** Which of the leaves that differ are such: all CPU and memory, or, if some of it is not, none. */
    static SortedSet<String> of(SortedSet<String> paths, Map<String, String> before, Map<String, String> after) {
        var resources = new TreeSet<>(paths);
        resources.removeIf(path -> !path.startsWith(RESOURCES));
        boolean areAll = resources.stream().allMatch(path -> is(path, before.get(path), after.get(path)))
                && isGuaranteed(before) == isGuaranteed(after); // Kubernetes never changes a pod's class of service
        return areAll ? resources : new TreeSet<>();
    }

    private static boolean is(String path, String before, String after) {
        return KINDS.stream()
                        .flatMap(kind -> NAMES.stream().map(name -> RESOURCES + kind + "." + name))
                        .anyMatch(path::equals)
                && after != null // Kubernetes takes none away
                && !(path.equals(MEMORY_LIMIT) && isLess(after, before)); // a process may have that memory already
    }

    private static boolean isLess(String one, String other) {
        return other == null || Quantities.isLess(new Quantity(one), new Quantity(other));
    }

    /** As far as it is up to Kafka's container. */
    private static boolean isGuaranteed(Map<String, String> leaves) {
        return NAMES.stream().allMatch(name -> {
            var limit = leaves.get(RESOURCES + "limits." + name);
            return limit != null && limit.equals(leaves.get(RESOURCES + "requests." + name));
        });
    }
}
