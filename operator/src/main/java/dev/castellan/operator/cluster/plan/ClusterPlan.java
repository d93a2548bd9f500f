package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import java.util.List;

/** Decides the next step: the first rule that has something to propose wins. Pure and total. */
public final class ClusterPlan {
    /** In order of precedence: the list is the documentation. */
    private static final List<Rule> RULES = List.of(
            VolumeRules::makeAgain, // until a StatefulSet that was taken away is back, no lost pod comes back
            FoundingRules::recordIdentity, // who founds the cluster is decided before anything of it exists
            FoundingRules::markFormed, // until then a lost disk would found a second cluster
            FoundingRules::markClaims,
            FoundingRules::recordBootstrap, // whoever starts finds all controllers that may vote
            UpgradeRules::recordMetadataVersion, // what cannot read the metadata is not started
            HibernateRules::stop, // of nodes that sleep nothing else is decided
            HibernateRules::start,
            HibernateRules::awake,
            VoterRules::addVoter, // a quorum short of a voter comes before all else, and before losing another
            VoterRules::removeLostVoter,
            VoterRules::removeLeaving, // one vote at a time, and the node only long after it
            VoterRules::relieve, // and a broker's role of a controller
            ObjectRules::applySupporting, // what pods refer to exists before the pods
            ObjectRules::applyNodeSets,
            ObjectRules::keepOrReleaseClaims,
            VolumeRules::grow, // no other rule would mend a broker whose disk is full, and more room harms nobody
            TrialRules::fail, // what cannot come up is put back before it is waited for
            RestartRules::restartBroken, // outdated and down: or a bad spec could never be mended by a good one
            BudgetRules::close, // nobody else may take away what is missing as it is
            HealRules::replaceLost,
            DiskRules::replaceFailed,
            DiskRules::replaceDeletedAheadOfVote, // or the quorum, which is waited for, would never be whole
            WakeRules::wakeStatefulSet, // nothing that waits for its pods would ever go on
            ObjectRules::waitForLeaving,
            ObjectRules::reportBlockingObstacles,
            DynamicConfigRules::reconfigure, // before any restart, which it may spare
            ResizeRules::resize, // nor does this restart anybody, and it may spare a restart
            TrialRules::pass,
            MoveRules::takeBack,
            MoveRules::unmark,
            CordonRules::lift, // who stays after all is about to get replicas; and nobody seems to be in the way who is
            // not
            CordonRules::cordon,
            MoveRules::noteLeaving,
            MoveRules::noteSkew,
            MoveRules::move, // away from brokers that are to go, even one that is down; or to new ones
            LeaveRules::lower, // what holds nothing
            MoveRules::rate,
            RaiseRules::raise,
            MoveRules::levelled,
            LeaderRules::elect, // or what waits for partitions that nobody leads would wait for ever
            FullRules::restart, // Kafka does not take a disk back that has room again
            HealRules::tell,
            DiskRules::tell,
            FullRules::tell, // nor does that pass by itself
            StabilityRules::waitUntilStable,
            TrialRules::halt,
            RestartRules::roll,
            DiskRules::replaceDeleted,
            BudgetRules::open,
            LeaveRules::unregister, // what is still known keeps new features away
            VoterRules::unregister,
            UpgradeRules::finalise,
            ObjectRules::removeLeftovers,
            LeaveRules::removeNodeSet, // of a pool or zone that has gone
            LatelyRules::tell,
            VoterRules::awaitLeaving,
            DynamicConfigRules::await,
            MoveRules::await,
            LeaveRules::awaitSecondProof,
            LeaveRules::awaitEnd,
            VoterRules::awaitEnd,
            VolumeRules::replace, // when none comes or goes, and its pods prove its record
            DiskRules::tellDeleted,
            ObjectRules::reportObstacles,
            RolloutRules::tell,
            MoveRules::refuse,
            VoterRules::refuseLeaving,
            ObjectRules::reportRefusals,
            VolumeRules::refused,
            ResizeRules::refused,
            UpgradeRules::refused,
            ResizeRules::await,
            VolumeRules::await); // for minutes or hours, which hold up nothing and hide nothing

    private ClusterPlan() {}

    public static Step next(Intent intent, ObservedCluster observed) {
        for (var rule : RULES) {
            var proposal = rule.propose(intent, observed);
            if (proposal.isPresent()) {
                return proposal.get();
            }
        }
        return new Step.Done("everything is as declared"
                + VolumeRules.larger(intent, observed)
                + MoveRules.unlevelled(intent, observed));
    }
}
