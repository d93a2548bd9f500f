package dev.castellan.operator.cluster;

import dev.castellan.operator.cluster.NodeSet.Role;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;

/**
 * A group of nodes as the user declared it, with defaults applied.
 *
 * @param zones empty: not spread over zones
 * @param declared what the user wrote that decides the pods, and nothing of ours: no default of a later operator
 *     changes it
 */
public record NodePool(
        String name,
        Role role,
        int replicas,
        List<String> zones,
        StorageSpec storage,
        ResourceRequirements resources,
        JvmSpec jvm,
        PodOverrides template,
        String declared) {
    /** The pool of brokers that has no name of its own. */
    public static final String BROKERS = "brokers";

    /** The pool of dedicated controllers. */
    public static final String CONTROLLERS = "controllers";
}
