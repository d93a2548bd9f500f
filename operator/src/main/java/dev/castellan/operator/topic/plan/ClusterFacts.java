package dev.castellan.operator.topic.plan;

import dev.castellan.api.v1beta1.BrokerPool;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.report.BrokerStatuses;
import dev.castellan.operator.cluster.report.Reason;
import io.fabric8.kubernetes.api.model.Condition;
import java.util.List;
import java.util.Optional;

/** What a topic needs to know of its KafkaCluster. */
public sealed interface ClusterFacts {
    /** There is no such KafkaCluster. */
    record Missing() implements ClusterFacts {}

    /** It is being deleted. */
    record Leaving() implements ClusterFacts {}

    /** It has not formed yet: there is no Kafka to speak to. */
    record Forming(String why) implements ClusterFacts {}

    /**
     * There is a Kafka cluster.
     *
     * @param clusterId Kafka's own id: other disks, other id
     * @param brokers how many there should be
     * @param ready most of them are in service, whatever else of its spec cannot be done
     * @param metadataVersion that it has finalised, where that is known
     */
    record Formed(String clusterId, int brokers, boolean ready, String why, Optional<String> metadataVersion)
            implements ClusterFacts {
        public Formed(String clusterId, int brokers, boolean ready, String why) {
            this(clusterId, brokers, ready, why, Optional.empty());
        }
    }

    /** Of a KafkaCluster that is there. */
    static ClusterFacts of(KafkaCluster cluster) {
        if (cluster.isMarkedForDeletion()) {
            return new Leaving();
        }
        var ready = condition(cluster, "Ready");
        var why = ready.or(() -> condition(cluster, "Hibernating"))
                .map(Condition::getMessage)
                .orElse("KafkaCluster " + cluster.getMetadata().getName() + " is not ready");
        if (cluster.getStatus() == null || cluster.getStatus().clusterId == null) {
            return new Forming(why);
        }
        var brokers = Optional.ofNullable(cluster.getStatus().brokers).orElse(List.of());
        // A spec that cannot be followed may ask for fewer than there are to be.
        int wanted = Math.max(declared(cluster), BrokerStatuses.staying(brokers));
        var metadataVersion = Optional.ofNullable(cluster.getStatus().metadataVersion);
        int inService = BrokerStatuses.inService(brokers);
        boolean isReady =
                ready.filter(condition -> "True".equals(condition.getStatus())).isPresent();
        if (!isReady && inService * 2 <= brokers.size()) {
            return new Formed(
                    cluster.getStatus().clusterId,
                    wanted,
                    false,
                    "%d of %d brokers are in service: %s".formatted(inService, brokers.size(), why),
                    metadataVersion);
        }
        boolean begins = ready.filter(condition -> Reason.Creating.name().equals(condition.getReason()))
                .isPresent();
        boolean ends = Boolean.TRUE.equals(cluster.getSpec().hibernate);
        return new Formed(
                cluster.getStatus().clusterId, wanted, !begins && !ends, begins || ends ? why : "", metadataVersion);
    }

    private static Optional<Condition> condition(KafkaCluster cluster, String type) {
        return Optional.ofNullable(cluster.getStatus()).map(status -> status.conditions).orElse(List.of()).stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private static int declared(KafkaCluster cluster) {
        var brokers = cluster.getSpec().brokers;
        var pools = Optional.ofNullable(brokers.pools).orElse(List.<BrokerPool>of());
        return brokers.replicas + pools.stream().mapToInt(pool -> pool.replicas).sum();
    }
}
