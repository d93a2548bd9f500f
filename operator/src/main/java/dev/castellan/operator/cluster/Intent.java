package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaClusterStatus.ListenerStatus;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.placement.Pace;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What should stand, as far as it may be reached from what stands now: the desired objects, with all that may not change
 * taken over from the live ones, and the refusals that tell the user so.
 *
 * @param identityRecord what puts the identity on record; empty while nobody knows what it should say
 * @param identityStored it is on record; until then it may still be decided otherwise
 * @param quorum who is to vote
 * @param sets every group of nodes that is to be looked after, those too that the spec no longer wants but that still
 *     hold data
 * @param supporting objects that may be applied at any time, in this order
 * @param statefulSets by name, those of the sets that may be written
 * @param refusals what of the spec cannot be done, and stays as it was
 * @param rollout when and how fast restarts may go on
 * @param dynamic what Kafka is told while it runs; empty: it keeps what it was told
 * @param upgrade how an upgrade ends; empty where the spec cannot be followed
 * @param failed what of the spec has been tried, and is not tried again
 * @param pace of moving replicas; empty: none are moved
 * @param healing what is done for nodes whose host is gone; empty where the spec cannot be followed
 * @param hibernates all nodes are to be stopped
 */
public record Intent(
        String namespace,
        String name,
        Identity identity,
        Optional<ConfigMap> identityRecord,
        boolean identityStored,
        WantedQuorum quorum,
        List<NodeSet> sets,
        List<HasMetadata> supporting,
        Map<String, StatefulSet> statefulSets,
        List<ListenerStatus> listeners,
        List<Stall> refusals,
        Rollout rollout,
        Optional<DynamicConfig> dynamic,
        Optional<Upgrade> upgrade,
        Optional<FailedTrial> failed,
        Optional<Pace> pace,
        Optional<Healing> healing,
        boolean hibernates) {

    /** The same, but for what else cannot be done. */
    Intent and(Stall refusal) {
        return with(quorum, Stream.concat(Stream.of(refusal), refusals.stream()).toList());
    }

    Intent with(WantedQuorum other) {
        return other.equals(quorum) ? this : with(other, refusals);
    }

    private Intent with(WantedQuorum otherQuorum, List<Stall> otherRefusals) {
        return new Intent(
                namespace,
                name,
                identity,
                identityRecord,
                identityStored,
                otherQuorum,
                sets,
                supporting,
                statefulSets,
                listeners,
                otherRefusals,
                rollout,
                dynamic,
                upgrade,
                failed,
                pace,
                healing,
                hibernates);
    }

    /** What the user has to act on first. */
    public Optional<Stall> refusal() {
        return failed.map(trial -> new Stall(StallReason.TrialFailed, trial.words() + "; " + ending()))
                .or(() -> refusals.stream().findFirst());
    }

    private String ending() {
        return rollout.holds()
                ? "it stays as it is, as spec.rollout.onFailure says, and no other node is restarted: correct the spec"
                : "it goes back to what it ran with before, and no other node is restarted: correct the spec";
    }

    /** The revision that pods of the set should have; empty where the set stays as it stands. */
    public Optional<String> podSpec(NodeSet set) {
        return Optional.ofNullable(statefulSets.get(set.name())).flatMap(Intent::podSpec);
    }

    /** Kafka's version that pods of the set should have; empty where the set stays as it stands. */
    public Optional<String> version(NodeSet set) {
        return Optional.ofNullable(statefulSets.get(set.name()))
                .map(wanted -> wanted.getSpec().getTemplate().getMetadata().getLabels())
                .map(labels -> labels.get(Labels.VERSION));
    }

    /** The revision that new pods of this StatefulSet get. */
    public static Optional<String> podSpec(StatefulSet statefulSet) {
        return Optional.ofNullable(statefulSet.getSpec().getTemplate().getMetadata())
                .map(metadata -> metadata.getAnnotations())
                .map(annotations -> annotations.get(Annotations.POD_SPEC));
    }
}
