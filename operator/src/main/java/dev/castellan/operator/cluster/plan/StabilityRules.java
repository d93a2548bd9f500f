package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.FullDisk;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedKafka.Unreachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kafka.Quorum.Replica;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.CaughtUp;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Nothing is taken down while anything is down already, and the user reads what is waited for. */
final class StabilityRules {
    /** A pod's changes wake us. */
    private static final Duration POD_RECHECK = Duration.ofSeconds(10);

    /** Nobody tells of Kafka's. */
    private static final Duration KAFKA_RECHECK = Duration.ofMillis(500);

    private StabilityRules() {}

    static Optional<Wait> waitUntilStable(Intent intent, ObservedCluster observed) {
        return podProblem(observed).or(() -> kafkaProblem(intent, observed));
    }

    private static Optional<Wait> podProblem(ObservedCluster observed) {
        return observed.nodes().stream()
                .flatMap(node -> podProblem(node).stream()
                        .map(problem -> node.title() + " " + problem + cure(node, observed.now())))
                .findFirst()
                .map(reason -> new Wait(reason, POD_RECHECK));
    }

    private static Optional<String> podProblem(ObservedNode node) {
        if (node.pod().isEmpty()) {
            return Optional.of("has no pod yet");
        }
        if (node.isTerminating()) {
            return Optional.of("is shutting down");
        }
        return node.isReady() ? Optional.empty() : Optional.of("is not ready: " + node.notReadyBecause());
    }

    /** Who is to go with its pool starts as it did before; and if it never did, nobody says how it should. */
    private static String cure(ObservedNode node, Instant now) {
        return node.set().isUndeclared() && (node.isFailing() || node.isOverdue(now))
                ? "; put pool " + node.set().pool() + " back to change what it starts with"
                : "";
    }

    private static Optional<Wait> kafkaProblem(Intent intent, ObservedCluster observed) {
        if (observed.nodes().isEmpty()) {
            return Optional.empty();
        }
        var problem =
                switch (observed.kafka()) {
                    case Unreachable unreachable -> Optional.of(unreachable.reason());
                    case Reachable kafka ->
                        brokerProblem(observed, kafka)
                                .or(() -> quorumProblem(intent, observed, kafka))
                                .or(() -> syncProblem(observed, kafka));
                };
        return problem.map(reason -> new Wait(reason, KAFKA_RECHECK));
    }

    private static Optional<String> brokerProblem(ObservedCluster observed, Reachable kafka) {
        return observed.nodes().stream()
                .filter(node -> node.isBroker() && !kafka.isInService(node.id()))
                .findFirst()
                .map(node -> node.title() + " is not in service yet: the controller keeps it fenced");
    }

    private static Optional<String> quorumProblem(Intent intent, ObservedCluster observed, Reachable kafka) {
        return VoterRules.missing(intent, observed, kafka.quorum())
                .map(missing -> observed.node(missing.nodeId())
                                .map(ObservedNode::title)
                                .orElse("controller " + missing.nodeId())
                        + " " + missing.problem());
    }

    /** Only ahead of a restart: what of Kafka's own is not in sync is told as health, and is no step of ours. */
    private static Optional<String> syncProblem(ObservedCluster observed, Reachable kafka) {
        if (observed.nodes().stream().noneMatch(ObservedNode::isOutdated)) {
            return Optional.empty();
        }
        return behind(observed.nodes().stream(), kafka).or(() -> replicaProblem(observed, kafka));
    }

    /** The controller waits for the slowest broker before it lets any shut down, and who is behind tells old facts. */
    static Optional<String> behind(Stream<ObservedNode> nodes, Reachable kafka) {
        var following = Stream.concat(kafka.quorum().voters().stream(), kafka.quorum().observers().stream())
                .filter(CaughtUp::isAlive)
                .map(Replica::nodeId)
                .collect(Collectors.toSet());
        return nodes.filter(node -> node.isBroker() && !following.contains(node.id()))
                .findFirst()
                .map(node -> node.title() + " is behind with the metadata");
    }

    /** What a broker lacks until it is restarted must not keep it from its restart, nor what others lack until it has that again. */
    private static Optional<String> replicaProblem(ObservedCluster observed, Reachable kafka) {
        var waiting = observed.fullDisks().stream()
                .filter(FullDisk::needsRestart)
                .map(disk -> disk.node().id())
                .collect(Collectors.toSet());
        var live = observed.nodes().stream()
                .map(ObservedNode::id)
                .filter(id -> !waiting.contains(id))
                .collect(Collectors.toSet());
        return kafka.topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition -> !isLedByNobodyUntilOneIsBack(partition, waiting))
                        .flatMap(partition -> catchingUp(partition)
                                .filter(live::contains)
                                .map(id -> "broker %d is catching up with %s-%d"
                                        .formatted(id, topic.name(), partition.id()))))
                .findFirst();
    }

    private static boolean isLedByNobodyUntilOneIsBack(Partition partition, Set<Integer> waiting) {
        return partition.leader() < 0 && partition.replicas().stream().anyMatch(waiting::contains);
    }

    private static Stream<Integer> catchingUp(Partition partition) {
        return partition.replicas().stream().filter(id -> !partition.inSync().contains(id));
    }
}
