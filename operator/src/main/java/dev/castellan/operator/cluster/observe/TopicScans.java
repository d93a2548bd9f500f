package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.TopicPartitions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The last look at all topics of each cluster, and at its configuration. It is what a reconcile costs most, so in good
 * health it is kept for a while, and never takes more than a tenth of the time.
 */
final class TopicScans {
    private static final Duration SETTLED = Duration.ofSeconds(30);
    private static final Duration UNSETTLED = Duration.ofSeconds(1);

    private final Clock clock;
    private final Map<String, Scan> scans = new ConcurrentHashMap<>();

    TopicScans(Clock clock) {
        this.clock = clock;
    }

    /** Live: looks now. */
    Scan scan(String cluster, KafkaAdmin kafka, boolean live) {
        var last = scans.get(cluster);
        if (!live && last != null && clock.instant().isBefore(last.goodUntil())) {
            return last;
        }
        var start = clock.instant();
        var topics = kafka.topics();
        var scan = new Scan(
                start, clock.instant(), kafka.clusterId(), kafka.metadataVersion(), topics, kafka.clusterConfig());
        scans.put(cluster, scan);
        return scan;
    }

    void forget(String cluster) {
        scans.remove(cluster);
    }

    record Scan(
            Instant asOf,
            Instant end,
            String clusterId,
            String metadataVersion,
            List<TopicPartitions> topics,
            Map<String, String> config) {
        Instant goodUntil() {
            var cost = Duration.between(asOf, end).multipliedBy(10);
            var age = Partitions.of(topics).underReplicated() == 0 ? SETTLED : UNSETTLED;
            return end.plus(cost.compareTo(age) > 0 ? cost : age);
        }
    }
}
