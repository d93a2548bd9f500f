package dev.castellan.operator.cluster.observe;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Finds out which disks do not serve their nodes. A node that cannot do without one says so with its last words; of one that can,
 * Kafka tells that it does without, and the node's agent why.
 */
final class FailedDisks {
    /** As the launcher says it. */
    private static final Pattern LAST_WORDS =
            Pattern.compile("^FATAL: disk (\\S+) has failed: (.+)$", Pattern.MULTILINE);

    private final Absences missed = new Absences();

    /**
     * By node id, one of each node. Nobody tells since when: a pod that crashes may not have been ready long before, and Kafka
     * remembers nothing. So since this operator has seen it.
     *
     * @param offline by node id, of nodes that do without any
     */
    Map<Integer, FailedDisk> of(
            String cluster,
            Collection<ObservedNode> nodes,
            Map<Integer, OfflineDisks> offline,
            Inventory inventory,
            Instant now) {
        var missing = new LinkedHashSet<String>();
        for (var node : nodes) {
            lastWords(node).ifPresent(words -> missing.add(key(node, words.group(1))));
        }
        offline.values().forEach(disks -> disks.others().forEach(path -> missing.add(key(disks.node(), path))));
        var since = missed.since(cluster, missing, now);
        var failed = new HashMap<Integer, FailedDisk>();
        for (var node : nodes) {
            if (node.pod().isPresent() && node.lostHost().isEmpty()) {
                stopped(node, since, inventory)
                        .or(() -> Optional.ofNullable(offline.get(node.id()))
                                .flatMap(disks -> running(disks, since, inventory)))
                        .ifPresent(disk -> failed.put(node.id(), disk));
            }
        }
        return Map.copyOf(failed);
    }

    /** To be called when a KafkaCluster is gone. */
    void forget(String cluster) {
        missed.forget(cluster);
    }

    private static String key(ObservedNode node, String path) {
        return node.podName() + path;
    }

    /** By its last words alone: a process may end for many reasons. */
    private static Optional<FailedDisk> stopped(ObservedNode node, Map<String, Instant> since, Inventory inventory) {
        return lastWords(node).flatMap(words -> inventory
                .claim(node, words.group(1))
                .map(claim -> disk(
                        words.group(1),
                        Optional.of(words.group(2).strip()),
                        since.get(key(node, words.group(1))),
                        Optional.empty(),
                        claim)));
    }

    private static Optional<MatchResult> lastWords(ObservedNode node) {
        return node.isReady()
                ? Optional.empty()
                : node.lastMessages().stream()
                        .flatMap(message -> LAST_WORDS.matcher(message).results())
                        .findFirst();
    }

    private static Optional<FailedDisk> running(OfflineDisks disks, Map<String, Instant> since, Inventory inventory) {
        var failures = disks.report().failed();
        return disks.others().stream()
                .sorted((one, other) -> Boolean.compare(failures.containsKey(other), failures.containsKey(one)))
                .flatMap(path -> inventory.claim(disks.node(), path).stream()
                        .map(claim -> disk(
                                path,
                                Optional.ofNullable(failures.get(path)),
                                since.get(key(disks.node(), path)),
                                Optional.of(disks.elsewhere()),
                                claim)))
                .findFirst();
    }

    private static FailedDisk disk(
            String path,
            Optional<String> failure,
            Instant since,
            Optional<Set<String>> elsewhere,
            PersistentVolumeClaim claim) {
        var meta = claim.getMetadata();
        return new FailedDisk(path, failure, since, elsewhere, meta.getName(), meta.getUid());
    }
}
