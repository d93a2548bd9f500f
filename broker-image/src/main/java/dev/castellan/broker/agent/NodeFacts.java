package dev.castellan.broker.agent;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** All that the agent knows of the node at one moment; what is said about readiness and state follows from it alone. */
public record NodeFacts(Node node, Phase phase, Broker broker, Raft raft, Recovery recovery) {

    /** What does not change while the process runs. */
    public record Node(int id, Set<String> roles, String version, String clusterId, Map<String, String> directoryIds) {
        boolean isBroker() {
            return roles.contains("broker");
        }
    }

    public enum Phase {
        STARTING,
        STARTED,
        STOPPING,
        ENDED
    }

    /** @param unfenced what the newest metadata seen says, not what this node wishes */
    public record Broker(String state, boolean unfenced, OptionalLong appliedOffset, OptionalLong appliedAgeMs) {}

    public record Raft(
            Optional<String> role, int leaderId, int epoch, OptionalLong highWatermark, OptionalLong voters) {
        boolean knowsLeader() {
            return leaderId >= 0;
        }

        /** Every role but one is a voter's. */
        boolean isVoter() {
            return role.filter(name -> !name.equals("observer")).isPresent();
        }

        /** Whether it takes part in the quorum now: it leads, or follows as a voter. */
        boolean isLive() {
            return role.filter(Set.of("leader", "follower")::contains).isPresent();
        }
    }

    public record Recovery(long remainingLogs, long remainingSegments) {}

    /** How many committed metadata records this node has not taken in yet; empty while that is not known. */
    OptionalLong metadataLag() {
        return broker.appliedOffset().isPresent() && raft.highWatermark().isPresent()
                ? OptionalLong.of(Math.max(
                        0,
                        raft.highWatermark().getAsLong()
                                - 1
                                - broker.appliedOffset().getAsLong()))
                : OptionalLong.empty();
    }
}
