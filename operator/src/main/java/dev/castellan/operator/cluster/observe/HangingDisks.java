package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kube.Agents;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;

/**
 * Which disks do not answer, by the nodes' agents: Kafka tells nothing of it, and seems well as long as nobody writes there. They
 * are all asked together, and seldom, since an agent that waits for a disk itself takes seconds to answer. In memory only.
 */
final class HangingDisks {
    private static final Duration AGAIN = Duration.ofSeconds(30);

    private final Agents agents;
    private final Map<String, Answers> last = new ConcurrentHashMap<>();

    HangingDisks(Agents agents) {
        this.agents = agents;
    }

    /** By node id, the volume claims that are bound to them, or the log directories where there are none. */
    Map<Integer, SortedSet<String>> of(
            String cluster, Collection<ObservedNode> nodes, Inventory inventory, Instant now) {
        var answers = last.compute(
                cluster, (key, before) -> before != null && before.isFresh(now) ? before : ask(nodes, before, now));
        var hanging = new HashMap<Integer, SortedSet<String>>();
        for (var node : nodes) {
            var names = new TreeSet<String>();
            node.pod()
                    .map(pod -> answers.byPod().getOrDefault(uid(pod), Set.of()))
                    .ifPresent(paths -> paths.forEach(path -> names.add(name(node, path, inventory))));
            if (!names.isEmpty()) {
                hanging.put(node.id(), names);
            }
        }
        return Map.copyOf(hanging);
    }

    /** To be called when a KafkaCluster is gone. */
    void forget(String cluster) {
        last.remove(cluster);
    }

    /** Of a pod that gives none this time, the one before stands. */
    private Answers ask(Collection<ObservedNode> nodes, Answers before, Instant now) {
        var pods = nodes.stream()
                .filter(node ->
                        node.runningSince().isPresent() && node.lostHost().isEmpty())
                .flatMap(node -> node.pod().stream())
                .toList();
        var answers = ask(pods);
        var byPod = new HashMap<String, Set<String>>();
        for (int i = 0; i < pods.size(); i++) {
            var uid = uid(pods.get(i));
            var known = before == null ? Set.<String>of() : before.byPod().getOrDefault(uid, Set.of());
            byPod.put(uid, answers.get(i).orElse(known));
        }
        return new Answers(now, byPod);
    }

    private List<Optional<Set<String>>> ask(List<Pod> pods) {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var questions = pods.stream()
                    .map(pod -> CompletableFuture.supplyAsync(() -> agents.hangingDisks(pod), threads))
                    .toList();
            return questions.stream().map(CompletableFuture::join).toList();
        }
    }

    private static String name(ObservedNode node, String path, Inventory inventory) {
        return inventory.claim(node, path)
                .map(claim -> claim.getMetadata().getName())
                .orElse(path);
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private record Answers(Instant at, Map<String, Set<String>> byPod) {
        boolean isFresh(Instant now) {
            return at.plus(AGAIN).isAfter(now);
        }
    }
}
