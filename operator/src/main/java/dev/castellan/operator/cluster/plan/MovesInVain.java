package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.observe.AskedInVain;
import dev.castellan.operator.cluster.observe.AskedInVain.Request.Moves;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.Reassignment.Move;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Moves that Kafka has not begun lately: they are not asked for again at once, and then come after all others, who never had their
 * turn if as many as may be under way at a time were refused each time.
 *
 * @param asked by partition, when it was asked for last
 */
record MovesInVain(Instant now, Map<String, AskedInVain> asked) {

    static MovesInVain of(ObservedCluster observed) {
        var last = new HashMap<String, AskedInVain>();
        for (AskedInVain asked : observed.lately()) {
            if (asked.request() instanceof Moves moves) {
                moves.moves().forEach(move -> last.merge(name(move), asked, MovesInVain::later));
            }
        }
        return new MovesInVain(observed.now(), last);
    }

    /** Those that may be asked for now; as they were, and behind them what was refused, for the longest time first. */
    List<Move> inTurn(List<Move> moves) {
        return asked.isEmpty()
                ? moves
                : moves.stream()
                        .filter(move -> !refusedUntil(move).isAfter(now))
                        .sorted(Comparator.comparing(this::refusedUntil))
                        .toList();
    }

    /**
     * Of these all that were asked for in vain, whether their time has come again or not: they take turns, of which nobody needs to
     * read.
     */
    Optional<Refused> those(List<Move> moves) {
        var names = moves.stream()
                .map(MovesInVain::name)
                .filter(asked::containsKey)
                .collect(Collectors.toCollection(TreeSet::new));
        return names.isEmpty() ? Optional.empty() : Optional.of(new Refused(names, asked.get(names.first())));
    }

    /** @param asked when the first of them was */
    record Refused(SortedSet<String> names, AskedInVain asked) {}

    private Instant refusedUntil(Move move) {
        var last = asked.get(name(move));
        return last == null ? Instant.MIN : last.again();
    }

    private static String name(Move move) {
        return TopicPartitions.nameOf(move.topic(), move.partition());
    }

    private static AskedInVain later(AskedInVain one, AskedInVain other) {
        return one.again().isAfter(other.again()) ? one : other;
    }
}
