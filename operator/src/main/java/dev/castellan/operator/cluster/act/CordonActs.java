package dev.castellan.operator.cluster.act;

import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.placement.Cordon;
import java.util.Collection;
import java.util.Set;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps that cordon brokers. What of them does not succeed holds up nothing: it is seen, and done again, by a later look. */
final class CordonActs {
    private static final Logger LOG = LoggerFactory.getLogger(CordonActs.class);

    private final KafkaAdmin kafka;

    CordonActs(KafkaAdmin kafka) {
        this.kafka = kafka;
    }

    /** The record comes first: no cordon of ours is ever taken for somebody else's. */
    int cordon(Collection<Integer> brokers) {
        return trying(() -> {
            kafka.alterClusterConfig(Cordon.record(brokers));
            return 1 + change(brokers, Cordon.set()).size();
        });
    }

    int lift(Collection<Integer> brokers) {
        return trying(() -> {
            var open = brokers.isEmpty() ? Set.<Integer>of() : change(brokers, Cordon.none());
            if (open.isEmpty()) {
                return 0;
            }
            kafka.alterClusterConfig(Cordon.noRecord(open));
            return 1 + open.size();
        });
    }

    private Set<Integer> change(Collection<Integer> brokers, ConfigChange change) {
        var outcomes = kafka.alterBrokerConfigs(brokers.stream().collect(Collectors.toMap(id -> id, id -> change)));
        outcomes.forEach((broker, outcome) -> {
            if (!(outcome instanceof Outcome.Done)) {
                LOG.info("Broker {}: {}", broker, outcome);
            }
        });
        return outcomes.entrySet().stream()
                .filter(outcome -> outcome.getValue() instanceof Outcome.Done)
                .map(outcome -> outcome.getKey())
                .collect(Collectors.toSet());
    }

    private static int trying(IntSupplier act) {
        try {
            return act.getAsInt();
        } catch (KafkaRejected | KafkaUnavailable e) {
            LOG.info("Cordons stay as they are", e);
            return 0;
        }
    }
}
