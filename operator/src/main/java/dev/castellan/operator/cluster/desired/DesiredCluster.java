package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.FailedTrial;
import dev.castellan.operator.cluster.HeldBack;
import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.Layout;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Stopped;
import dev.castellan.operator.cluster.WantedQuorum;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.ServiceAccountBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Every Kubernetes object that a KafkaCluster should have.
 *
 * @param quorum who is to vote
 * @param heldBack what of the spec is not followed, and why
 * @param dynamic what of Kafka's properties it is told while it runs
 * @param failed what of the spec has been tried in vain: while it stands so, no set gets anything new
 * @param supporting what may be applied at any time without disrupting a running pod, in the order of applying; the
 *     identity is the first
 * @param statefulSets of the sets, in the same order, without those that are to stay exactly as they are
 */
public record DesiredCluster(
        String namespace,
        String name,
        Identity identity,
        WantedQuorum quorum,
        List<NodeSet> sets,
        List<HeldBack> heldBack,
        DynamicConfig dynamic,
        Optional<FailedTrial> failed,
        List<HasMetadata> supporting,
        List<StatefulSet> statefulSets) {

    /**
     * An upgrade of the operator restarts nothing: as long as the user's words on a set are those that its live
     * StatefulSet was made from, its pods stay as they are, even if they would be made otherwise today.
     */
    public static DesiredCluster of(
            ClusterSpec spec,
            Identity identity,
            Layout layout,
            Collection<StatefulSet> live,
            Installation installation,
            KnownRevisions revisions) {
        var liveByName =
                live.stream().collect(Collectors.toMap(set -> set.getMetadata().getName(), Function.identity()));
        var configMaps = new LinkedHashMap<String, ConfigMap>();
        var statefulSets = new ArrayList<StatefulSet>();
        var heldBack = new ArrayList<>(layout.heldBack());
        var dynamic = DynamicConfig.of(spec.version(), NodeProperties.common(spec, layout.brokers()), live);
        var failed = FailedTrial.of(layout, liveByName, dynamic);
        for (NodeSet set : layout.sets()) {
            var existing = Optional.ofNullable(liveByName.get(set.name()));
            // A pod may still be made from what the live StatefulSet says, until the new template is applied.
            existing.flatMap(revisions::of)
                    .ifPresent(r -> configMaps.computeIfAbsent(r.configMapName(), name -> r.configMap(spec, set)));
            if (existing.filter(Stopped::isOnRecord).isPresent()) {
                continue; // it wakes as it fell asleep
            }
            var course = Course.of(
                    set,
                    existing,
                    failed,
                    dynamic,
                    revisions,
                    () -> revisions.of(
                            spec, set, NodeProperties.of(spec, identity, set, layout.brokers()), installation));
            if (course.isEmpty()) {
                if (set.replicas() > 0) {
                    heldBack.add(untold(set));
                }
                continue;
            }
            var revision = course.get().revision();
            configMaps.computeIfAbsent(revision.configMapName(), name -> revision.configMap(spec, set));
            statefulSets.add(NodeStatefulSet.of(spec, identity, set, course.get(), dynamic, existing));
        }
        var quorum = identity.quorum(layout.sets(), spec.namespace());
        var supporting = new ArrayList<HasMetadata>();
        supporting.add(identityConfigMap(spec, identity, quorum));
        supporting.add(serviceAccount(spec));
        supporting.add(NodesNetworkPolicy.of(spec, installation));
        supporting.addAll(Budgets.of(spec));
        supporting.addAll(Services.of(spec, layout));
        supporting.addAll(configMaps.values());
        return new DesiredCluster(
                spec.namespace(),
                spec.name(),
                identity,
                quorum,
                layout.sets(),
                List.copyOf(heldBack),
                dynamic,
                failed,
                List.copyOf(supporting),
                List.copyOf(statefulSets));
    }

    /** Neither the spec says what its pods should be, nor does its StatefulSet any more. */
    private static HeldBack untold(NodeSet set) {
        return new HeldBack(
                set.name(),
                "the nodes of %s are no longer in the spec, and somebody has changed its StatefulSet, so that they cannot be"
                                .formatted(set.name())
                        + " taken away; put the pool or zone back");
    }

    private static ConfigMap identityConfigMap(ClusterSpec spec, Identity identity, WantedQuorum quorum) {
        return new ConfigMapBuilder()
                .withMetadata(Metadata.of(spec, Names.identity(spec.name())))
                .withData(identity.data(quorum))
                .build();
    }

    /** Without any permission, and its token is mounted nowhere: so that pods do not run as the namespace's default. */
    private static ServiceAccount serviceAccount(ClusterSpec spec) {
        return new ServiceAccountBuilder()
                .withMetadata(Metadata.of(spec, Names.serviceAccount(spec.name())))
                .withAutomountServiceAccountToken(false)
                .build();
    }
}
