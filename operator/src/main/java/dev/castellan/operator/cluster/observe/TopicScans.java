package dev.castellan.operator.cluster.observe;

import static java.util.stream.Collectors.toMap;

import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.Backlog;
import dev.castellan.operator.placement.Cordon;
import dev.castellan.operator.placement.Sizes;
import dev.castellan.operator.placement.Throttle;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last look at all topics of each cluster, and at its configuration. It is what a reconcile costs most: it never takes
 * more than a tenth of the time, and in good health, for which it is kept a while, no more than a fiftieth. A broker that
 * goes or comes ends that: then another look tells more.
 */
final class TopicScans {
    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final Duration UNSETTLED = Duration.ofMillis(400);
    private static final int RARELY = 50;
    private static final int OFTEN = 10;

    private final Clock clock;
    private final Lags lags = new Lags();
    private final Map<String, Scan> scans = new ConcurrentHashMap<>();
    private final Map<String, SortedSet<Integer>> cordoned = new ConcurrentHashMap<>();

    TopicScans(Clock clock) {
        this.clock = clock;
    }

    /** After the topics: what was begun before they were looked at shows in them. */
    private static ObservedMoves moves(KafkaAdmin kafka, List<TopicPartitions> topics) {
        var ongoing = kafka.reassignments();
        var names = topics.stream().map(TopicPartitions::name).toList();
        var configs = kafka.describe(names).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, topic -> topic.getValue().config()));
        return new ObservedMoves(ongoing, configs, Backlog.NONE);
    }

    /**
     * Live: looks now.
     *
     * @param serving brokers that are in service
     * @param asked those of them that are asked what lies on their disks
     * @param threads properties of which brokers are asked what they work with
     * @param moving whether replicas are to be moved; where they were, what is left of that is looked for in any case
     */
    Scan scan(
            String cluster,
            KafkaAdmin kafka,
            boolean live,
            Set<Integer> serving,
            Set<Integer> asked,
            Set<String> threads,
            boolean moving) {
        var last = scans.get(cluster);
        if (!live
                && last != null
                && last.serving().equals(serving)
                && last.asked().containsAll(asked)
                && last.threadKeys().containsAll(threads)
                && clock.instant().isBefore(last.goodUntil())
                && (!moving || last.moves().isPresent())) {
            return last;
        }
        var start = clock.instant();
        var topics = kafka.topics();
        var config = kafka.clusterConfig();
        var moves = moving || Throttle.isRateOurs(config)
                ? Optional.of(moves(kafka, topics))
                : Optional.<ObservedMoves>empty();
        var directories = asked.isEmpty()
                ? Map.<Integer, Map<String, LogDirectory>>of()
                : kafka.logDirectories(asked); // after the topics: what they name and no directory has is not there
        var scan = new Scan(
                start,
                clock.instant(),
                serving,
                asked,
                kafka.clusterId(),
                kafka.metadataVersion(),
                topics,
                config,
                threads,
                threads.isEmpty() ? Map.of() : kafka.brokerConfigs(serving, threads),
                moves.map(found -> lags.of(cluster, found, topics, config, directories, start)),
                directories,
                cordoned.merge(
                        cluster, Cordon.told(Set.of(), directories), (before, now) -> Cordon.told(before, directories)),
                asked.containsAll(serving) ? Sizes.of(directories.values()) : Sizes.UNKNOWN);
        if (live && moves.isPresent()) {
            scans.remove(cluster); // what is done next changes it
        } else {
            scans.put(cluster, scan);
        }
        return scan;
    }

    void forget(String cluster) {
        scans.remove(cluster);
        cordoned.remove(cluster);
        lags.forget(cluster);
    }

    /**
     * @param cordoned brokers that said last that they take nothing new
     * @param sizes of all partitions, and only where all brokers were asked
     */
    record Scan(
            Instant asOf,
            Instant end,
            Set<Integer> serving,
            Set<Integer> asked,
            String clusterId,
            String metadataVersion,
            List<TopicPartitions> topics,
            Map<String, String> config,
            Set<String> threadKeys,
            Map<Integer, Map<String, String>> threads,
            Optional<ObservedMoves> moves,
            Map<Integer, Map<String, LogDirectory>> directories,
            SortedSet<Integer> cordoned,
            Sizes sizes) {
        Instant goodUntil() {
            boolean settled = moves.isEmpty() && Partitions.of(topics).underReplicated() == 0 && areThreadsAsSet();
            var age = settled ? SETTLED : UNSETTLED;
            var cost = Duration.between(asOf, end).multipliedBy(settled ? RARELY : OFTEN);
            return end.plus(cost.compareTo(age) > 0 ? cost : age);
        }

        private boolean areThreadsAsSet() {
            return (threadKeys.isEmpty() || threads.keySet().containsAll(serving))
                    && threads.values().stream()
                            .flatMap(broker -> broker.entrySet().stream())
                            .allMatch(works ->
                                    works.getValue().equals(config.getOrDefault(works.getKey(), works.getValue())));
        }
    }
}
