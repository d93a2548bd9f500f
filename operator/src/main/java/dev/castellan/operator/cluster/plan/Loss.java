package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.DisruptionGate.Verdict;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Unsafe;
import dev.castellan.operator.placement.SoleCopies;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * What may have to be given up, a disk or a host with its disks, and what is asked of either before.
 *
 * @param node whose data lay there
 * @param uids by which the user gives it up: of volume claims, or of a pod; never a name, which what comes later may bear again
 * @param since when it has been seen lost
 * @param onlyCopy why nothing goes on where no other copy is left
 * @param words such as {@code broker 1 was on Kubernetes node a, which is gone}
 * @param remedy what becomes of it: it is ...
 */
record Loss(ObservedNode node, List<String> uids, Instant since, StallReason onlyCopy, String words, String remedy) {
    private static final Duration RECHECK = Duration.ofSeconds(5);
    private static final int NAMED = 20;

    /** Until the user, time, Kafka and the other brokers let anything be given up at all. */
    Optional<Step> obstacle(Intent intent, ObservedCluster observed) {
        if (intent.healing().isEmpty()) {
            return waiting("it is not %s before the spec can be followed".formatted(remedy));
        }
        var healing = intent.healing().get();
        if (!healing.replaces()) {
            return waiting("spec.healing.replaceLostVolumes is false: it is left to you");
        }
        var ends = since.plus(healing.grace()).truncatedTo(ChronoUnit.SECONDS);
        if (ends.isAfter(observed.now())) {
            return waiting("it is %s at %s, unless it is back before".formatted(remedy, ends));
        }
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return waiting("whether its data lies elsewhere is not known, since Kafka does not answer");
        }
        if (Outage.is(observed, kafka, node)) {
            return waiting("but so many brokers are affected that this is an outage: nothing is given up");
        }
        return Witnesses.doubt(observed, kafka, node)
                .flatMap(doubt -> waiting("what lies elsewhere is not sure: " + doubt));
    }

    /**
     * Unless all that lay there has a copy in sync elsewhere, or the user has given it up.
     *
     * @param there what lay there, as far as anybody can tell
     * @param gate whether that may be done without, now
     */
    Optional<Step> dataObstacle(
            Intent intent, List<TopicPartitions> there, Function<List<TopicPartitions>, Verdict> gate) {
        var sole = SoleCopies.on(node.id(), there);
        boolean isGivenUp =
                !uids.isEmpty() && intent.healing().orElseThrow().givenUp().containsAll(uids);
        if (!sole.isEmpty() && !isGivenUp) {
            return Optional.of(new Stall(
                    onlyCopy,
                    "%s, and the only copy of %s may be there: bring it back, or give that data up by adding %s to spec.healing.acceptDataLossOn"
                            .formatted(words, named(sole), String.join(", ", uids))));
        }
        return gate.apply(isGivenUp ? SoleCopies.without(node.id(), there) : there) instanceof Unsafe(String problem)
                ? waiting("it cannot be %s now: %s".formatted(remedy, problem))
                : Optional.empty();
    }

    Optional<Step> waiting(String what) {
        return Optional.of(new Wait(words + "; " + what, RECHECK));
    }

    /** So many that a user can tell what it is about. */
    static String named(List<String> partitions) {
        return Relocation.some(partitions, NAMED);
    }
}
