package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kube.Agents;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Which disks do not answer, by the nodes' agents: Kafka tells nothing of it, and seems well as long as nobody writes there. */
final class HangingDisks {
    private HangingDisks() {}

    /** By node id, the volume claims that are bound to them, or the log directories where there are none. */
    static Map<Integer, SortedSet<String>> of(Collection<ObservedNode> nodes, Agents agents, Inventory inventory) {
        var hanging = new HashMap<Integer, SortedSet<String>>();
        for (var node : nodes) {
            if (node.runningSince().isPresent() && node.lostHost().isEmpty()) {
                hanging.put(node.id(), of(node, agents, inventory));
            }
        }
        hanging.values().removeIf(Collection::isEmpty);
        return Map.copyOf(hanging);
    }

    private static SortedSet<String> of(ObservedNode node, Agents agents, Inventory inventory) {
        return agents.hangingDisks(node.pod().orElseThrow()).stream()
                .map(path -> inventory
                        .claim(node, path)
                        .map(claim -> claim.getMetadata().getName())
                        .orElse(path))
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
