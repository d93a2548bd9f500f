package dev.castellan.e2e.bench;

import dev.castellan.e2e.bench.Kubelet.Memory;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Example;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.Pod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a cluster at rest costs: one with a topic, through which messages flow all the time, as nobody changes anything. */
@E2E
@Tag("bench")
@Order(3)
class SteadyBench {
    private static final Logger LOG = LoggerFactory.getLogger(SteadyBench.class);
    private static final Duration STEADY = Duration.ofSeconds(Integer.getInteger("bench.steady.seconds", 600));
    private static final String SPAN = "%d s at rest: ".formatted(STEADY.toSeconds());
    /** Longer than what the operator last saw may be old. */
    private static final Duration QUIET = Duration.ofSeconds(75);

    private static final int MOST_UNREST = 5;
    private static final Duration GLANCE = Duration.ofSeconds(10);
    private static final Set<String> LEASES = Set.of("coordination.k8s.io/leases");
    private static final Figures FIGURES = new Figures(SteadyBench.class);

    /** All that can be counted, at one moment. */
    private record Count(OperatorPage operator, Writes writes, Map<String, String> versions) {
        static Count of(Scene scene, Pod leader) {
            return new Count(OperatorPage.of(scene.operator(), leader), Writes.of(scene.client()), Versions.of(scene));
        }
    }

    @BeforeAll
    static void apply(Scene scene) throws Exception {
        Example.apply(scene, "01-quick-start").kafka().awaitSettled();
        awaitQuiet(scene);
    }

    @Test
    void atRest(Scene scene) throws Exception {
        var leader = scene.operator().leader();
        var before = Count.of(scene, leader);
        var memory = watch(scene, STEADY);
        var after = Count.of(scene, leader);

        tellWrites(scene, before, after);
        tellReconciles(before.operator(), after.operator());
        memory.forEach((uid, seen) -> tellMemory(uid.equals(uid(leader)) ? "leading" : "waiting", seen));
    }

    private static void tellWrites(Scene scene, Count before, Count after) {
        var writes = after.writes().since(before.writes());
        var changed = new HashMap<>(after.versions());
        changed.entrySet().removeAll(before.versions().entrySet());
        LOG.info("  written meanwhile, by anybody: {}; changed: {}", writes.byResource(), changed.keySet());
        none(
                "writes of kinds that the operator may write, by anybody",
                writes.to(Writes.allowed(scene.client(), "castellan")));
        none(
                "writes as the operator counts them",
                after.operator().writes() - before.operator().writes());
        none("objects that are not as they were", changed.size());
        told("writes of leases, by anybody", writes.to(LEASES));
    }

    private static void tellReconciles(OperatorPage before, OperatorPage after) {
        none("reconciles that changed something or failed", after.changedOrFailed() - before.changedOrFailed());
        for (var controller : List.of("kafkacluster", "kafkatopic")) {
            told(
                    "reconciles that changed nothing, " + controller,
                    after.unchanged(controller) - before.unchanged(controller));
        }
        var took = after.unchangedClusters().since(before.unchangedClusters());
        FIGURES.tell(Figure.single(
                SPAN + "of those of kafkacluster, took at most 50 ms",
                "%",
                Bar.atLeast(99),
                100 * took.atMost(0.05) / took.count()));
    }

    private static void tellMemory(String replica, List<Memory> seen) {
        tellMemory(replica + ": working set", Bar.atMost(160), seen, Memory::workingSet);
        tellMemory(replica + ": RSS", Bar.NONE, seen, Memory::rss);
    }

    private static void tellMemory(String what, Bar bar, List<Memory> seen, ToDoubleFunction<Memory> of) {
        var samples = Samples.of(seen.stream().mapToDouble(of).toArray());
        FIGURES.tell(Figure.median("operator's memory, the replica that is " + what, "MB", bar, samples));
    }

    private static void none(String what, double value) {
        FIGURES.tell(Figure.single(SPAN + what, "", Bar.atMost(0), value));
    }

    private static void told(String what, double value) {
        FIGURES.tell(Figure.single(SPAN + what, "", Bar.NONE, value));
    }

    /** What was begun comes to its end first. */
    private static void awaitQuiet(Scene scene) throws InterruptedException {
        var before = Versions.of(scene);
        for (int i = 0; i < MOST_UNREST; i++) {
            Thread.sleep(QUIET);
            var now = Versions.of(scene);
            if (now.equals(before)) {
                return;
            }
            before = now;
        }
        throw new AssertionError("there is no rest: " + before);
    }

    /** The memory of each replica, by its uid. */
    private static Map<String, List<Memory>> watch(Scene scene, Duration span) throws InterruptedException {
        var kubelet = new Kubelet(scene.client());
        var seen = new HashMap<String, List<Memory>>();
        var end = System.nanoTime() + span.toNanos();
        while (System.nanoTime() < end) {
            Thread.sleep(GLANCE);
            for (var replica : scene.operator().pods().list().getItems()) {
                seen.computeIfAbsent(uid(replica), uid -> new ArrayList<>()).add(kubelet.memory(replica));
            }
        }
        return seen;
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }
}
