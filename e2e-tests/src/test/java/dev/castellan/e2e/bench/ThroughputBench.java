package dev.castellan.e2e.bench;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brokers with the operator's defaults against the same Kafka started by hand: image, disks, nodes, heap, memory limit, replicas
 * and acks are alike; and they take turns, so that whatever else the machine does meets both.
 */
@E2E
@Tag("bench")
@Order(4)
class ThroughputBench {
    private static final Logger LOG = LoggerFactory.getLogger(ThroughputBench.class);
    private static final int TURNS = Integer.getInteger("bench.throughput.turns", 8);
    private static final int WARM_UP = 2;
    private static final int RECORDS = Integer.getInteger("bench.throughput.records", 1_000_000);
    private static final int SIZE = 200;
    private static final int PARTITIONS = 6;
    private static final double TICKS_PER_SECOND = 100;
    private static final Figures FIGURES = new Figures(ThroughputBench.class);

    private static Contestant castellan;
    private static Contestant byHand;

    private record Contestant(String name, String bootstrap, List<Pod> pods, List<Turn> turns) {
        Samples samples(ToDoubleFunction<Turn> of) {
            return Samples.of(turns.stream().mapToDouble(of).toArray());
        }
    }

    /** @param cpu seconds of all brokers together, for a million records */
    private record Turn(double producedPerSecond, double consumedPerSecond, double cpu) {}

    @BeforeAll
    static void start(Scene scene) {
        var kafka = scene.kafka("castellan");
        kafka.applyExactly("version: 4.4.0\nbrokers: {replicas: 3}");
        kafka.awaitSettled();
        castellan = new Contestant("castellan", kafka.bootstrap(), kafka.podList(), new ArrayList<>());
        var image =
                castellan.pods().getFirst().getSpec().getContainers().getFirst().getImage();
        var other = KafkaByHand.apply(scene, image);
        byHand = new Contestant("by hand", other.bootstrap(), other.pods(), new ArrayList<>());
    }

    @Test
    void inTurns(Scene scene) {
        for (int turn = 0; turn < WARM_UP + TURNS; turn++) {
            // Whoever comes second finds the disk busy with what the first one wrote.
            var order = turn % 2 == 0 ? List.of(castellan, byHand) : List.of(byHand, castellan);
            for (var contestant : order) {
                var result = take(scene, contestant, turn);
                LOG.info("  {} {}: {}", turn < WARM_UP ? "(warming up)" : turn, contestant.name(), result);
                if (turn >= WARM_UP) {
                    contestant.turns().add(result);
                }
            }
        }
        compare("produced, acks=all", "/s", Bar.atLeast(0.95), Turn::producedPerSecond);
        compare("consumed", "/s", Bar.atLeast(0.95), Turn::consumedPerSecond);
        compare("brokers' CPU for a million records", "s", Bar.NONE, Turn::cpu);
    }

    private static void compare(String what, String unit, Bar bar, ToDoubleFunction<Turn> of) {
        var ours = castellan.samples(of);
        var theirs = byHand.samples(of);
        FIGURES.tell(
                Figure.median("throughput: %s, with the operator's defaults".formatted(what), unit, Bar.NONE, ours));
        FIGURES.tell(Figure.median("throughput: %s, by hand".formatted(what), unit, Bar.NONE, theirs));
        FIGURES.tell(Figure.single(
                "throughput: %s, ratio of medians".formatted(what), "", bar, ours.median() / theirs.median()));
    }

    private static Turn take(Scene scene, Contestant contestant, int turn) {
        var before = cpuSeconds(scene, contestant);
        var took = scene.clients()
                .ask(
                        "load",
                        Map.of(
                                "bootstrap", contestant.bootstrap(),
                                "topic", "load-" + turn,
                                "partitions", Integer.toString(PARTITIONS),
                                "records", Integer.toString(RECORDS),
                                "size", Integer.toString(SIZE)));
        var cpu = cpuSeconds(scene, contestant) - before;
        return new Turn(
                RECORDS / seconds(took.get("producedNanos")),
                RECORDS / seconds(took.get("consumedNanos")),
                cpu * 1_000_000 / RECORDS);
    }

    private static double cpuSeconds(Scene scene, Contestant contestant) {
        return contestant.pods().stream()
                .mapToDouble(pod -> ticks(scene, pod) / TICKS_PER_SECOND)
                .sum();
    }

    /** Of the pod's only process, in user and in system mode. */
    private static long ticks(Scene scene, Pod pod) {
        var out = new ByteArrayOutputStream();
        try (var watch = scene.client().pods().resource(pod).writingOutput(out).exec("cat", "/proc/1/stat")) {
            watch.exitCode().get(Kafka.PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (Exception e) {
            throw new IllegalStateException(
                    "no CPU time of " + pod.getMetadata().getName(), e);
        }
        var text = out.toString(StandardCharsets.UTF_8);
        var fields = text.substring(text.lastIndexOf(')') + 2).split(" ");
        return Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }

    private static double seconds(String nanos) {
        return Long.parseLong(nanos) / 1e9;
    }
}
