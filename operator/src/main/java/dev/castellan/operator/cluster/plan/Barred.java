package dev.castellan.operator.cluster.plan;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Cordon;
import dev.castellan.operator.placement.Reassignment.Move;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Moves that Kafka would refuse, or that would not come to their end, and would keep others from their turn meanwhile: the names of
 * their partitions, by the broker that is in the way.
 *
 * @param cordoned by somebody else: it keeps a copy, and Kafka moves nothing of which one is to lie there
 * @param outOfSync it keeps a copy that is not in sync
 */
record Barred(SortedMap<Integer, SortedSet<String>> cordoned, SortedMap<Integer, SortedSet<String>> outOfSync) {
    /** From then on a move ends when the copies that are new are in sync; before, when all are that the partition is to have. */
    private static final String NEW_COPIES_ALONE = "4.3-IV0";

    static Barred of(List<Move> moves, Reachable kafka) {
        var barred = new Barred(new TreeMap<>(), new TreeMap<>());
        var cordoned = kafka.cordonedByOthers();
        if (Cordon.bars(kafka.metadataVersion())) {
            moves.forEach(move -> note(barred.cordoned, move, move.to().stream().filter(cordoned::contains)));
        }
        if (!moves.isEmpty() && KafkaVersions.BY_LEVEL.compare(kafka.metadataVersion(), NEW_COPIES_ALONE) < 0) {
            var inSync = inSync(kafka, moves);
            moves.forEach(move -> note(
                    barred.outOfSync,
                    move,
                    move.to().stream().filter(move.from()::contains).filter(id -> !inSync.get(name(move))
                            .contains(id))));
        }
        return barred;
    }

    private static Map<String, List<Integer>> inSync(Reachable kafka, List<Move> moves) {
        var names = moves.stream().map(Barred::name).collect(Collectors.toSet());
        var inSync = new TreeMap<String, List<Integer>>();
        for (TopicPartitions topic : kafka.topics()) {
            for (Partition partition : topic.partitions()) {
                var name = TopicPartitions.nameOf(topic.name(), partition.id());
                if (names.contains(name)) {
                    inSync.put(name, partition.inSync());
                }
            }
        }
        return inSync;
    }

    private static void note(Map<Integer, SortedSet<String>> barred, Move move, Stream<Integer> brokers) {
        brokers.forEach(
                id -> barred.computeIfAbsent(id, broker -> new TreeSet<>()).add(name(move)));
    }

    private static String name(Move move) {
        return TopicPartitions.nameOf(move.topic(), move.partition());
    }

    boolean contains(Move move) {
        return isCordoned(move) || contains(outOfSync, move);
    }

    boolean isCordoned(Move move) {
        return contains(cordoned, move);
    }

    private static boolean contains(Map<Integer, SortedSet<String>> barred, Move move) {
        return barred.values().stream().anyMatch(names -> names.contains(name(move)));
    }

    boolean isEmpty() {
        return cordoned.isEmpty() && outOfSync.isEmpty();
    }

    /** How many they are, and what would help. */
    String words() {
        var partitions = Stream.of(cordoned, outOfSync)
                .flatMap(barred -> barred.values().stream())
                .flatMap(Set::stream)
                .collect(Collectors.toCollection(TreeSet::new));
        var causes = Stream.of(
                        cordoned.isEmpty() ? "" : cordon(cordoned.keySet()),
                        outOfSync.isEmpty()
                                ? ""
                                : "copies that stay on %s are not in sync, and until they are Kafka ends no move"
                                        .formatted(Relocation.names(outOfSync.keySet())))
                .filter(cause -> !cause.isEmpty())
                .collect(Collectors.joining("; "));
        return "%d cannot be moved (%s): %s".formatted(partitions.size(), Relocation.some(partitions), causes);
    }

    /** The cure is its owner's to apply: nobody else knows what the cordon is for. */
    static String cordon(Collection<Integer> brokers) {
        boolean isOne = brokers.size() == 1;
        return "somebody else has cordoned %s, and Kafka moves nothing of which a copy is to lie there: delete cordoned.log.dirs of %s to go on"
                .formatted(Relocation.names(brokers), isOne ? "it" : "them");
    }
}
