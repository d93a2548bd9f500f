package dev.castellan.operator.topic.plan;

import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import dev.castellan.operator.topic.plan.KafkaFacts.Absent;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.KafkaFacts.Unknown;
import java.util.Optional;
import java.util.TreeMap;

/** Whose is the topic that is there, or no longer there? */
final class OwnershipRules {
    private OwnershipRules() {}

    /** The topic was ours. Whether it is really gone is asked twice: to create it again, empty, would hide a loss. */
    static Optional<TopicStep> reportLoss(TopicSpec spec, TopicFacts facts) {
        if (facts.knownId().isEmpty()) {
            return Optional.empty();
        }
        return switch (facts.kafka()) {
            case Absent(var confirmed) when confirmed -> Optional.of(lost(spec, facts, "has been deleted"));
            case Absent absent
            when justCreated(facts) ->
                Optional.of(TopicStep.applying("Kafka's brokers have not all heard of the new topic yet"));
            case Absent absent -> Optional.of(new TopicStep.AskController());
            case Present present when present.topicId().equals(facts.knownId().get()) -> Optional.empty();
            case Present present
            when present.settled() ->
                Optional.of(lost(spec, facts, "has been deleted and made anew (id " + present.topicId() + ")"));
            case Present present ->
                Optional.of(TopicStep.applying("Kafka's brokers do not agree on the topic's id yet"));
            case Unknown unknown -> Optional.empty();
        };
    }

    private static boolean justCreated(TopicFacts facts) {
        return facts.last()
                .filter(last -> last.step() instanceof TopicStep.Create create && last.isSpreading(create, facts.now()))
                .isPresent();
    }

    private static TopicStep lost(TopicSpec spec, TopicFacts facts, String how) {
        return TopicStep.refuse(
                TopicReason.TopicLost,
                "The topic " + spec.topicName() + " (id " + facts.knownId().orElseThrow() + ") " + how
                        + " by somebody else; its records are lost, and nothing is created in its place. To start over,"
                        + " delete this KafkaTopic and apply it again");
    }

    static Optional<TopicStep> adoptOnlyAsDeclared(TopicSpec spec, TopicFacts facts) {
        if (facts.knownId().isPresent() || !(facts.kafka() instanceof Present present)) {
            return Optional.empty();
        }
        if (present.details().topic().internal()) {
            return Optional.of(TopicStep.refuse(
                    TopicReason.InternalTopic,
                    "The topic " + spec.topicName() + " is one of Kafka's own: choose another"));
        }
        if (spec.adoption() == Adoption.FailIfExists && !isByOurHand(spec, facts, present)) {
            return Optional.of(TopicStep.refuse(
                    TopicReason.AlreadyExists,
                    "The topic " + spec.topicName()
                            + " exists already, and spec.adoption is FailIfExists: choose another"
                            + " spec.topicName, or set spec.adoption to Adopt to take it over"));
        }
        // Who says nothing of partitions does not mean a topic of many, and perhaps its deletion.
        return ShapeRules.tooManyPartitions(spec, spec.newPartitions(), present);
    }

    /**
     * We had said that we would create it, and it is to the letter what we would have created: then it was us. A throttle of
     * ours only says so once more.
     */
    private static boolean isByOurHand(TopicSpec spec, TopicFacts facts, Present present) {
        var config = new TreeMap<>(present.details().config());
        if (Throttle.isSigned(Sign.TOPIC, config)) {
            config.keySet().removeIf(Throttle::isKeyOfTopics);
        }
        return facts.announced() && present.partitions() == spec.newPartitions() && config.equals(spec.config());
    }
}
