package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.FailedTrial;
import dev.castellan.operator.cluster.desired.PodChanges.Change;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.placement.Drained;
import dev.castellan.operator.placement.Reassignment.Move;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;

/** The one thing to do next, with its reason, which is the text that the user reads in status. */
public sealed interface Step {
    String reason();

    /** Whether there is something to do, which calls for a second look at live facts. */
    default boolean acts() {
        return !(this instanceof Wait
                || this instanceof Held
                || this instanceof Stall
                || this instanceof Hibernating
                || this instanceof Done);
    }

    /** Name of the kind of step, as status and metrics show it; public API, listed in the docs. */
    default String kind() {
        return getClass().getSimpleName();
    }

    /** Nothing can be done now. An event usually wakes us; recheck is for what Kubernetes cannot tell. */
    record Wait(String reason, Duration recheck) implements Step {}

    /** Nothing but a change by the user can help. */
    record Stall(StallReason why, String reason) implements Step {}

    /** Puts on record who founds the cluster, before anything of it exists. */
    record CreateIdentity(ConfigMap identity, String reason) implements Step {}

    /** The quorum has a leader: from now on no new disk founds one. */
    record MarkFormed(String reason) implements Step {}

    /** The same on the disks, which outlive all other records. */
    record MarkClaims(List<String> claims, String reason) implements Step {}

    /** Puts on record where nodes ask for the quorum's leader when they start. */
    record RecordBootstrap(String reason) implements Step {}

    /** Creates or updates objects that no running pod depends on until it restarts. */
    record ApplyObjects(List<HasMetadata> objects, String reason) implements Step {}

    /** Creates or updates StatefulSets; running pods stay as they are. */
    record ApplyNodeSets(List<String> names, String reason) implements Step {}

    /** Shuts nodes down until their user wants them back; each StatefulSet remembers how many are its. */
    record StopNodes(List<String> statefulSets, String reason) implements Step {}

    /** Brings nodes back that were stopped, as they were. */
    record StartNodes(List<String> statefulSets, String reason) implements Step {}

    /** They are back: from now on the StatefulSets may change again. */
    record RecordAwake(List<String> statefulSets, String reason) implements Step {}

    /** Touches a StatefulSet, so that its controller does now what it would do later. */
    record WakeStatefulSet(String name, Instant now, String reason) implements Step {}

    /** Puts on record, with the StatefulSet of the node, what that tried in vain. */
    record RecordTrialFailure(String statefulSet, FailedTrial failed, String reason) implements Step {}

    /** From now on it is this that nodes are put back to. */
    record RecordTrialSuccess(List<String> statefulSets, String reason) implements Step {}

    /** Lets others evict so many pods at a time, or none for now. */
    record SetDisruptionBudget(String name, int pods, String reason) implements Step {}

    /** Makes volume claims go with the KafkaCluster, or stay. */
    record SetClaimOwner(List<String> claims, boolean owned, String reason) implements Step {}

    /**
     * Asks for more room for a volume.
     *
     * @param volumes those of which it is one: of one name, of one StatefulSet
     */
    record GrowVolume(String volumes, String claim, Quantity size, String reason) implements Step {}

    /** Takes a StatefulSet away from its pods, which run on, so that its successor gets them. */
    record ReplaceNodeSet(StatefulSet successor, String reason) implements Step {}

    /** Makes the successor of a StatefulSet that is gone, for the pods that it had. */
    record MakeNodeSetAgain(StatefulSet successor, String reason) implements Step {}

    /** A controller came back with a new disk, and its old entry goes; or it is to go itself, and gives up its vote first. */
    record RemoveVoter(int nodeId, String directoryId, String reason) implements Step {}

    record AddVoter(int nodeId, String directoryId, String host, String reason) implements Step {}

    /**
     * Tells Kafka what it takes while it runs.
     *
     * @param claimed keys that are on record as ours before anything is set
     * @param owned those that are on record afterwards
     * @param isTrial one broker may refuse what another takes: whoever is asked next
     */
    record ReconfigureDynamically(
            SortedMap<String, String> set,
            SortedSet<String> unset,
            SortedSet<String> claimed,
            SortedSet<String> owned,
            boolean isTrial,
            String reason)
            implements Step {}

    /** Deletes pods, all at once, so that they come back as their StatefulSets now say. */
    record RestartNodes(List<Restart> nodes, String reason) implements Step {
        /** @param reason for this node alone */
        public record Restart(int nodeId, String pod, String reason) {}
    }

