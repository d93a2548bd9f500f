package dev.castellan.e2e.bench;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.castellan.api.v1beta1.Rollout;
import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.PodWatch;
import dev.castellan.e2e.harness.Scene;
import dev.castellan.e2e.harness.Traffic;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How long it takes until a change that needs restarts has reached nine brokers in three zones, and three, all of them controllers
 * too: a zone at a time, and one by one, under records and transactions with acks=all.
 */
@E2E
@Tag("bench")
@Order(4)
class RollBench {
    private static final Figures FIGURES = new Figures(RollBench.class);

    /** Read by a broker at its start only. */
    private static final String STATIC = "queued.max.requests";

    private Kafka kafka;
    private Traffic records;
    private Traffic transactions;
    private int value = 600;

    @Test
    void threeAndNine(Scene scene) {
        kafka = scene.kafka("rolled");
        kafka.apply("brokers: {replicas: 3, zones: [z1, z2, z3]}");
        kafka.awaitSettled();
        records = scene.trafficThrough(kafka);
        transactions = scene.transactionsThrough(kafka);
        kafka.applyTopic("wide", "{partitions: 30, replicationFactor: 3, config: {min.insync.replicas: 2}}")
                .awaitReady();
        roll("3 brokers", Bar.atMost(25), Bar.NONE);

        kafka.edit(spec -> spec.brokers.replicas = 9);
        kafka.awaitDone();
        roll("9 brokers, a zone at a time after a trial", Bar.atMost(60), Bar.atMost(4));

        oneByOne();
        roll("9 brokers, one by one", Bar.NONE, Bar.NONE);
    }

    private void oneByOne() {
        kafka.edit(spec -> {
            spec.rollout = new Rollout();
            spec.rollout.maxUnavailable = new IntOrString(1);
        });
    }

    private void roll(String what, Bar whole, Bar rounds) {
        kafka.awaitInSync();
        kafka.awaitSettled();
        records.waits();
        transactions.waits();
        try (var watch = PodWatch.of(kafka)) {
            var start = Instant.now();
            kafka.edit(spec -> spec.config.put(STATIC, IntNode.valueOf(++value)));
            kafka.awaitDone();
            kafka.awaitInSync();
            tell(what + ": until all is done, and in sync", "s", whole, seconds(start));
            tell(what + ": rounds", "", rounds, watch.rounds());
            tell(
                    what + ": a pod deleted → Ready, the fastest",
                    "s",
                    seconds(watch.returns().getFirst()));
            tell(what + ": the slowest", "s", seconds(watch.returns().getLast()));
        }
        var waits = records.waits();
        tell(what + ": 99 of 100 records waited at most", "s", Bar.atMost(1), seconds(waits.p99()));
        tell(what + ": the longest wait of a record", "s", seconds(waits.longest()));
        tell(
                what + ": the longest wait of a transaction",
                "s",
                seconds(transactions.waits().longest()));
    }

    private static void tell(String what, String unit, double value) {
        tell(what, unit, Bar.NONE, value);
    }

    private static void tell(String what, String unit, Bar bar, double value) {
        FIGURES.tell(Figure.single(what, unit, bar, value));
    }

    private static double seconds(Instant start) {
        return seconds(Duration.between(start, Instant.now()));
    }

    private static double seconds(Duration duration) {
        return duration.toMillis() / 1000.0;
    }
}
