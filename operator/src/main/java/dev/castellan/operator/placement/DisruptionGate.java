package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.Quorum;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The one gate for disruption: may these nodes be taken down together, now? Total; what is unknown is unsafe. Only what
 * they would take away counts: a node that is in no ISR and no live voter may go, whatever else is wrong, since recovery
 * must not be blocked by the damage that it mends.
 */
public final class DisruptionGate {
    private DisruptionGate() {}

    public sealed interface Verdict {
        /** The count is of partitions that no order of restarts could protect: as many replicas as must be in sync. */
        record Safe(int unprotected) implements Verdict {}

        record Unsafe(String reason) implements Verdict {}
    }

    /**
     * @param nodes to be taken down at the same time
     * @param losingDisks those of the nodes whose data goes with the pod
     * @param topics looked at just now
     */
    public static Verdict mayTakeDown(
            Set<Integer> nodes, Set<Integer> losingDisks, Quorum quorum, List<TopicPartitions> topics) {
        var againstQuorum = quorumProblem(nodes, losingDisks, quorum);
        if (againstQuorum.isPresent()) {
            return new Verdict.Unsafe(againstQuorum.get());
        }
        int unprotected = 0;
        for (var topic : topics) {
            if (topic.partitions().isEmpty()) {
                return new Verdict.Unsafe("where topic " + topic.name() + " has its replicas is not known");
            }
            for (var partition : topic.partitions()) {
                var problem = partitionProblem(nodes, losingDisks, topic, partition);
                if (problem.isPresent()) {
                    return new Verdict.Unsafe(problem.get());
                }
                unprotected += isTouched(nodes, partition) && !Spare.isProtectable(topic, partition) ? 1 : 0;
            }
        }
        return new Verdict.Safe(unprotected);
    }

    /**
     * The same of one of these nodes, whichever it is.
     *
     * @param losingDisks those of the nodes whose data goes with the pod
     * @param topics looked at just now
     */
    public static Verdict mayTakeDownAnyOne(
            Set<Integer> nodes, Set<Integer> losingDisks, Quorum quorum, List<TopicPartitions> topics) {
        for (int node : nodes) {
            var againstQuorum = quorumProblem(Set.of(node), losingDisks, quorum);
            if (againstQuorum.isPresent()) {
                return new Verdict.Unsafe(againstQuorum.get());
            }
        }
        for (var topic : topics) {
            if (topic.partitions().isEmpty()) {
                return new Verdict.Unsafe("where topic " + topic.name() + " has its replicas is not known");
            }
            for (var partition : topic.partitions()) {
                if (isWhole(topic, partition)) {
                    continue;
                }
                for (int id : partition.replicas()) {
                    var problem = nodes.contains(id)
                            ? partitionProblem(Set.of(id), losesDisk(id, losingDisks), topic, partition)
                            : Optional.<String>empty();
                    if (problem.isPresent()) {
                        return new Verdict.Unsafe(problem.get());
                    }
                }
            }
        }
        return new Verdict.Safe(0);
    }

    /**
     * May a node go down to get another disk in the place of one that it can do without, and with which it loses no metadata?
     *
     * @param topics looked at just now
     * @param there of these, what it has on that disk
     */
    public static Verdict mayReplaceDisk(
            int node, Quorum quorum, List<TopicPartitions> topics, List<TopicPartitions> there) {
        for (var topic : there) {
            for (var partition : topic.partitions()) {
                var problem = partitionProblem(Set.of(node), Set.of(node), topic, partition);
                if (problem.isPresent()) {
                    return new Verdict.Unsafe(problem.get());
                }
            }
        }
        return mayTakeDown(Set.of(node), Set.of(), quorum, topics);
    }

    /** So that the verdict on any one of its replicas is plain: nearly all of them nearly always. */
    private static boolean isWhole(TopicPartitions topic, Partition partition) {
        return partition.replicas().size() > 1
                && partition.inSync().size() == partition.replicas().size()
                && topic.minInSyncReplicas() > 0;
    }

    private static Set<Integer> losesDisk(int id, Set<Integer> losingDisks) {
        return losingDisks.contains(id) ? Set.of(id) : Set.of();
    }

    private static Optional<String> quorumProblem(Set<Integer> nodes, Set<Integer> losingDisks, Quorum quorum) {
        var voters = quorum.voters();
        // A voter of which nothing is known may be one of the majority that holds the leader up.
        var taken = voters.stream()
                .filter(voter -> nodes.contains(voter.nodeId()))
                .filter(voter -> CaughtUp.isAlive(voter) || voter.behindMillis() < 0)
                .toList();
        if (taken.isEmpty()) {
            return Optional.empty();
        }
        long staying = voters.stream()
                .filter(voter -> !nodes.contains(voter.nodeId()))
                .filter(CaughtUp::isAlive)
                .count();
        boolean canSpare = voters.size() > 2;
        boolean losesLog = taken.stream().anyMatch(voter -> losingDisks.contains(voter.nodeId()));
        if (!canSpare && !losesLog && staying == voters.size() - taken.size()) {
            return Optional.empty(); // one or two voters have none to spare: the quorum pauses while one restarts
        }
        return staying >= CaughtUp.majorityOf(voters.size())
                ? Optional.empty()
                : Optional.of("the quorum would be left with %d of %d voters that have caught up"
                        .formatted(staying, voters.size()));
    }

    private static Optional<String> partitionProblem(
            Set<Integer> nodes, Set<Integer> losingDisks, TopicPartitions topic, Partition partition) {
        var staying =
                partition.inSync().stream().filter(id -> !nodes.contains(id)).toList();
        // Without a replica in sync (KIP-966), whoever was the last of them holds what was acknowledged: it may be any.
        if (staying.isEmpty() && partition.replicas().stream().anyMatch(losingDisks::contains)) {
            return Optional.of("%s-%d may have its only copy there".formatted(topic.name(), partition.id()));
        }
        if (!isTouched(nodes, partition)) {
            return Optional.empty();
        }
        if (partition.leader() < 0 && staying.isEmpty()) {
            return Optional.empty(); // nobody is served by it; its return is what is wanted
        }
        if (topic.minInSyncReplicas() < 1) {
            return Optional.of("min.insync.replicas of topic " + topic.name() + " is not known");
        }
        boolean safe = Spare.isProtectable(topic, partition)
                ? staying.size() >= topic.minInSyncReplicas()
                : partition.inSync().size() == partition.replicas().size()
                        && (!staying.isEmpty() || partition.replicas().size() == 1);
        return safe
                ? Optional.empty()
                : Optional.of("%s-%d would be left with %d of %d replicas in sync, min.insync.replicas is %d"
                        .formatted(
                                topic.name(),
                                partition.id(),
                                staying.size(),
                                partition.replicas().size(),
                                topic.minInSyncReplicas()));
    }

    private static boolean isTouched(Set<Integer> nodes, Partition partition) {
        return partition.inSync().stream().anyMatch(nodes::contains);
    }
}
