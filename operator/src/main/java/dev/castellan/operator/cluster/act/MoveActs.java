package dev.castellan.operator.cluster.act;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toMap;

import dev.castellan.operator.cluster.plan.Step.MoveReplicas;
import dev.castellan.operator.cluster.plan.Step.RaiseThrottle;
import dev.castellan.operator.cluster.plan.Step.SetThrottle;
import dev.castellan.operator.cluster.plan.Step.TakeBackMoves;
import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.placement.Reassignment.Move;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps that move replicas. Whatever of them does not succeed is seen, and done again, by the next look. */
final class MoveActs {
    private static final Logger LOG = LoggerFactory.getLogger(MoveActs.class);

    private final KafkaAdmin kafka;

    MoveActs(KafkaAdmin kafka) {
        this.kafka = kafka;
    }

    /** The rate, then what bears our sign, then the copies: none is ever under way that is neither slow nor known. */
    int move(MoveReplicas step) {
        step.rate().ifPresent(kafka::alterClusterConfig);
        var marked = doneOrTold(kafka.alterConfigs(step.marks()));
        var wanted = step.moves().stream()
                .filter(move -> marked.contains(move.topic()))
                .collect(groupingBy(Move::topic, toMap(Move::partition, Move::to)));
        return wanted.isEmpty() ? 0 : doneOrTold(kafka.move(wanted)).size();
    }

    /** At least one: where nothing can be begun, whoever asks is told why. */
    private static Set<String> doneOrTold(Map<String, Outcome> outcomes) {
        var done = done(outcomes);
        if (done.isEmpty()) {
            first(Outcome.Retry.class, outcomes).ifPresent(retry -> {
                throw new KafkaUnavailable(retry.reason(), null);
            });
        }
        return done;
    }

    int takeBack(TakeBackMoves step) {
        Map<String, Map<Integer, List<Integer>>> before = step.partitions().entrySet().stream()
                .collect(toMap(Map.Entry::getKey, topic -> topic.getValue().stream()
                        .collect(toMap(partition -> partition, partition -> List.<Integer>of()))));
        return done(kafka.reassign(before)).size();
    }

    int throttle(SetThrottle step) {
        step.rate().ifPresent(kafka::alterClusterConfig);
        int topics = step.topics().isEmpty()
                ? 0
                : done(kafka.alterConfigs(step.topics())).size();
        return topics + (step.rate().isPresent() ? 1 : 0);
    }

    int raise(RaiseThrottle step) {
        kafka.alterClusterConfig(step.rate());
        return 1;
    }

    /** The topics for which that was done; one that is not waits for the next look. */
    static Set<String> done(Map<String, Outcome> outcomes) {
        var done = outcomes.entrySet().stream()
                .filter(outcome -> outcome.getValue() instanceof Outcome.Done)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
        outcomes.forEach((topic, outcome) -> {
            if (!done.contains(topic)) {
                LOG.info("Topic {}: {}", topic, outcome);
            }
        });
        if (done.isEmpty()) {
            first(Outcome.Rejected.class, outcomes).ifPresent(rejected -> {
                throw new KafkaRejected(rejected.message(), null);
            });
        }
        return done;
    }

    private static <T extends Outcome> Optional<T> first(Class<T> kind, Map<String, Outcome> outcomes) {
        return outcomes.values().stream()
                .filter(kind::isInstance)
                .map(kind::cast)
                .findFirst();
    }
}
