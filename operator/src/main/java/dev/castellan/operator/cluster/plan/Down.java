package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedKafka.Unreachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.kafka.Quorum.Replica;
import dev.castellan.operator.placement.CaughtUp;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Safe;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Whether a node is down, so that nothing is taken away by its restart. Unknown is not down. */
final class Down {
    /** Longer than any election, or loss of a connection. */
    private static final Duration SILENCE = Duration.ofMinutes(1);

    /** Longer than a controller takes from its start until it follows a leader. */
    private static final Duration JOINING = Duration.ofSeconds(30);

    private Down() {}

    /** By its pod it is broken, not merely starting; and nothing that is served is taken away with it. */
    static boolean isDown(Intent intent, ObservedCluster observed, ObservedNode node) {
        if (!node.isFailing() && !node.isOverdue(observed.now())) {
            return false;
        }
        return switch (observed.kafka()) {
            case Reachable kafka ->
                Gate.of(List.of(node), kafka) instanceof Safe
                        && (!isServing(kafka, node) || mayBeSpared(observed, kafka, node));
            case Unreachable kafka -> isDownUnasked(intent, observed, node, kafka);
        };
    }

    /** Kafka cannot be asked: a process that does not run serves nobody, one that runs may, until all are long silent. */
    private static boolean isDownUnasked(
            Intent intent, ObservedCluster observed, ObservedNode node, Unreachable kafka) {
        // Of a broker it is brokers that count, though it may vote: without one nobody can ask what the controllers
        // know of it.
        boolean nobodyIsReady = observed.nodes().stream()
                .filter(other -> !node.isBroker() || other.isBroker())
                .noneMatch(ObservedNode::isReady);
        boolean isLongSilent = kafka.since()
                .filter(since -> since.plus(SILENCE).isBefore(observed.now()))
                .isPresent();
        if (Gate.losesDisk(node)) {
            return !intent.identity().formed() && nobodyIsReady && node.isFailing();
        }
        return node.isFailing() || (nobodyIsReady && isLongSilent && !isAnyOnTrial(intent, observed));
    }

    /** A node that is just coming up, or that has what the spec wants and fails with it: first see what becomes of it. */
    private static boolean isAnyOnTrial(Intent intent, ObservedCluster observed) {
        boolean canElect = canElect(intent, observed);
        return observed.nodes().stream()
                .filter(other -> !other.isReady() && other.lostHost().isEmpty() && !observed.lacksDisk(other.id()))
                .filter(other -> canElect || !isWaiting(intent, observed, other))
                .anyMatch(other -> other.isFailing() ? isAsWanted(other) : !other.isOverdue(observed.now()));
    }

    private static boolean isAsWanted(ObservedNode node) {
        return !node.isOutdated() && !node.set().isUndeclared();
    }

    /** Nobody is ready before most controllers run, however well all else starts. */
    private static boolean canElect(Intent intent, ObservedCluster observed) {
        var controllers = intent.quorum().all(); // while votes move, they may be with any of them
        long up = controllers.stream()
                .flatMap(controller -> observed.node(controller.nodeId()).stream())
                .filter(node -> node.isReady() || runsAsWanted(node).isPresent())
                .count();
        return up >= CaughtUp.majorityOf(controllers.size());
    }

    /** Had there been a quorum to join, it would have: the next controller may bring one. */
    private static boolean isWaiting(Intent intent, ObservedCluster observed, ObservedNode node) {
        return runsAsWanted(node)
                .filter(since -> since.plus(JOINING).isBefore(observed.now()))
                .isPresent();
    }

    private static Optional<Instant> runsAsWanted(ObservedNode node) {
        return node.runningSince().filter(since -> !node.isOutdated());
    }

    /** What its pod says and what Kafka says of it may differ, as with a probe that fails; then it is not down yet. */
    static boolean isServing(Reachable kafka, ObservedNode node) {
        var quorum = kafka.quorum();
        // A controller without a vote is about to get one, or has just given it up.
        var observers = node.isBroker() ? List.<Replica>of() : quorum.observers();
        return kafka.isInService(node.id())
                || Stream.concat(quorum.voters().stream(), observers.stream())
                        .anyMatch(replica -> replica.nodeId() == node.id() && CaughtUp.isAlive(replica));
    }

    /** It serves, whatever its probes say: then all others are to be well, and where the data lies is to be sure. */
    private static boolean mayBeSpared(ObservedCluster observed, Reachable kafka, ObservedNode node) {
        return othersServe(observed, kafka, node)
                && Witnesses.doubt(observed, kafka).isEmpty();
    }

    /**
     * By both accounts, since Kafka takes its time to miss a node whose pod is gone or new. One without its disk or its host is not
     * waited for: it gets another only while most others are well.
     */
    private static boolean othersServe(ObservedCluster observed, Reachable kafka, ObservedNode node) {
        return observed.nodes().stream()
                .filter(other -> other.id() != node.id())
                .filter(other ->
                        observed.failedDisk(other).isEmpty() && other.lostHost().isEmpty())
                .allMatch(other -> isServing(kafka, other)
                        && !other.isTerminating()
                        && (other.isReady() || other.isOverdue(observed.now())));
    }
}
