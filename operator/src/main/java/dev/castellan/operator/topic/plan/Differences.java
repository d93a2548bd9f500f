package dev.castellan.operator.topic.plan;

import static java.util.Comparator.comparing;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.TopicStep.Difference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What of a topic is not as declared. */
public final class Differences {
    private static final int TOLD = 5;
    private static final int LONGEST = 200;

    private Differences() {}

    static List<Difference> of(TopicSpec spec, Present present) {
        var differences = new ArrayList<Difference>();
        spec.partitions()
                .filter(declared -> declared != present.partitions())
                .ifPresent(declared ->
                        differences.add(new Difference("partitions", "" + declared, "" + present.partitions())));
        ofReplicas(spec, present).stream()
                .findFirst()
                .ifPresent(partition -> differences.add(new Difference(
                        "replicationFactor",
                        "" + spec.replicationFactor().orElseThrow(),
                        "" + partition.replicas().size())));
        differences.addAll(ofConfig(spec, present));
        return List.copyOf(differences);
    }

    /** Declared properties that have another value, or none. */
    public static List<Difference> ofConfig(TopicSpec spec, Present present) {
        var live = present.details().config();
        return spec.config().entrySet().stream()
                .filter(declared -> !declared.getValue().equals(live.get(declared.getKey())))
                .map(declared -> new Difference(declared.getKey(), declared.getValue(), live.get(declared.getKey())))
                .toList();
    }

    /** Properties that others have set, and that are not declared. Throttles belong to whoever copies replicas. */
    static List<Difference> undeclared(TopicSpec spec, TopicFacts facts, Present present) {
        var managed = facts.managed(present);
        return present.details().config().entrySet().stream()
                .filter(live -> !spec.config().containsKey(live.getKey()))
                .filter(live -> !managed.contains(live.getKey()) && !Throttle.isKeyOfTopics(live.getKey()))
                .map(live -> new Difference(live.getKey(), null, live.getValue()))
                .sorted(comparing(Difference::key))
                .toList();
    }

    /** The topic has had all that is declared: what differs since is others' doing, and is to stay. */
    static boolean areLeft(TopicSpec spec, TopicFacts facts, Present present) {
        return spec.reports() && facts.configHash(present).equals(Optional.of(spec.configHash()));
    }

    /** What others have changed, and stays so. */
    public static List<Difference> left(TopicSpec spec, TopicFacts facts, Present present) {
        var declared = areLeft(spec, facts, present) ? ofConfig(spec, present) : List.<Difference>of();
        return Stream.concat(declared.stream(), undeclared(spec, facts, present).stream())
                .toList();
    }

    /** Which of a change undoes what others did, as far as that can be told from what the cluster's owner changed. */
    public static List<Difference> undone(TopicSpec spec, TopicFacts facts, ConfigChange change) {
        if (!facts.synced() || !(facts.kafka() instanceof Present present)) {
            return List.of();
        }
        var defaults = spec.terms().config();
        return Stream.concat(
                        ofConfig(spec, present).stream()
                                .filter(difference -> change.set().containsKey(difference.key()))
                                .filter(difference -> !difference.declared().equals(defaults.get(difference.key()))),
                        undeclared(spec, facts, present).stream()
                                .filter(difference -> change.unset().contains(difference.key())))
                .toList();
    }

    /** In a line, the first five. */
    public static String text(Collection<Difference> differences) {
        var first = differences.stream().limit(TOLD).map(Differences::text).collect(Collectors.joining("; "));
        return differences.size() > TOLD ? first + "; and " + (differences.size() - TOLD) + " more" : first;
    }

    private static String text(Difference difference) {
        return difference.key() + " is " + (difference.observed() == null ? "not set" : cut(difference.observed()))
                + (difference.declared() == null ? ", and not declared" : " instead of " + cut(difference.declared()));
    }

    /** Some values are lists without end. */
    public static String cut(String value) {
        return value.length() <= LONGEST ? value : value.substring(0, LONGEST - 1) + "…";
    }

    /** Partitions that have more or fewer replicas than declared. */
    static List<Partition> ofReplicas(TopicSpec spec, Present present) {
        return present.details().topic().partitions().stream()
                .filter(partition -> spec.replicationFactor()
                        .filter(declared -> declared != partition.replicas().size())
                        .isPresent())
                .toList();
    }

    /** How far a change of the replication factor has come; empty when there is nothing left to do. */
    public static Optional<Integer> partitionsLeft(TopicSpec spec, Present present) {
        return Optional.of(ofReplicas(spec, present).size()).filter(left -> left > 0);
    }

    /** The lowest, where partitions differ. */
    public static int replicationFactor(Present present) {
        return present.details().topic().partitions().stream()
                .map(Partition::replicas)
                .min(comparing(List::size))
                .map(List::size)
                .orElse(0);
    }
}
