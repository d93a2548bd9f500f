package dev.castellan.broker.agent;

import dev.castellan.broker.agent.NodeFacts.Broker;
import dev.castellan.broker.agent.NodeFacts.Phase;
import dev.castellan.broker.agent.NodeFacts.Raft;
import dev.castellan.broker.agent.NodeFacts.Recovery;
import dev.castellan.broker.metrics.KafkaMetrics;
import java.util.function.BooleanSupplier;

/** Reads the facts from the running server's metrics, all of which exist in every supported version. */
public final class FactsReader {
    private static final String RAFT = "raft-metrics";
    private static final String METADATA = "broker-metadata-metrics";

    private final NodeFacts.Node node;
    private volatile Phase phase = Phase.STARTING;
    private volatile BooleanSupplier unfenced = () -> false;

    public FactsReader(NodeFacts.Node node) {
        this.node = node;
    }

    public void phase(Phase phase) {
        this.phase = phase;
    }

    public void unfenced(BooleanSupplier unfenced) {
        this.unfenced = unfenced;
    }

    Phase phase() {
        return phase;
    }

    NodeFacts read() {
        return new NodeFacts(node, phase, broker(), raft(), recovery());
    }

    private Broker broker() {
        return new Broker(
                brokerState(),
                unfenced.getAsBoolean(),
                KafkaMetrics.number(METADATA, "last-applied-record-offset"),
                KafkaMetrics.number(METADATA, "last-applied-record-lag-ms"));
    }

    private static Raft raft() {
        return new Raft(
                KafkaMetrics.value(RAFT, "current-state").map(Object::toString),
                (int) KafkaMetrics.number(RAFT, "current-leader").orElse(-1),
                (int) KafkaMetrics.number(RAFT, "current-epoch").orElse(0),
                KafkaMetrics.number(RAFT, "high-watermark"),
                KafkaMetrics.number(RAFT, "number-of-voters"));
    }

    private static Recovery recovery() {
        return new Recovery(
                KafkaMetrics.sum("kafka.log", "LogManager", "remainingLogsToRecover"),
                KafkaMetrics.sum("kafka.log", "LogManager", "remainingSegmentsToRecover"));
    }

    /** The numbers are Kafka's, from its BrokerState. */
    private static String brokerState() {
        int number = KafkaMetrics.gauge("kafka.server", "KafkaServer", "BrokerState")
                .map(value -> ((Number) value).intValue())
                .orElse(0);
        return switch (number) {
            case 1 -> "STARTING";
            case 2 -> "RECOVERY";
            case 3 -> "RUNNING";
            case 6 -> "PENDING_CONTROLLED_SHUTDOWN";
            case 7 -> "SHUTTING_DOWN";
            default -> "NOT_RUNNING";
        };
    }
}
