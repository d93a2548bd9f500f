package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.Quorum;
import dev.castellan.operator.kafka.TopicPartitions;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The proof that brokers hold nothing and are about to get nothing, by one look at all there is; only {@link #proof} gives
 * one. What is unknown proves nothing.
 */
public final class Drained {
    private final Set<Integer> brokers;

    private Drained(Set<Integer> brokers) {
        this.brokers = Set.copyOf(brokers);
    }

    /**
     * @param topics as Kafka lists them: with replicas that are being added, and those being taken away
     * @param ongoing looked at after the topics
     */
    public static Optional<Drained> proof(
            Set<Integer> brokers, List<TopicPartitions> topics, List<Ongoing> ongoing, Quorum quorum) {
        boolean known = topics.stream().noneMatch(topic -> topic.partitions().isEmpty());
        boolean held = topics.stream()
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(partition -> brokers.contains(partition.leader())
                        || partition.replicas().stream().anyMatch(brokers::contains)
                        || partition.inSync().stream().anyMatch(brokers::contains));
        boolean moving = ongoing.stream()
                .anyMatch(move -> move.replicas().stream().anyMatch(brokers::contains)
                        || move.adding().stream().anyMatch(brokers::contains)
                        || move.removing().stream().anyMatch(brokers::contains));
        boolean votes = quorum.voters().stream().anyMatch(voter -> brokers.contains(voter.nodeId()));
        return known && !held && !moving && !votes ? Optional.of(new Drained(brokers)) : Optional.empty();
    }

    public boolean covers(Collection<Integer> nodes) {
        return brokers.containsAll(nodes);
    }
}
