package dev.castellan.operator.kafka;

import java.util.List;

/**
 * The KRaft quorum as its leader describes it (KIP-595, KIP-853).
 *
 * @param leaderId node id of the active controller
 * @param leaderLogEndOffset end of the leader's metadata log, in records
 */
public record Quorum(int leaderId, long leaderLogEndOffset, List<Replica> voters, List<Replica> observers) {
    /**
     * One copy of the metadata log.
     *
     * @param directoryId the disk it lies on, in Kafka's base64 form
     * @param logEndOffset how far it has replicated; -1 if the leader does not know
     * @param behindMillis how long ago it last had all that the leader had, by the leader's clock (the leader's own last
     *     caught-up time minus the replica's); 0 for the leader, -1 if unknown. The offset alone does not tell a dead
     *     voter from a live one: in a quiet cluster its lag grows by only two records a second.
     */
    public record Replica(int nodeId, String directoryId, long logEndOffset, long behindMillis) {}
}
