package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Identity.Founder;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.plan.Step.AddVoter;
import dev.castellan.operator.cluster.plan.Step.RemoveVoter;
import dev.castellan.operator.kafka.Quorum;
import dev.castellan.operator.kafka.Quorum.Replica;
import dev.castellan.operator.placement.CaughtUp;
import java.util.Comparator;
import java.util.Optional;

/**
 * A controller that lost its disk comes back as an observer under a new directory id. Its old entry goes, then the new one
 * joins (KIP-853): one change of the quorum at a time, and each only while a majority carries it.
 */
final class VoterRules {
    private VoterRules() {}

    static Optional<AddVoter> addVoter(Intent intent, ObservedCluster observed) {
        if (!(observed.kafka()
                instanceof Reachable(var metadata, var quorum, var brokers, var topics, var config, var asOf))) {
            return Optional.empty();
        }
        return intent.identity().founders().stream()
                .filter(founder -> voter(quorum, founder).isEmpty())
                .filter(founder -> hasMajority(quorum, quorum.voters().size() + 1, 1))
                .flatMap(founder -> returned(quorum, founder).stream()
                        .map(replica -> new AddVoter(
                                founder.nodeId(),
                                replica.directoryId(),
                                founder.host(),
                                "controller %d has caught up on its new disk and joins the quorum"
                                        .formatted(founder.nodeId()))))
                .findFirst();
    }

    static Optional<RemoveVoter> removeLostVoter(Intent intent, ObservedCluster observed) {
        if (!(observed.kafka()
                instanceof Reachable(var metadata, var quorum, var brokers, var topics, var config, var asOf))) {
            return Optional.empty();
        }
        return intent.identity().founders().stream()
                .filter(founder -> returned(quorum, founder).isPresent())
                .flatMap(founder -> voter(quorum, founder).stream())
                .filter(voter -> isGone(quorum, voter))
                .filter(voter -> hasMajority(quorum, quorum.voters().size() - 1, 0))
                .map(voter -> new RemoveVoter(
                        voter.nodeId(),
                        voter.directoryId(),
                        "controller %d came back with a new disk; its old entry %s leaves the quorum"
                                .formatted(voter.nodeId(), voter.directoryId())))
                .findFirst();
    }

    private static Optional<Replica> voter(Quorum quorum, Founder founder) {
        return quorum.voters().stream()
                .filter(voter -> voter.nodeId() == founder.nodeId())
                .findFirst();
    }

    /** The node's one live observer; a leader lists observers for minutes after they are gone, and does not miss them at once. */
    private static Optional<Replica> returned(Quorum quorum, Founder founder) {
        return quorum.observers().stream()
                .filter(observer -> observer.nodeId() == founder.nodeId())
                .filter(CaughtUp::isAlive)
                .min(Comparator.comparingLong(Replica::behindMillis));
    }

    /** A voter that still fetches is on a disk that is still there, whatever else the list says. */
    private static boolean isGone(Quorum quorum, Replica voter) {
        return voter.nodeId() != quorum.leaderId() && !CaughtUp.isAlive(voter);
    }

    private static boolean hasMajority(Quorum quorum, int voters, int joining) {
        return CaughtUp.aliveVoters(quorum) + joining >= CaughtUp.majorityOf(voters);
    }
}
