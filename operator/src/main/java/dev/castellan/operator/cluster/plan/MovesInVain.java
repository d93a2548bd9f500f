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

/**
 * Moves that Kafka has not begun lately: they are not asked for again at once, and then come after all others, who never had their
 * turn if as many as may be under way at a time were refused each time.
 *
 * @param again by partition, from when on it is asked for again
 */
record MovesInVain(Instant now, Map<String, Instant> again) {

    static MovesInVain of(ObservedCluster observed) {
        var again = new HashMap<String, Instant>();
        for (AskedInVain asked : observed.lately()) {
            if (asked.request() instanceof Moves moves) {
                moves.moves().forEach(move -> again.merge(name(move), asked.again(), MovesInVain::later));
            }
        }
        return new MovesInVain(observed.now(), again);
    }

    /** Those that may be asked for now; as they were, and behind them what was refused, for the longest time first. */
    List<Move> inTurn(List<Move> moves) {
        return again.isEmpty()
                ? moves
                : moves.stream()
                        .filter(move -> !refusedUntil(move).isAfter(now))
                        .sorted(Comparator.comparing(this::refusedUntil))
                        .toList();
    }

    private Instant refusedUntil(Move move) {
        return again.getOrDefault(name(move), Instant.MIN);
    }

    private static String name(Move move) {
        return TopicPartitions.nameOf(move.topic(), move.partition());
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
