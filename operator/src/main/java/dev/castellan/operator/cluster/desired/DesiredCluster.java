package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.NodeSet;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;

/**
 * Every Kubernetes object that a KafkaCluster should have.
 *
 * @param supporting what may be applied at any time without disrupting a running pod, in the order of applying
 * @param statefulSets one for each of the sets, in the same order
 */
public record DesiredCluster(
        String namespace,
        String name,
        Identity identity,
        List<NodeSet> sets,
        List<HasMetadata> supporting,
        List<StatefulSet> statefulSets) {}
