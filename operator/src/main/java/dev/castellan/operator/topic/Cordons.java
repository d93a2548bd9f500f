package dev.castellan.operator.topic;

import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kafka.TopicAdmin;
import dev.castellan.operator.placement.Cordon;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which brokers take no new replicas since somebody else wants it so: only the brokers tell, with all that they hold, so they are
 * asked where replicas are to be added, and seldom.
 */
final class Cordons {
    private static final Logger LOG = LoggerFactory.getLogger(Cordons.class);
    private static final Duration AGAIN = Duration.ofMinutes(1);

    private final Supplier<TopicAdmin> kafka;
    private final Clock clock;
    private Instant asked = Instant.MIN;
    private Set<Integer> cordoned = Set.of();

    Cordons(Supplier<TopicAdmin> kafka, Clock clock) {
        this.kafka = kafka;
        this.clock = clock;
    }

    Set<Integer> ofOthers(Collection<Integer> serving, Map<String, String> clusterConfig) {
        if (!asked.isAfter(clock.instant().minus(AGAIN))) {
            asked = clock.instant();
            ask(serving);
        }
        return Cordon.ofOthers(cordoned, clusterConfig);
    }

    private void ask(Collection<Integer> brokers) {
        try {
            cordoned = Cordon.told(cordoned, kafka.get().logDirectories(brokers));
        } catch (KafkaUnavailable | KafkaRejected e) {
            LOG.debug("Which of brokers {} are cordoned is asked later: {}", brokers, e.getMessage());
        }
    }
}
