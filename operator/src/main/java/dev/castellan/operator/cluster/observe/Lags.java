package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.Backlog;
import dev.castellan.operator.placement.Lag;
import dev.castellan.operator.placement.Throttle;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether each cluster's copies gain on what is produced, by what is looked at while replicas move in any case. In memory
 * only: an operator that comes back measures anew.
 */
final class Lags {
    private final Map<String, Backlog> backlogs = new ConcurrentHashMap<>();

    ObservedMoves of(
            String cluster,
            ObservedMoves moves,
            Collection<TopicPartitions> topics,
            Map<String, String> config,
            Map<Integer, Map<String, LogDirectory>> directories,
            Instant now) {
        var ours = moves.ours();
        var rate = Throttle.rateOfOurs(config);
        if (ours.isEmpty() || rate.isEmpty()) {
            backlogs.remove(cluster);
            return moves;
        }
        var lag = Lag.of(now, ours, topics, directories);
        return moves.with(backlogs.merge(
                cluster, Backlog.NONE.with(rate.get(), lag), (known, first) -> known.with(rate.get(), lag)));
    }

    void forget(String cluster) {
        backlogs.remove(cluster);
    }
}
