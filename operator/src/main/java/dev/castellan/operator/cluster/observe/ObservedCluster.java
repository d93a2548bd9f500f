package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode.Duty;
import dev.castellan.operator.kafka.TopicPartitions;
import io.fabric8.kubernetes.api.model.HasMetadata;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * The facts about a cluster at one moment; the only thing besides the intent that a plan may look at.
 *
 * @param nodes every node that should be there, in the order of the sets
 * @param planHash names what restarts make of the nodes; empty if none needs one
 * @param unapplied desired objects that are missing or differ
 * @param obstacles why some of the unapplied cannot be applied
 * @param failedDisks by node id, of hosts that live
 * @param hangingDisks by node id, the names of disks that do not answer, and may yet: for people to know, and for no rule
 * @param fullDisks of nodes that are down, or do without them
 * @param growing of brokers that tell how full they are, by Kafka, their agents or their last words
 * @param refusedGrowth by volume and StatefulSet, why the API server, asked a moment ago, lets its volumes not grow
 * @param refusedMetadataVersions why Kafka, asked a moment ago, does not finalise them
 * @param askedCordons of brokers, a moment ago
 * @param lately what Kafka was asked, and has not done
 * @param moves looked at only where replicas are to be moved, or were; they are as of when the topics were looked at
 */
public record ObservedCluster(
        Instant now,
        Inventory inventory,
        List<ObservedNode> nodes,
        Optional<String> planHash,
        List<HasMetadata> unapplied,
        List<Obstacle> obstacles,
        ObservedKafka kafka,
        Optional<ObservedMoves> moves,
        Map<Integer, FailedDisk> failedDisks,
        Map<Integer, SortedSet<String>> hangingDisks,
        List<FullDisk> fullDisks,
        List<GrowingVolume> growing,
        Map<String, String> refusedGrowth,
        Map<String, String> refusedMetadataVersions,
        Set<AskedCordon> askedCordons,
        List<AskedInVain> lately) {

    /**
     * An object in the way of one of ours.
     *
     * @param leaving true: of ours, and about to be gone; false: somebody else's
     */
    public record Obstacle(String kind, String name, boolean leaving) {
        @Override
        public String toString() {
            return kind + " " + name;
        }
    }

    public ObservedCluster with(
            Map<String, String> growth,
            Map<String, String> metadataVersions,
            Set<AskedCordon> cordons,
            List<AskedInVain> inVain) {
        return growth.isEmpty() && metadataVersions.isEmpty() && cordons.isEmpty() && inVain.isEmpty()
                ? this
                : new ObservedCluster(
                        now,
                        inventory,
                        nodes,
                        planHash,
                        unapplied,
                        obstacles,
                        kafka,
                        moves,
                        failedDisks,
                        hangingDisks,
                        fullDisks,
                        growing,
                        growth,
                        metadataVersions,
                        cordons,
                        inVain);
    }

    public Optional<ObservedNode> node(int id) {
        for (var node : nodes) {
            if (node.id() == id) {
                return Optional.of(node);
            }
        }
        return Optional.empty();
    }

    public Optional<FailedDisk> failedDisk(ObservedNode node) {
        return Optional.ofNullable(failedDisks.get(node.id()));
    }

    /** The first of them, if it has several. */
    public Optional<FullDisk> fullDisk(ObservedNode node) {
        return fullDisks.stream().filter(disk -> disk.node().id() == node.id()).findFirst();
    }

    /** Its node does without one, or is down for it. */
    public boolean lacksDisk(int id) {
        return failedDisks.containsKey(id)
                || fullDisks.stream().anyMatch(disk -> disk.node().id() == id);
    }

    /** Whoever is no node of ours is not known to be unable. */
    public boolean mayVote(int id) {
        return node(id).map(node -> node.duty() == Duty.controller).orElse(true);
    }

    public boolean isBroker(int id) {
        return node(id).filter(ObservedNode::isBroker).isPresent();
    }

    /** The topics without replicas that are only being added, as far as anybody has looked. */
    public List<TopicPartitions> settled(Reachable reachable) {
        return moves.map(now -> now.settled(reachable.topics())).orElse(reachable.topics());
    }

    public boolean isBlocked(HasMetadata object) {
        return obstacles.stream()
                .anyMatch(obstacle -> obstacle.kind().equals(object.getKind())
                        && obstacle.name().equals(object.getMetadata().getName()));
    }
}
