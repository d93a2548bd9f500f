package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.Jvm;
import dev.castellan.api.v1beta1.PodTemplate;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * A pool in a zone: one StatefulSet, whose nodes are alike.
 *
 * @param name the StatefulSet's name
 * @param zone empty: the pool is not spread over zones
 * @param firstNodeId the start of the thousand node ids that belong to this set for good
 */
public record NodeSet(
        String name,
        String pool,
        Optional<String> zone,
        Role role,
        int replicas,
        int firstNodeId,
        StorageSpec storage,
        ResourceRequirements resources,
        Jvm jvm,
        PodTemplate template) {

    /** What the set's nodes are by themselves; brokers may be controllers too, see {@link Identity}. */
    public enum Role {
        broker,
        controller
    }

    public List<Integer> nodeIds() {
        return IntStream.range(firstNodeId, firstNodeId + replicas).boxed().toList();
    }

    public String podName(int nodeId) {
        return name + "-" + nodeId;
    }
}
