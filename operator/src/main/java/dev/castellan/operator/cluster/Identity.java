package dev.castellan.operator.cluster;

import java.util.List;

/**
 * What is decided once in the life of a Kafka cluster and must never change with a later decision: its id, which nodes
 * are controllers, and on which disks the founders of the quorum start.
 *
 * @param formed true as soon as a quorum leader was seen: from then on a new disk never founds anything (KIP-853)
 */
public record Identity(String clusterId, boolean formed, List<Founder> founders) {
    /** A controller of the first quorum and the id of its metadata directory. */
    public record Founder(int nodeId, String host, String directoryId) {}

    public List<Integer> controllers() {
        return founders.stream().map(Founder::nodeId).toList();
    }
}
