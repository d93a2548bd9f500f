package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodSpecBuilder;

/** The pod of a Kafka node. What Kubernetes would add by itself is said here, so that live and desired compare. */
final class NodePod {
    private NodePod() {}

    static PodSpec of(ClusterSpec spec, NodeSet set, Installation installation, String configMap) {
        var template = set.template();
        return new PodSpecBuilder()
                .withServiceAccountName(Names.serviceAccount(spec.name()))
                // A broker starts and runs without the API server, and has nothing to say to it.
                .withAutomountServiceAccountToken(false)
                .withEnableServiceLinks(false)
                .withSecurityContext(SecurityContexts.pod())
                .withTerminationGracePeriodSeconds(template.terminationGracePeriodSeconds())
                .withNodeSelector(Placement.nodeSelector(set))
                .withAffinity(Placement.affinity(spec, set))
                .withTolerations(template.tolerations())
                .withTopologySpreadConstraints(Placement.spread(spec, set))
                .withPriorityClassName(template.priorityClassName().orElse(null))
                .withImagePullSecrets(template.imagePullSecrets())
                .withRestartPolicy("Always")
                .withContainers(NodeContainer.of(spec, set, installation))
                .withVolumes(NodeVolumes.volumes(spec, set, configMap))
                .build();
    }
}
