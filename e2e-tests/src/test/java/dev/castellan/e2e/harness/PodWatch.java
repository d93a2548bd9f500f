package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Follows the pods of a cluster: how many were out of service when one was deleted, how often each was replaced, in how many
 * rounds, and how long each took to be back.
 */
public final class PodWatch implements AutoCloseable {
    private final SharedIndexInformer<Pod> informer;
    private final Set<String> outOfService = new HashSet<>();
    private final Set<String> deleted = new HashSet<>();
    private final Map<String, Set<String>> identities = new TreeMap<>();
    private final Map<String, Instant> leaving = new HashMap<>();
    private final List<Duration> returns = new ArrayList<>();
    private int mostOutOfService;
    private int mostLeaving;
    private int rounds;

    private PodWatch(Kafka kafka) {
        kafka.podList().forEach(this::see);
        informer = kafka.pods().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(Pod pod) {
                see(pod);
            }

            @Override
            public void onUpdate(Pod before, Pod pod) {
                see(pod);
            }

            @Override
            public void onDelete(Pod pod, boolean unknown) {
                gone(pod);
            }
        });
    }

    public static PodWatch of(Kafka kafka) {
        return new PodWatch(kafka);
    }

    /**
     * How many pods were out of service at the worst moment at which one was deleted, itself included. That others fall, or seem to
     * for a moment, while one is away is nobody's decision.
     */
    public synchronized int mostOutOfService() {
        return mostOutOfService;
    }

    /** How many pods were being replaced at the worst moment. */
    public synchronized int mostReplacedAtOnce() {
        return mostLeaving;
    }

    /** From every pod in its place to every pod in its place. */
    public synchronized int rounds() {
        return rounds;
    }

    /** From when the first sign of a pod's end was seen until its successor was ready, shortest first. */
    public synchronized List<Duration> returns() {
        return returns.stream().sorted().toList();
    }

    /** How often each pod was replaced. */
    public synchronized Map<String, Integer> replacements() {
        var replacements = new TreeMap<String, Integer>();
        identities.forEach((name, uids) -> replacements.put(name, uids.size() - 1));
        return replacements;
    }

    @Override
    public void close() {
        informer.close();
    }

    private synchronized void see(Pod pod) {
        var name = pod.getMetadata().getName();
        identities
                .computeIfAbsent(name, n -> new HashSet<>())
                .add(pod.getMetadata().getUid());
        if (Readiness.isPodReady(pod) && pod.getMetadata().getDeletionTimestamp() == null) {
            outOfService.remove(name);
            back(name);
        } else {
            outOfService.add(name);
        }
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            leaves(pod);
        }
    }

    private synchronized void gone(Pod pod) {
        outOfService.add(pod.getMetadata().getName());
        leaves(pod);
    }

    private void leaves(Pod pod) {
        var name = pod.getMetadata().getName();
        if (deleted.add(pod.getMetadata().getUid())) {
            mostOutOfService = Math.max(mostOutOfService, outOfService.size());
        }
        rounds += leaving.isEmpty() ? 1 : 0;
        leaving.putIfAbsent(name, Instant.now());
        mostLeaving = Math.max(mostLeaving, leaving.size());
    }

    private void back(String name) {
        var since = leaving.remove(name);
        if (since != null) {
            returns.add(Duration.between(since, Instant.now()));
        }
    }
}
