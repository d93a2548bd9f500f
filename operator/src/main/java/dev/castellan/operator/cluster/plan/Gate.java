package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.DisruptionGate;
import dev.castellan.operator.placement.DisruptionGate.Verdict;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What the one gate for disruption says of nodes: may they be taken down together, now? */
final class Gate {
    private Gate() {}

    static Verdict of(List<ObservedNode> nodes, Reachable kafka) {
        return DisruptionGate.mayTakeDown(
                ids(nodes.stream()), ids(nodes.stream().filter(Gate::losesDisk)), kafka.quorum(), kafka.topics());
    }

    /** May any one of them be taken down, whichever it is? */
    static Verdict ofAnyOne(List<ObservedNode> nodes, Reachable kafka) {
        return DisruptionGate.mayTakeDownAnyOne(
                ids(nodes.stream()), ids(nodes.stream().filter(Gate::losesDisk)), kafka.quorum(), kafka.topics());
    }

    /** May this node be made again with empty disks, now? */
    static Verdict ofReplacing(ObservedNode node, Reachable kafka, List<TopicPartitions> topics) {
        return DisruptionGate.mayTakeDown(Set.of(node.id()), Set.of(node.id()), kafka.quorum(), topics);
    }

    /** May this node get another disk, on which there is this and no metadata, now? */
    static Verdict ofReplacingDisk(ObservedNode node, Reachable kafka, List<TopicPartitions> there) {
        return DisruptionGate.mayReplaceDisk(node.id(), kafka.quorum(), kafka.topics(), there);
    }

    static boolean losesDisk(ObservedNode node) {
        return node.set().storage().ephemeral() || node.leavingClaim().isPresent();
    }

    private static Set<Integer> ids(Stream<ObservedNode> nodes) {
        return nodes.map(ObservedNode::id).collect(Collectors.toSet());
    }
}
