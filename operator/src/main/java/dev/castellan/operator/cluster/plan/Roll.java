package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.kafka.Quorum.Replica;
import dev.castellan.operator.placement.RollBatches;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What of a roll is still to come, in order, derived anew each time from pods and replicas: dedicated controllers one by
 * one, then brokers in batches; who leads the quorum last of its kind.
 *
 * @param rounds each with nodes that are to be restarted together
 * @param remarks what the user should know about them
 */
public record Roll(List<Round> rounds, List<String> remarks) {
    private static final int NAMED = 3;

    /** @param title as round 2 of 3; what it is called stays the same while the roll goes on */
    public record Round(String title, List<ObservedNode> nodes) {
        /** Of a pool of which no broker runs well yet as the spec wants it. */
        Optional<ObservedNode> unproven(ObservedCluster observed) {
            var proven = proven(observed);
            return nodes.stream()
                    .filter(node ->
                            node.isBroker() && !proven.contains(node.set().pool()))
                    .findFirst();
        }

        Round ofThese(List<ObservedNode> some) {
            return new Round(title, some);
        }
    }

    static Round trial(ObservedNode node) {
        return new Round("trial", List.of(node));
    }

    public static Roll of(Intent intent, ObservedCluster observed, Reachable kafka) {
        var outdated = Outdated.nodes(observed);
        if (outdated.isEmpty()) {
            return new Roll(List.of(), List.of());
        }
        var rounds = new ArrayList<>(controllers(outdated, observed, kafka));
        if (outdated.stream().noneMatch(ObservedNode::isBroker)) {
            return new Roll(rounds, List.of());
        }
        var batches = batches(intent, observed, kafka, outdated);
        rounds.addAll(onTrial(observed, brokers(batches, outdated, observed, kafka)));
        return new Roll(rounds, remarks(batches, observed));
    }

    /** One at a time, so that the quorum can lose another meanwhile. */
    private static List<Round> controllers(List<ObservedNode> outdated, ObservedCluster observed, Reachable kafka) {
        long all = observed.nodes().stream()
                .filter(Predicate.not(ObservedNode::isBroker))
                .count();
        var left = outdated.stream()
                .filter(Predicate.not(ObservedNode::isBroker))
                .sorted(Comparator.comparing((ObservedNode node) -> leads(kafka, node))
                        .thenComparing(ObservedNode::id))
                .toList();
        var rounds = new ArrayList<Round>();
        for (var node : left) {
            long number = all - left.size() + rounds.size() + 1;
            rounds.add(new Round("controller %d of %d".formatted(number, all), List.of(node)));
        }
        return rounds;
    }

    private static boolean leads(Reachable kafka, ObservedNode node) {
        return kafka.quorum().leaderId() == node.id();
    }

    private static RollBatches batches(
            Intent intent, ObservedCluster observed, Reachable kafka, List<ObservedNode> outdated) {
        var pools = outdated.stream().map(node -> node.set().pool()).collect(Collectors.toSet());
        var brokers = observed.nodes().stream().filter(ObservedNode::isBroker).toList();
        var zones = new TreeMap<Integer, String>();
        brokers.forEach(node -> zones.put(node.id(), node.set().zone().orElse("")));
        var concerned = brokers.stream()
                .filter(node -> pools.contains(node.set().pool()))
                .map(ObservedNode::id)
                .collect(Collectors.toSet());
        var voters = kafka.quorum().voters().stream().map(Replica::nodeId).collect(Collectors.toSet());
        return RollBatches.of(zones, concerned, voters, intent.rollout().mostUnavailable(), kafka.topics());
    }

    private static List<Round> brokers(
            RollBatches batches, List<ObservedNode> outdated, ObservedCluster observed, Reachable kafka) {
        var left = batches.batches().stream()
                .map(batch -> outdated.stream()
                        .filter(node -> node.isBroker() && batch.contains(node.id()))
                        .sorted(Comparator.comparingInt(ObservedNode::id))
                        .toList())
                .filter(Predicate.not(List::isEmpty))
                .sorted(Comparator.comparing(nodes -> nodes.stream().anyMatch(node -> leads(kafka, node))))
                .toList();
        int all = batches.batches().size();
        var rounds = new ArrayList<Round>();
        for (var nodes : left) {
            int number = all - left.size() + rounds.size() + 1;
            rounds.add(new Round("round %d of %d".formatted(number, all), nodes));
        }
        return rounds;
    }

    /** The first broker of a pool goes alone: what it does not survive, no other is given. */
    private static List<Round> onTrial(ObservedCluster observed, List<Round> rounds) {
        if (rounds.isEmpty() || rounds.getFirst().nodes().size() == 1) {
            return rounds;
        }
        var first = rounds.getFirst();
        var trial = first.unproven(observed);
        if (trial.isEmpty()) {
            return rounds;
        }
        var rest = first.nodes().stream().filter(node -> node != trial.get()).toList();
        return Stream.concat(
                        Stream.of(trial(trial.get()), first.ofThese(rest)),
                        rounds.stream().skip(1))
                .toList();
    }

    /** Pools of which a broker is as the spec wants it; that it is well too is a condition of every roll. */
    private static Set<String> proven(ObservedCluster observed) {
        return observed.nodes().stream()
                .filter(node ->
                        node.isBroker() && !node.isOutdated() && !node.set().isUndeclared())
                .map(node -> node.set().pool())
                .collect(Collectors.toSet());
    }

    private static List<String> remarks(RollBatches batches, ObservedCluster observed) {
        if (batches.strays().isEmpty()) {
            return List.of();
        }
        long zones = observed.nodes().stream()
                .filter(ObservedNode::isBroker)
                .map(node -> node.set().zone())
                .distinct()
                .count();
        var named = batches.strays().stream().limit(NAMED).map(Object::toString).collect(Collectors.joining(", "));
        int more = batches.strays().size() - NAMED;
        return List.of("%d rounds instead of %d, since replicas lie in one zone: %s%s"
                .formatted(batches.batches().size(), zones, named, more > 0 ? " and " + more + " more" : ""));
    }

    /** The rounds that come after the step, in words. */
    public List<String> after(Step step) {
        var now = step instanceof Step.RestartNodes restart
                ? restart.nodes().stream()
                        .map(Step.RestartNodes.Restart::nodeId)
                        .collect(Collectors.toSet())
                : Set.<Integer>of();
        var lines = rounds.stream()
                .map(round -> round.ofThese(round.nodes().stream()
                        .filter(node -> !now.contains(node.id()))
                        .toList()))
                .filter(round -> !round.nodes().isEmpty())
                .map(round -> round.title() + ": restart " + names(round.nodes()));
        return Stream.concat(lines, remarks.stream()).toList();
    }

    /** broker 2 (events-brokers-2), or brokers 1, 2. */
    static String names(List<ObservedNode> nodes) {
        return nodes.size() == 1
                ? nodes.getFirst().title()
                : nodes.stream()
                        .map(node -> String.valueOf(node.id()))
                        .collect(Collectors.joining(", ", "brokers ", ""));
    }
}
