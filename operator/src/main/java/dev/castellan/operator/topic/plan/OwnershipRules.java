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
            case Absent(var confirmed)
            when confirmed -> isGivenUp(spec, facts) ? Optional.empty() : Optional.of(lost(spec, facts));
            case Absent absent
            when justCreated(facts) ->
                Optional.of(TopicStep.applying("Kafka's brokers have not all heard of the new topic yet"));
            case Absent absent -> Optional.of(new TopicStep.AskController());
            case Present present when isKnown(facts, present) -> Optional.empty();
            case Present present
            when present.settled() ->
                isGivenUp(spec, facts) ? Optional.empty() : Optional.of(madeAnew(spec, facts, present));
            case Present present ->
                Optional.of(TopicStep.applying("Kafka's brokers do not agree on the topic's id yet"));
            case Unknown unknown -> Optional.empty();
        };
    }

    private static boolean isKnown(TopicFacts facts, Present present) {
        return facts.knownId().equals(Optional.of(present.topicId()));
    }

    private static boolean justCreated(TopicFacts facts) {
        return facts.last()
                .filter(last -> last.step() instanceof TopicStep.Create create && last.isSpreading(create, facts.now()))
                .isPresent();
    }

    /** The user's leave names the topic that was lost, so that what stays in Git is no leave for the next loss. */
    private static boolean isGivenUp(TopicSpec spec, TopicFacts facts) {
        return facts.knownId().isPresent() && facts.knownId().equals(spec.recreate());
    }

    private static TopicStep lost(TopicSpec spec, TopicFacts facts) {
        return lost(spec, facts, "deleted", "nothing is created in its place. To start over with an empty topic");
    }

    private static TopicStep madeAnew(TopicSpec spec, TopicFacts facts, Present present) {
        var how = "deleted and made anew (id " + present.topicId() + ")";
        return lost(spec, facts, how, "the new one is left alone. To take that one over");
    }

    private static TopicStep lost(TopicSpec spec, TopicFacts facts, String how, String consequence) {
        var id = facts.knownId().orElseThrow();
        return TopicStep.refuse(
                TopicReason.TopicLost,
                "The topic " + spec.topicName() + " (id " + id + ") has been " + how
                        + " by somebody else; its records are lost, and " + consequence + ", set spec.recreate to " + id
                        + spec.recreate()
                                .map(other -> ", not to " + other + " as it is now")
                                .orElse(""));
    }

    static Optional<TopicStep> adoptOnlyAsDeclared(TopicSpec spec, TopicFacts facts) {
        if (!(facts.kafka() instanceof Present present)
                || facts.knownId().isPresent() && (isKnown(facts, present) || !isGivenUp(spec, facts))) {
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
