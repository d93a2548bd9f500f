package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.Departed;
import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Relieved;
import dev.castellan.operator.cluster.Shareless;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The StatefulSet of a set of nodes: pods come back without the operator, and are replaced by nobody but it (OnDelete).
 */
final class NodeStatefulSet {
    private static final int KEPT_REVISIONS = 2;

    private NodeStatefulSet() {}

    static StatefulSet of(
            ClusterSpec spec,
            Identity identity,
            NodeSet set,
            Course course,
            DynamicConfig dynamic,
            Optional<StatefulSet> live) {
        var statefulSet = new StatefulSetBuilder()
                .withMetadata(Metadata.of(spec, set.name(), set))
                .editMetadata()
                .withAnnotations(annotations(identity, course, dynamic))
                .endMetadata()
                .withNewSpec()
                .withReplicas(set.replicas())
                .withNewOrdinals(set.firstNodeId())
                .withServiceName(Names.nodes(spec.name()))
                // A quorum forms only when most of its founders run: none may wait for another to be ready.
                .withPodManagementPolicy("Parallel")
                .withNewUpdateStrategy()
                .withType("OnDelete")
                .endUpdateStrategy()
                .withRevisionHistoryLimit(KEPT_REVISIONS)
                .withNewPersistentVolumeClaimRetentionPolicy()
                .withWhenDeleted("Retain")
                .withWhenScaled("Retain")
                .endPersistentVolumeClaimRetentionPolicy()
                .withNewSelector()
                .withMatchLabels(Labels.set(spec.name(), set.name()))
                .endSelector()
                .withVolumeClaimTemplates(claims(spec, identity, set, live))
                .endSpec()
                .build();
        Shareless.record(set, live, identity.formed(), spec.pace())
                .ifPresent(nodes -> statefulSet.getMetadata().getAnnotations().put(Annotations.SHARELESS, nodes));
        Shareless.heard(set, live, spec.pace())
                .ifPresent(word -> statefulSet.getMetadata().getAnnotations().put(Annotations.REBALANCE_REQUEST, word));
        Relieved.record(set, live)
                .ifPresent(nodes -> statefulSet.getMetadata().getAnnotations().put(Annotations.RELIEVED, nodes));
        Departed.record(set, live)
                .ifPresent(nodes -> statefulSet.getMetadata().getAnnotations().put(Annotations.DEPARTED, nodes));
        // As it is: the builder would copy the whole pod twice over, in every reconcile.
        statefulSet.getSpec().setTemplate(course.revision().template());
        return statefulSet;
    }

    private static Map<String, String> annotations(Identity identity, Course course, DynamicConfig dynamic) {
        var annotations = new TreeMap<String, String>();
        annotations.put(Annotations.CLUSTER_ID, identity.clusterId());
        annotations.put(Annotations.CONTROLLERS, identity.initialControllers());
        annotations.put(Annotations.FORMED, String.valueOf(identity.formed()));
        annotations.put(Annotations.SPEC_HASH, course.specHash());
        annotations.put(Annotations.DYNAMIC_CONFIG, dynamic.record());
        course.lastGood().ifPresent(lastGood -> annotations.put(Annotations.LAST_GOOD, lastGood.record()));
        course.failed().ifPresent(failed -> annotations.put(Annotations.FAILED_TRIAL, failed.record()));
        return annotations;
    }

    /** Kubernetes refuses any change of these: once the set exists they are what they are. */
    private static List<PersistentVolumeClaim> claims(
            ClusterSpec spec, Identity identity, NodeSet set, Optional<StatefulSet> live) {
        return live.map(existing -> existing.getSpec().getVolumeClaimTemplates().stream()
                        .map(NodeStatefulSet::asWritten)
                        .toList())
                .orElseGet(() -> NodeVolumes.claims(spec, identity, set));
    }

    private static PersistentVolumeClaim asWritten(PersistentVolumeClaim live) {
        return new PersistentVolumeClaimBuilder()
                .withNewMetadata()
                .withName(live.getMetadata().getName())
                .withLabels(live.getMetadata().getLabels())
                .withAnnotations(live.getMetadata().getAnnotations())
                .endMetadata()
                .withSpec(live.getSpec())
                .build();
    }
}
