package dev.castellan.operator.cluster;

import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A pool in a zone: one StatefulSet, whose nodes are alike.
 *
 * @param name the StatefulSet's name
 * @param zone empty: the pool is not spread over zones
 * @param replicas nodes that there are, or are to be
 * @param staying of them; those with the highest ids are to go, once nothing lies on them
 * @param firstNodeId the start of the thousand node ids that belong to this set for good
 * @param storage as the user wants it now; the StatefulSet's own templates of claims never change once it exists
 * @param asksDedicated its brokers must know of dedicated controllers, that others than those founded the cluster
 * @param relieved of the brokers, those that were controllers too, and are no more
 * @param specHash of what the user declared of the set, its size apart
 */
public record NodeSet(
        String name,
        String pool,
        Optional<String> zone,
        Role role,
        int replicas,
        int staying,
        int firstNodeId,
        StorageSpec storage,
        ResourceRequirements resources,
        JvmSpec jvm,
        PodOverrides template,
        boolean asksDedicated,
        List<Integer> relieved,
        String specHash) {

    /** Node ids that a set can have: so many, that no set ever runs into the next one's. */
    public static final int RANGE = 1000;

    /** What the set's nodes are by themselves; brokers may be controllers too, see {@link Identity}. */
    public enum Role {
        broker,
        controller
    }

    public List<Integer> nodeIds() {
        return ids(0, replicas);
    }

    /** Those that are to go. */
    public List<Integer> leaving() {
        return ids(staying, replicas);
    }

    private List<Integer> ids(int from, int to) {
        var ids = new ArrayList<Integer>(to - from);
        for (int id = firstNodeId + from; id < firstNodeId + to; id++) {
            ids.add(id);
        }
        return ids;
    }

    /** Whether the id is of this set's thousand, a node of it or not yet. */
    public boolean owns(int nodeId) {
        return nodeId >= firstNodeId && nodeId < firstNodeId + RANGE;
    }

    /** Whether the id is of this set's thousand, but of no node that it has. */
    public boolean hasLost(int nodeId) {
        return owns(nodeId) && nodeId >= firstNodeId + replicas;
    }

    public String podName(int nodeId) {
        return name + "-" + nodeId;
    }

    /** As much of it as its pods are made from, which are alike however many there are. */
    public NodeSet ofPods() {
        return new NodeSet(name, pool, zone, role, 0, 0, 0, storage, resources, jvm, template, false, List.of(), "");
    }

    /** The spec has no such pool, or cannot be followed: what its pods are to be is what its StatefulSet says. */
    public boolean isUndeclared() {
        return storage.isAsItStands();
    }

    public boolean isBroker() {
        return role == Role.broker;
    }
}
