package dev.castellan.operator.topic.plan;

import static java.util.Comparator.comparing;

import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.TopicStep.Difference;
import java.util.ArrayList;
import java.util.List;

/** What of a topic is not as declared. */
public final class Differences {
    private Differences() {}

    static List<Difference> of(TopicSpec spec, Present present) {
        var differences = new ArrayList<Difference>();
        spec.partitions()
                .filter(declared -> declared != present.partitions())
                .ifPresent(declared ->
                        differences.add(new Difference("partitions", "" + declared, "" + present.partitions())));
        var factor = replicationFactor(present);
        spec.replicationFactor()
                .filter(declared -> declared != factor)
                .ifPresent(
                        declared -> differences.add(new Difference("replicationFactor", "" + declared, "" + factor)));
        var live = present.details().config();
        spec.config().forEach((key, declared) -> {
            if (!declared.equals(live.get(key))) {
                differences.add(new Difference(key, declared, live.get(key)));
            }
        });
        return List.copyOf(differences);
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
