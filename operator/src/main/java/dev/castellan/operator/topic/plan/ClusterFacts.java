package dev.castellan.operator.topic.plan;

import dev.castellan.api.v1beta1.BrokerPool;
import dev.castellan.api.v1beta1.KafkaCluster;
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
     */
    record Formed(String clusterId, int brokers, boolean ready, String why) implements ClusterFacts {}

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
        var isReady =
                ready.filter(condition -> "True".equals(condition.getStatus())).isPresent();
        return new Formed(cluster.getStatus().clusterId, brokers(cluster), isReady, isReady ? "" : why);
    }

    private static Optional<Condition> condition(KafkaCluster cluster, String type) {
        return Optional.ofNullable(cluster.getStatus()).map(status -> status.conditions).orElse(List.of()).stream()
                .filter(condition -> type.equals(condition.getType()))
                .findFirst();
    }

    private static int brokers(KafkaCluster cluster) {
        var brokers = cluster.getSpec().brokers;
        var pools = Optional.ofNullable(brokers.pools).orElse(List.<BrokerPool>of());
        return brokers.replicas + pools.stream().mapToInt(pool -> pool.replicas).sum();
    }
}
