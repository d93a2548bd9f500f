package dev.castellan.operator.topic;

import static java.util.stream.Collectors.toMap;

import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kafka.TopicAdmin;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.Pace;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes throttles of ours away that slow nothing down any more, whatever has become of the KafkaTopics that they were for;
 * the cluster's rate last. Where no such rate is there, which is looked for once, and none was set by us, there is nothing to be swept.
 */
final class ThrottleSweep {
    private static final Logger LOG = LoggerFactory.getLogger(ThrottleSweep.class);
    private static final Duration EVERY = Duration.ofMinutes(2);

    /** Brokers have heard of a throttle that was set. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    private final Supplier<TopicAdmin> kafka;
    private final Clock clock;
    private final Set<TopicRef> waiting = new HashSet<>();
    private boolean due = true;

    /** Even if the rate has gone: somebody else may have taken it away. */
    private boolean expected;

    private Instant settled;
    private Instant next;

    ThrottleSweep(Supplier<TopicAdmin> kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
        // Whoever was at work before us may have set one a moment ago.
        settled = clock.instant().plus(SETTLED);
        next = settled;
    }

    /** A throttle is about to be set. */
    void expect() {
        due = true;
        expected = true;
        settled = clock.instant().plus(SETTLED);
        next = clock.instant().plus(EVERY);
    }

    /** These have come to their end, perhaps the last: not before brokers tell of every throttle that was set. */
    void soon(Collection<TopicRef> topics) {
        waiting.addAll(topics);
        next = settled;
    }

    /** Whom to wake for what is left to be swept, and when: the topics that came to their end last. */
    Map<TopicRef, Duration> run(Pace pace) {
        var now = clock.instant();
        if (due && !now.isBefore(next)) {
            sweep(pace);
        }
        if (!due || next.isAfter(now.plus(SETTLED))) {
            waiting.clear();
        }
        return waiting.stream().collect(toMap(topic -> topic, topic -> Duration.between(now, next)));
    }

    private void sweep(Pace pace) {
        try {
            next = clock.instant().plus(EVERY);
            due = !isClean(kafka.get(), pace);
            expected &= due;
        } catch (KafkaUnavailable | KafkaRejected e) {
            next = clock.instant().plus(SETTLED);
            LOG.debug("Throttles are looked for later: {}", e.getMessage());
        }
    }

    private boolean isClean(TopicAdmin admin, Pace pace) {
        var clusterConfig = admin.clusterConfig();
        if (!expected && !Throttle.isRateOurs(clusterConfig)) {
            return true;
        }
        var ongoing = admin.reassignments();
        var names = admin.topics().stream().map(TopicPartitions::name).toList();
        var topics = admin.describe(names);
        var marked = topics.entrySet().stream()
                .filter(topic -> Throttle.isSigned(Sign.TOPIC, topic.getValue().config()))
                .collect(toMap(Map.Entry::getKey, topic -> topic.getValue().config()));
        var idle = marked.entrySet().stream()
                .filter(topic -> ongoing.stream()
                        .filter(move -> move.topic().equals(topic.getKey()))
                        .noneMatch(move -> Throttle.isOurs(Sign.TOPIC, move, topic.getValue())))
                .collect(toMap(Map.Entry::getKey, topic -> Throttle.none(Sign.TOPIC, topic.getValue())));
        var done =
                idle.isEmpty() || admin.alterConfigs(idle).values().stream().allMatch(Outcome.Done.class::isInstance);
        if (done && idle.size() == marked.size()) {
            // Where the cluster moves replicas too, it is the cluster that is done last.
            if (Throttle.isRateOurs(clusterConfig)
                    && topics.values().stream().noneMatch(topic -> Throttle.isSigned(Sign.CLUSTER, topic.config()))) {
                admin.alterClusterConfig(Throttle.noRate(clusterConfig));
            }
            return true;
        }
        var rate = Throttle.rate(pace, clusterConfig);
        if (!Throttle.isRate(rate, clusterConfig) && !Throttle.isRateOfOthers(clusterConfig)) {
            admin.alterClusterConfig(Throttle.rate(rate));
        }
        return false;
    }
}
