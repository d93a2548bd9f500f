package dev.castellan.operator.topic.plan;

import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.topic.plan.ClusterFacts.Formed;
import dev.castellan.operator.topic.plan.KafkaFacts.Absent;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Makes the topic as it is declared. */
final class ShapeRules {
    private static final String MIN_IN_SYNC = "min.insync.replicas";

    private ShapeRules() {}

    /** What breaks a rule is neither created nor changed; what is there already, and as declared, is left in peace. */
    static Optional<TopicStep> keepToThePolicy(TopicSpec spec, TopicFacts facts) {
        var differences = facts.present().map(present -> Differences.of(spec, present));
        return spec.violation()
                .filter(violation -> differences.isEmpty() || !differences.get().isEmpty())
                .map(violation ->
                        new TopicStep.Refuse(TopicReason.PolicyViolated, violation, differences.orElse(List.of())));
    }

    static Optional<TopicStep> create(TopicSpec spec, TopicFacts facts) {
        if (!(facts.kafka() instanceof Absent) || !(facts.cluster() instanceof Formed formed)) {
            return Optional.empty();
        }
        if (!formed.ready()) {
            // A cluster with brokers missing would put all replicas on the others, or refuse.
            return Optional.of(TopicStep.waiting(spec, formed.why(), false));
        }
        // What was refused is tried again from time to time: that shall cost no write.
        if (spec.adoption() == Adoption.FailIfExists && !facts.announced() && !facts.refused()) {
            return Optional.of(new TopicStep.Announce());
        }
        var factor = (short) spec.newReplicationFactor(formed.brokers());
        return Optional.of(new TopicStep.Create(
                new NewTopic(spec.topicName(), spec.newPartitions(), Optional.of(factor), spec.config())));
    }

    static Optional<TopicStep> addPartitions(TopicSpec spec, TopicFacts facts) {
        return facts.present().flatMap(present -> spec.partitions()
                .filter(declared -> present.partitions() < declared)
                .map(declared -> new TopicStep.AddPartitions(present.partitions(), declared)));
    }

    static Optional<TopicStep> changeConfig(TopicSpec spec, TopicFacts facts) {
        return facts.present()
                .map(present -> change(spec, facts, present))
                .filter(change -> !change.set().isEmpty() || !change.unset().isEmpty())
                .map(TopicStep.ChangeConfig::new);
    }

    /** More acknowledgements than there are replicas yet: producers wait for no one who is not there. */
    private static boolean isAheadOfReplicas(TopicSpec spec, Present present) {
        int now = Differences.replicationFactor(present);
        var declared = spec.config().getOrDefault(MIN_IN_SYNC, "");
        return spec.replicationFactor().filter(factor -> factor > now).isPresent()
                && declared.matches("[0-9]{1,9}")
                && Integer.parseInt(declared) > now;
    }

    private static ConfigChange change(TopicSpec spec, TopicFacts facts, Present present) {
        var live = present.details().config();
        var set = new TreeMap<>(spec.config());
        if (isAheadOfReplicas(spec, present)) {
            set.remove(MIN_IN_SYNC);
        }
        set.entrySet().removeIf(declared -> declared.getValue().equals(live.get(declared.getKey())));
        if (Differences.areLeft(spec, facts, present)) {
            set.clear();
        }
        var unset = new TreeSet<>(facts.managed(present));
        if (spec.reverts() && spec.violation().isEmpty()) {
            Differences.undeclared(spec, facts, present).forEach(difference -> unset.add(difference.key()));
        }
        unset.removeAll(spec.config().keySet());
        unset.retainAll(live.keySet());
        return new ConfigChange(set, List.copyOf(unset));
    }

    static Optional<TopicStep> reportTooManyPartitions(TopicSpec spec, TopicFacts facts) {
        return facts.present()
                .flatMap(present -> spec.partitions().flatMap(declared -> tooManyPartitions(spec, declared, present)));
    }

    static Optional<TopicStep> tooManyPartitions(TopicSpec spec, int declared, Present present) {
        return present.partitions() <= declared
                ? Optional.empty()
                : Optional.of(new TopicStep.Refuse(
                        TopicReason.PartitionsDiffer,
                        "The topic has " + present.partitions() + " partitions, " + declared
                                + " are declared, and Kafka never removes any: set spec.partitions to "
                                + present.partitions() + " or more",
                        Differences.of(spec, present)));
    }
}
