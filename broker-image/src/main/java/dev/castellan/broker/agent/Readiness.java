package dev.castellan.broker.agent;

import dev.castellan.broker.agent.NodeFacts.Phase;

/**
 * Whether this node serves, with the reason either way. Pure.
 *
 * <p>A broker that has lost its quorum stays ready: it goes on serving what it leads, and taking its address away would make of a
 * sick quorum an outage. Whether it may be restarted is another question, which the operator asks elsewhere.
 */
record Readiness(boolean ready, String reason) {
    /** Committed records may wait this long before a broker counts as behind: a burst of new topics is no reason to leave the Services. */
    private static final long PATIENCE_MS = 5_000;

    static Readiness of(NodeFacts facts) {
        if (facts.phase() == Phase.STOPPING || facts.phase() == Phase.ENDED) {
            return no("shutting down");
        }
        return facts.node().isBroker() ? broker(facts) : controller(facts);
    }

    /** A combined node is judged as the broker that clients know; its controller's part is in the state report. */
    private static Readiness broker(NodeFacts facts) {
        var broker = facts.broker();
        if (!broker.state().equals("RUNNING")) {
            return no("broker is " + broker.state() + recovery(facts) + leader(facts));
        }
        if (!broker.unfenced()) {
            return no("broker is fenced by the controller");
        }
        long lag = facts.metadataLag().orElse(0);
        if (lag > 0 && broker.appliedAgeMs().orElse(0) > PATIENCE_MS) {
            return no("broker is " + lag + " records behind the metadata log");
        }
        return new Readiness(true, "broker is unfenced and caught up");
    }

    private static Readiness controller(NodeFacts facts) {
        var raft = facts.raft();
        String role = raft.role().orElse("starting");
        if (!raft.isLive()) {
            return no("controller is no live member of the quorum: " + role + leader(facts));
        }
        if (!raft.knowsLeader()) {
            return no("controller knows no leader");
        }
        return new Readiness(true, "controller is " + role + " of the quorum led by node " + raft.leaderId());
    }

    private static String recovery(NodeFacts facts) {
        long logs = facts.recovery().remainingLogs();
        return logs == 0 ? "" : ", " + logs + " logs to recover";
    }

    private static String leader(NodeFacts facts) {
        return facts.raft().knowsLeader() ? "" : ", no quorum leader known";
    }

    private static Readiness no(String reason) {
        return new Readiness(false, reason);
    }
}