    /** Has Kubernetes change the CPU and memory of a node while it runs. */
    record ResizeNode(int nodeId, String pod, ResourceRequirements resources, List<Change> changes, String reason)
            implements Step {}

    /** Gives up the disks of a node on a host that is gone: it comes back elsewhere, as who it was, and its peers fill it. */
    record ReplaceNode(int nodeId, String pod, List<String> claims, String reason) implements Step {}

    /** Gives up one disk of a node, which comes back with another one, and its peers fill that. */
    record ReplaceDisk(int nodeId, String pod, List<String> claims, String reason) implements Step {}

    /** All is done but restarts that the user's rollout settings hold back. */
    record Held(HeldReason why, String reason, Duration recheck) implements Step {}

    /** What Kafka has finalised, or begins with, is noted where it can be read without Kafka. */
    record RecordMetadataVersion(String metadataVersion, List<HasMetadata> on, String reason) implements Step {}

    /**
     * All nodes run the new version, and there is no way back from here.
     *
     * @param on what is to remember it before it is done
     */
    record FinaliseMetadataVersion(String metadataVersion, List<HasMetadata> on, String reason) implements Step {}

    /**
     * Begins to copy replicas, slowed down, to where they are to lie instead.
     *
     * @param marks what slows down each topic's copies, and tells that they are ours; set ahead of them
     * @param rate for the whole cluster; empty: it is set already
     */
    record MoveReplicas(
            List<Move> moves, SortedMap<String, ConfigChange> marks, Optional<ConfigChange> rate, String reason)
            implements Step {}

    /** Copies that we began end, and what was there before stays. */
    record TakeBackMoves(SortedMap<String, ? extends SortedSet<Integer>> partitions, String reason) implements Step {}

    /** Changes or takes away what slows down our copies. */
    record SetThrottle(Map<String, ConfigChange> topics, Optional<ConfigChange> rate, String reason) implements Step {}

    /** Our copies are slowed down less, since at the rate that there was they would never end. */
    record RaiseThrottle(ConfigChange rate, String reason) implements Step {}

    /** Has Kafka elect leaders that it missed to elect when their broker came, by topic. */
    record ElectLeaders(SortedMap<String, List<Integer>> partitions, String reason) implements Step {}

    /** Has brokers that are to go get no new replicas any more. */
    record CordonBrokers(SortedSet<Integer> brokers, String reason) implements Step {}

    /** Takes away what keeps new replicas from brokers of ours, who stay after all, or are about to go for good. */
    record UncordonBrokers(SortedSet<Integer> brokers, String reason) implements Step {}

    /** Notes when it was seen that the nodes of a StatefulSet that are to go hold nothing. */
    record MarkDrained(String name, String mark, String reason) implements Step {}

    /** Notes which nodes of StatefulSets, by their name, are without their share of the replicas. */
    record MarkShareless(SortedMap<String, String> sets, String reason) implements Step {}

    /** Notes which brokers of StatefulSets, by their name, are no controllers any more: they have no vote. */
    record MarkRelieved(SortedMap<String, List<Integer>> sets, String reason) implements Step {}

    /** Takes nodes away that hold nothing. */
    record LowerNodeSet(String name, int replicas, Drained proof, String reason) implements Step {}

    /** Kafka forgets a broker that is gone. */
    record UnregisterBroker(int nodeId, String reason) implements Step {}

    /** Kafka forgets a controller that is gone, and the StatefulSet does not remember it any more. */
    record UnregisterController(int nodeId, String statefulSet, String stillKnown, String reason) implements Step {}

    /** Deletes objects of ours that nothing refers to any more. */
    record RemoveLeftovers(List<HasMetadata> objects, String reason) implements Step {}

    /** All nodes are stopped, as declared: there is nothing to do before they are wanted back. */
    record Hibernating(String reason) implements Step {}

    record Done(String reason) implements Step {}

    /** Why restarts are held back; public API, listed in the docs. */
    enum HeldReason {
        RolloutPaused,
        OutsideWindow,
        AwaitingApproval
    }

    /** Why a cluster stalls; public API, listed in the docs. */
    enum StallReason {
        ScaleDownNotSupported,
        ScaleDownBlocked,
        StorageChangeNotSupported,
        VolumeGrowthRefused,
        ResizeRefused,
        MetadataVersionRefused,
        ForeignObject,
        ContradictoryIdentity,
        ConfigRefused,
        TrialFailed,
        DataOnLostHost,
        DataOnFailedDisk,
        InvalidSpec
    }
}
