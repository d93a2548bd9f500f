package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Healing;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.LostHost;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.ReplaceNode;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.placement.DisruptionGate.Verdict.Unsafe;
import dev.castellan.operator.placement.SoleCopies;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/**
 * A node whose host is gone with its disk is made again elsewhere, when it has been down for so long that the host is unlikely
 * to come back, and everything that lies there has a copy in sync elsewhere.
 */
final class HealRules {
    private static final Duration RECHECK = Duration.ofSeconds(5);
    private static final int NAMED = 20;

    private HealRules() {}

    static Optional<ReplaceNode> replaceLost(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node -> node.lostHost().isPresent()
                        && obstacle(intent, observed, node).isEmpty())
                .findFirst()
                .map(node -> replace(node, node.lostHost().orElseThrow()));
    }

    private static ReplaceNode replace(ObservedNode node, LostHost host) {
        return new ReplaceNode(
                node.id(),
                node.podName(),
                host.claims(),
                "%s was on %s: it is made again elsewhere, and its peers fill its disk"
                        .formatted(node.title(), host.words()));
    }

    /** What the first of them waits for. */
    static Optional<Step> tell(Intent intent, ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node -> node.lostHost().isPresent())
                .flatMap(node -> obstacle(intent, observed, node).stream())
                .findFirst();
    }

    private static Optional<Step> obstacle(Intent intent, ObservedCluster observed, ObservedNode node) {
        if (intent.healing().isEmpty()) {
            return waiting(node, "it is not made again elsewhere before the spec can be followed");
        }
        return obstacle(intent.healing().get(), observed, node, node.lostHost().orElseThrow());
    }

    private static Optional<Step> obstacle(
            Healing healing, ObservedCluster observed, ObservedNode node, LostHost host) {
        var replacedAt = host.since().plus(healing.grace()).truncatedTo(ChronoUnit.SECONDS);
        if (!healing.replaces()) {
            return waiting(node, "spec.healing.replaceLostVolumes is false: it waits for it to come back");
        }
        if (replacedAt.isAfter(observed.now())) {
            return waiting(node, "it is made again elsewhere at " + replacedAt + ", unless it is back before");
        }
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return waiting(node, "whether its data lies elsewhere is not known, since Kafka does not answer");
        }
        if (Outage.is(observed, kafka, node)) {
            return waiting(node, "but so many brokers are down that this is an outage: nothing is given up");
        }
        if (Down.isServing(kafka, node)) {
            return waiting(node, "but Kafka still hears of it");
        }
        return behind(observed, kafka, node)
                .flatMap(problem -> waiting(node, "what lies elsewhere is not sure: " + problem))
                .or(() -> dataObstacle(healing, node, host, kafka));
    }

    /** Any that serves may be the one that is asked where the data lies, and who is behind names copies that are none any more. */
    static Optional<String> behind(ObservedCluster observed, Reachable kafka, ObservedNode besides) {
        return StabilityRules.behind(
                observed.nodes().stream().filter(node -> node.isReady() && node.id() != besides.id()), kafka);
    }

    private static Optional<Step> dataObstacle(Healing healing, ObservedNode node, LostHost host, Reachable kafka) {
        var sole = SoleCopies.on(node.id(), kafka.topics());
        boolean isGivenUp = healing.givenUp().contains(host.name());
        if (!sole.isEmpty() && !isGivenUp) {
            return Optional.of(onlyThere(node, host, sole));
        }
        var topics = isGivenUp ? SoleCopies.without(node.id(), kafka.topics()) : kafka.topics();
        return Gate.ofReplacing(node, kafka, topics) instanceof Unsafe(String problem)
                ? waiting(node, "it cannot be made again elsewhere now: " + problem)
                : Optional.empty();
    }

    private static Stall onlyThere(ObservedNode node, LostHost host, List<String> partitions) {
        return new Stall(
                StallReason.DataOnLostHost,
                "%s was on %s, where the only copy of %s may be: bring it back, or give that data up by adding %s to"
                                .formatted(node.title(), host.words(), named(partitions), host.name())
                        + " spec.healing.acceptDataLossOn");
    }

    /** So many that a user can tell what it is about. */
    static String named(List<String> partitions) {
        var named = String.join(", ", partitions.subList(0, Math.min(NAMED, partitions.size())));
        return partitions.size() > NAMED ? named + " and " + (partitions.size() - NAMED) + " more" : named;
    }

    private static Optional<Step> waiting(ObservedNode node, String what) {
        return Optional.of(new Wait(
                node.title() + " was on " + node.lostHost().orElseThrow().words() + "; " + what, RECHECK));
    }
}
