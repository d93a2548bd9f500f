package dev.castellan.operator.topic.plan;

import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.operator.topic.plan.ClusterFacts.Formed;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.KafkaFacts.Unknown;
import java.time.Duration;
import java.util.Optional;

/** May anything be done about the topic now, and by this KafkaTopic? */
final class StandingRules {
    private StandingRules() {}

    static Optional<TopicStep> refuseBadSpecs(TopicSpec spec, TopicFacts facts) {
        return spec.problem().map(problem -> TopicStep.refuse(TopicReason.InvalidSpec, problem));
    }

    /** A KafkaTopic that once had leave, and a finalizer, is not held back by it. */
    static Optional<TopicStep> hearOnlyWhoIsAllowed(TopicSpec spec, TopicFacts facts) {
        if (facts.cluster() instanceof ClusterFacts.Missing) {
            return Optional.empty(); // nobody is there to allow it; that is what is told
        }
        return spec.refusal()
                .map(refusal -> facts.finalizer()
                        ? new TopicStep.Release("")
                        : TopicStep.refuse(TopicReason.NotAllowed, refusal));
    }

    static Optional<TopicStep> leaveToTheOlderClaim(TopicSpec spec, TopicFacts facts) {
        return facts.ownedBy()
                .map(owner -> facts.finalizer()
                        ? new TopicStep.Release("")
                        : TopicStep.refuse(
                                TopicReason.ClaimedByAnother,
                                "KafkaTopic " + owner + " is older and owns the topic " + spec.topicName()
                                        + ": delete one of the two"));
    }

    static Optional<TopicStep> waitForCluster(TopicSpec spec, TopicFacts facts) {
        return switch (facts.cluster()) {
            case ClusterFacts.Missing() -> Optional.of(TopicStep.waiting(spec, "it does not exist", false));
            case ClusterFacts.Leaving() -> Optional.of(TopicStep.waiting(spec, "it is being deleted", false));
            case ClusterFacts.Forming(var why) -> Optional.of(TopicStep.waiting(spec, why, false));
            // While Kafka does not answer, what was true of the topic is the best that is known: no news for status.
            case Formed formed
            when facts.kafka() instanceof Unknown(var reason) ->
                Optional.of(TopicStep.waiting(
                        spec, formed.ready() ? reason : formed.why(), facts.synced() && !facts.deleting()));
            case Formed formed -> Optional.empty();
        };
    }

    static Optional<TopicStep> keepFinalizerRight(TopicSpec spec, TopicFacts facts) {
        if (spec.needsFinalizer() == facts.finalizer()) {
            return Optional.empty();
        }
        return Optional.of(facts.finalizer() ? new TopicStep.Release("") : new TopicStep.Hold());
    }

    static Optional<TopicStep> observeOnly(TopicSpec spec, TopicFacts facts) {
        if (spec.adoption() != Adoption.Observe) {
            return Optional.empty();
        }
        return Optional.of(
                facts.kafka() instanceof Present present
                        ? new TopicStep.Observed(Differences.of(spec, present))
                        : new TopicStep.Wait(
                                TopicReason.NotFound,
                                "There is no topic " + spec.topicName() + " to be observed",
                                Duration.ofSeconds(30),
                                false));
    }
}
