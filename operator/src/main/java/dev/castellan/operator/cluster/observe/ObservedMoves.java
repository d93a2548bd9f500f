package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Backlog;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Replicas on the move, by whomever.
 *
 * @param ongoing every partition whose replicas are being changed
 * @param topicConfig what is set on each topic of the cluster, by its name
 * @param backlog whether those that the cluster began gain on what is produced
 */
public record ObservedMoves(List<Ongoing> ongoing, Map<String, Map<String, String>> topicConfig, Backlog backlog) {
    public static final ObservedMoves NONE = new ObservedMoves(List.of(), Map.of(), Backlog.NONE);

    ObservedMoves with(Backlog measured) {
        return new ObservedMoves(ongoing, topicConfig, measured);
    }

    /** Those that the cluster began, for its brokers' sake. */
    public List<Ongoing> ours() {
        return ongoing.stream().filter(this::isOurs).toList();
    }

    public boolean isOurs(Ongoing move) {
        return Throttle.isOurs(Sign.CLUSTER, move, config(move.topic()));
    }

    public Map<String, String> config(String topic) {
        return topicConfig.getOrDefault(topic, Map.of());
    }

    /** The topics without replicas that are only being added: Kafka lists them as if they were there. */
    public List<TopicPartitions> settled(List<TopicPartitions> topics) {
        return ongoing.isEmpty() ? topics : changed(topics, move -> replicas(move, move.adding()));
    }

    /** The topics as they will be when all that is under way has come to its end. */
    public List<TopicPartitions> finished(List<TopicPartitions> topics) {
        return ongoing.isEmpty() ? topics : changed(topics, move -> replicas(move, move.removing()));
    }

    private static List<Integer> replicas(Ongoing move, List<Integer> without) {
        return move.replicas().stream().filter(id -> !without.contains(id)).toList();
    }

    private List<TopicPartitions> changed(List<TopicPartitions> topics, Function<Ongoing, List<Integer>> replicas) {
        var moving = new HashMap<String, HashMap<Integer, Ongoing>>();
        ongoing.forEach(move ->
                moving.computeIfAbsent(move.topic(), name -> new HashMap<>()).put(move.partition(), move));
        return topics.stream()
                .map(topic ->
                        moving.containsKey(topic.name()) ? changed(topic, moving.get(topic.name()), replicas) : topic)
                .toList();
    }

    private static TopicPartitions changed(
            TopicPartitions topic, Map<Integer, Ongoing> moving, Function<Ongoing, List<Integer>> replicas) {
        var partitions = topic.partitions().stream()
                .map(partition -> moving.containsKey(partition.id())
                        ? new Partition(
                                partition.id(),
                                partition.leader(),
                                replicas.apply(moving.get(partition.id())),
                                partition.inSync())
                        : partition)
                .toList();
        return topic.with(partitions);
    }
}
