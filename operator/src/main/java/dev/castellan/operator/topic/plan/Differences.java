package dev.castellan.operator.topic.plan;

import static java.util.Comparator.comparing;

import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.TopicStep.Difference;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What of a topic is not as declared. */
public final class Differences {
    private Differences() {}

    static List<Difference> of(TopicSpec spec, Present present) {
        var differences = new ArrayList<Difference>();
        spec.partitions()
                .filter(declared -> declared != present.partitions())
                .ifPresent(declared ->
                        differences.add(new Difference("partitions", "" + declared, "" + present.partitions())));
        ofReplicas(spec, present).stream()
                .findFirst()
                .ifPresent(partition -> differences.add(new Difference(
                        "replicationFactor",
                        "" + spec.replicationFactor().orElseThrow(),
                        "" + partition.replicas().size())));
        var live = present.details().config();
        spec.config().forEach((key, declared) -> {
            if (!declared.equals(live.get(key))) {
                differences.add(new Difference(key, declared, live.get(key)));
            }
        });
        return List.copyOf(differences);
    }

    /** Partitions that have more or fewer replicas than declared. */
    static List<Partition> ofReplicas(TopicSpec spec, Present present) {
        return present.details().topic().partitions().stream()
                .filter(partition -> spec.replicationFactor()
                        .filter(declared -> declared != partition.replicas().size())
                        .isPresent())
                .toList();
    }

    /** How far a change of the replication factor has come; empty when there is nothing left to do. */
    public static Optional<Integer> partitionsLeft(TopicSpec spec, Present present) {
        return Optional.of(ofReplicas(spec, present).size()).filter(left -> left > 0);
    }

    /** The lowest, where partitions differ. */
    public static int replicationFactor(Present present) {
        return present.details().topic().partitions().stream()
                .map(Partition::replicas)
                .min(comparing(List::size))
                .map(List::size)
                .orElse(0);
    }
}
