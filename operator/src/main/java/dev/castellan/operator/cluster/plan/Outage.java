package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;

/** One broker may be lost; a third of several is a zone, a network, a storage or a storm, which pass. */
final class Outage {
    private Outage() {}

    /**
     * Who is to go and empty tells nothing. For a controller, brokers count that have lost their hosts or disks too, not those that
     * may only be waiting for it: where it is the one that they know, they find no leader before it is back.
     *
     * @param lost whose disk may be given up
     */
    static boolean is(ObservedCluster observed, Reachable kafka, ObservedNode lost) {
        var brokers = observed.nodes().stream()
                .filter(ObservedNode::isBroker)
                .filter(node -> !node.isLeaving() || kafka.holdsAnything(node.id()))
                .toList();
        long affected = brokers.stream()
                .filter(node -> observed.failedDisk(node).isPresent()
                        || (lost.isBroker() ? !node.isReady() : node.lostHost().isPresent()))
                .count();
        return affected > 1 && 3 * affected >= brokers.size();
    }
}
