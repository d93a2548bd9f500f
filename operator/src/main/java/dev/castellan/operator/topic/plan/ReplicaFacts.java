package dev.castellan.operator.topic.plan;

import dev.castellan.operator.kafka.Broker;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Cordon;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What has to be known of a cluster before replicas are moved in it.
 *
 * @param ongoing every partition whose replicas are being changed
 * @param clusterConfig what is set for all brokers together
 * @param cordoned brokers that take no new replicas since somebody else wants it so
 * @param cordonsBar and Kafka adds none to a partition either of which one lies there already
 */
public record ReplicaFacts(
        List<Broker> brokers,
        List<Ongoing> ongoing,
        Map<String, String> clusterConfig,
        Set<Integer> cordoned,
        boolean cordonsBar) {

    public List<Ongoing> of(String topic) {
        return ongoing.stream().filter(move -> move.topic().equals(topic)).toList();
    }

    /** By id, with their racks: those that can take replicas now, and are neither to go nor cordoned. */
    public SortedMap<Integer, String> racks() {
        var leaving = Cordon.onRecord(clusterConfig);
        var racks = new TreeMap<Integer, String>();
        brokers.stream()
                .filter(broker -> !broker.fenced() && !leaving.contains(broker.nodeId()))
                .filter(broker -> !cordoned.contains(broker.nodeId()))
                .forEach(broker -> racks.put(broker.nodeId(), broker.rack()));
        return racks;
    }

    /** Those that are registered, here or away. */
    public SortedMap<Integer, String> allRacks() {
        var racks = new TreeMap<Integer, String>();
        brokers.forEach(broker -> racks.put(broker.nodeId(), broker.rack()));
        return racks;
    }

    /** Whether there are brokers for its new replicas. */
    boolean canGrow(Partition partition, int factor) {
        long others = racks().keySet().stream()
                .filter(id -> !partition.replicas().contains(id))
                .count();
        return factor - partition.replicas().size() <= others && !isBarred(partition.replicas());
    }

    /** Whether it could grow if nobody else had cordoned anything. */
    boolean isKeptByCordons(Partition partition, int factor) {
        return partition.leader() >= 0
                && !canGrow(partition, factor)
                && new ReplicaFacts(brokers, ongoing, clusterConfig, Set.of(), cordonsBar).canGrow(partition, factor);
    }

    /** Whether Kafka would add no replica where the partition is to have these. */
    public boolean isBarred(Collection<Integer> replicas) {
        return cordonsBar && replicas.stream().anyMatch(cordoned::contains);
    }

    /** The topic without the replicas that are only being added: Kafka lists them as if they were there. */
    public Present settled(Present present) {
        var topic = present.details().topic();
        var moves = of(topic.name()).stream().collect(Collectors.toMap(Ongoing::partition, Function.identity()));
        var partitions = topic.partitions().stream()
                .map(partition ->
                        moves.containsKey(partition.id()) ? settled(partition, moves.get(partition.id())) : partition)
                .toList();
        return new Present(
                new dev.castellan.operator.kafka.KafkaAdmin.TopicDetails(
                        topic.with(partitions), present.details().config()),
                present.settled());
    }

    private static Partition settled(Partition partition, Ongoing move) {
        var there = move.replicas().stream()
                .filter(id -> !move.adding().contains(id))
                .toList();
        return new Partition(partition.id(), partition.leader(), there, partition.inSync());
    }
}
