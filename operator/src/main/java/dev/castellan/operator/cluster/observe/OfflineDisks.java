package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kube.Agents;
import dev.castellan.operator.kube.Agents.DiskReport;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What a node that serves does without, as Kafka tells, and what its agent says of that.
 *
 * @param directories that are offline, in a fixed order
 * @param elsewhere the partitions that the node serves from its other disks
 */
record OfflineDisks(ObservedNode node, List<String> directories, Set<String> elsewhere, DiskReport report) {

    /**
     * By node id, of those that do without any; only these are asked.
     *
     * @param directories by node id and path, of nodes with several disks
     */
    static Map<Integer, OfflineDisks> of(
            Collection<ObservedNode> nodes, Map<Integer, Map<String, LogDirectory>> directories, Agents agents) {
        var offline = new HashMap<Integer, OfflineDisks>();
        for (var node : nodes) {
            var told = directories.getOrDefault(node.id(), Map.of());
            var paths = told.keySet().stream()
                    .filter(path -> told.get(path).offline())
                    .sorted()
                    .toList();
            if (!paths.isEmpty() && node.pod().isPresent() && node.lostHost().isEmpty()) {
                var report = agents.disks(node.pod().get());
                offline.put(node.id(), new OfflineDisks(node, paths, online(told.values()), report));
            }
        }
        return Map.copyOf(offline);
    }

    private static Set<String> online(Collection<LogDirectory> directories) {
        var partitions = new HashSet<String>();
        directories.stream()
                .filter(directory -> !directory.offline())
                .forEach(directory -> partitions.addAll(directory.replicas().keySet()));
        return Set.copyOf(partitions);
    }

    /** For want of room: with that, what lies there is well. */
    List<String> full() {
        return directories.stream().filter(this::isFull).toList();
    }

    /** For any other reason, or for one that nobody knows. */
    List<String> others() {
        return directories.stream().filter(path -> !isFull(path)).toList();
    }

    private boolean isFull(String path) {
        return report.full().containsKey(path) || report.roomAgain().contains(path);
    }
}
