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
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetSpecBuilder;
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
        var metadata = Metadata.of(spec, set.name(), set);
        metadata.setAnnotations(annotations(spec, identity, set, course, dynamic, live));
        var wanted = new StatefulSetSpecBuilder()
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
                .build();
        // As they are: the builder would copy the whole pod and all claims.
        wanted.setTemplate(course.revision().template());
        wanted.setVolumeClaimTemplates(claims(spec, identity, set, live));
        var statefulSet = new StatefulSet();
        statefulSet.setMetadata(metadata);
        statefulSet.setSpec(wanted);
        return statefulSet;
    }

    private static Map<String, String> annotations(
            ClusterSpec spec,
            Identity identity,
            NodeSet set,
            Course course,
            DynamicConfig dynamic,
            Optional<StatefulSet> live) {
        var annotations = new TreeMap<String, String>();
        annotations.put(Annotations.CLUSTER_ID, identity.clusterId());
        annotations.put(Annotations.CONTROLLERS, identity.initialControllers());
        annotations.put(Annotations.FORMED, String.valueOf(identity.formed()));
        annotations.put(Annotations.SPEC_HASH, course.specHash());
        annotations.put(Annotations.DYNAMIC_CONFIG, dynamic.record());
        course.lastGood().ifPresent(lastGood -> annotations.put(Annotations.LAST_GOOD, lastGood.record()));
        course.failed().ifPresent(failed -> annotations.put(Annotations.FAILED_TRIAL, failed.record()));
        Shareless.record(set, live, identity.formed(), spec.pace())
                .ifPresent(nodes -> annotations.put(Annotations.SHARELESS, nodes));
        Shareless.heard(set, live, spec.pace()).ifPresent(word -> annotations.put(Annotations.REBALANCE_REQUEST, word));
        Relieved.record(set, live).ifPresent(nodes -> annotations.put(Annotations.RELIEVED, nodes));
        Departed.record(set, live).ifPresent(nodes -> annotations.put(Annotations.DEPARTED, nodes));
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
        var metadata = new ObjectMeta();
        metadata.setName(live.getMetadata().getName());
        metadata.setLabels(live.getMetadata().getLabels());
        metadata.setAnnotations(live.getMetadata().getAnnotations());
        var claim = new PersistentVolumeClaim();
        claim.setMetadata(metadata);
        claim.setSpec(live.getSpec());
        return claim;
    }
}
