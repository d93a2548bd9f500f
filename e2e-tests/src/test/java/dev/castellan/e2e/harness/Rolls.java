package dev.castellan.e2e.harness;

import com.fasterxml.jackson.databind.node.IntNode;
import dev.castellan.api.v1beta1.Rollout;
import io.fabric8.kubernetes.api.model.IntOrString;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;

/** Changes that need restarts, of a Kafka cluster in three zones, under records and transactions with acks=all. */
public final class Rolls {
    /** Read by a broker at its start only. */
    public static final String STATIC = "queued.max.requests";

    private final Kafka kafka;
    private final Traffic records;
    private final Traffic transactions;
    private int value = 600;

    private Rolls(Kafka kafka, Traffic records, Traffic transactions) {
        this.kafka = kafka;
        this.records = records;
        this.transactions = transactions;
    }

    /** Kafka spreads topics, its own too, over the zones that it knows when they are made; and zones make rounds. */
    public static Rolls found(Scene scene, int brokers) {
        var kafka = scene.kafka("rolled");
        kafka.apply("brokers: {replicas: %d, zones: [z1, z2, z3]}".formatted(brokers));
        kafka.awaitSettled();
        var records = scene.trafficThrough(kafka);
        var transactions = scene.transactionsThrough(kafka);
        kafka.applyTopic("wide", "{partitions: 30, replicationFactor: 3, config: {min.insync.replicas: 2}}")
                .awaitReady();
        return new Rolls(kafka, records, transactions);
    }

    public Kafka kafka() {
        return kafka;
    }

    public void oneByOne() {
        kafka.edit(spec -> {
            spec.rollout = new Rollout();
            spec.rollout.maxUnavailable = new IntOrString(1);
        });
    }

    /**
     * @param value that all brokers have got by it
     * @param mostAtOnce pods being replaced at the worst moment
     * @param returns from a pod's end to its successor's readiness, shortest first
     * @param replacements of each pod
     */
    public record Rolled(
            int value,
            Duration took,
            int rounds,
            int mostAtOnce,
            List<Duration> returns,
            Map<String, Integer> replacements,
            Traffic.Waits records,
            Traffic.Waits transactions) {}

    /** From health, until all is done and in sync. */
    public Rolled roll(Runnable meanwhile) {
        kafka.awaitInSync();
        kafka.awaitSettled();
        records.waits();
        transactions.waits();
        value++;
        try (var watch = PodWatch.of(kafka)) {
            var start = Instant.now();
            kafka.edit(spec -> spec.config.put(STATIC, IntNode.valueOf(value)));
            meanwhile.run();
            kafka.awaitDone();
            kafka.awaitInSync();
            return new Rolled(
                    value,
                    Duration.between(start, Instant.now()),
                    watch.rounds(),
                    watch.mostReplacedAtOnce(),
                    watch.returns(),
                    watch.replacements(),
                    records.waits(),
                    transactions.waits());
        }
    }

    /** Reads everything since the start once more, from the beginning. */
    public void readAgain() {
        records.readAgain();
        transactions.readAgain();
    }
}
