package dev.castellan.operator.topic.plan;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Decides about one topic: the same facts always give the same step, and a topic that is as declared gives none. */
public final class TopicPlan {
    private static final Duration LATER = Duration.ofSeconds(2);

    private TopicPlan() {}

    @FunctionalInterface
    private interface Rule {
        Optional<TopicStep> propose(TopicSpec spec, TopicFacts facts);
    }

    /** For a KafkaTopic that is there to stay, in order of precedence. */
    private static final List<Rule> RULES = List.of(
            StandingRules::refuseBadSpecs,
            StandingRules::hearOnlyWhoIsAllowed,
            StandingRules::leaveToTheOlderClaim,
            StandingRules::waitForCluster,
            StandingRules::keepFinalizerRight,
            StandingRules::observeOnly,
            OwnershipRules::reportLoss,
            OwnershipRules::adoptOnlyAsDeclared,
            ShapeRules::keepToThePolicy,
            ShapeRules::create,
            ShapeRules::addPartitions,
            ReplicaRules::ask,
            ShapeRules::changeConfig,
            ShapeRules::reportTooManyPartitions,
            ReplicaRules::takeBack,
            ReplicaRules::refuseWhatCannotBe,
            ReplicaRules::leaveToOthers,
            ReplicaRules::change,
            ReplicaRules::awaitCopies,
            ReplicaRules::unthrottle);

    /** For one that is being deleted. Whatever cannot be decided in favour of deletion keeps the topic. */
    private static final List<Rule> DELETION_RULES = List.of(
            DeletionRules::letGoUnlessDeletionIsOurs,
            StandingRules::waitForCluster,
            DeletionRules::letGoOfWhatIsNotOurs,
            DeletionRules::keepIfItHoldsRecords,
            DeletionRules::delete);

    public static TopicStep next(TopicSpec spec, TopicFacts facts) {
        var step = (facts.deleting() ? DELETION_RULES : RULES)
                .stream()
                        .flatMap(rule -> rule.propose(spec, facts).stream())
                        .findFirst()
                        .orElse(new TopicStep.InSync());
        return afterWhatWasDone(step, facts);
    }

    /** What was just done is not done again while the brokers still hear of it; what was refused, not at once. */
    private static TopicStep afterWhatWasDone(TopicStep step, TopicFacts facts) {
        return facts.last()
                .<TopicStep>flatMap(last -> last.refusalOf(step, facts.cluster(), facts.now())
                        .<TopicStep>map(message -> TopicStep.refuse(TopicReason.KafkaRefused, message))
                        .or(() -> last.isSpreading(step, facts.now())
                                ? Optional.of(
                                        TopicStep.applying("Kafka's brokers have not all heard of the change yet"))
                                : Optional.empty()))
                .orElse(step);
    }

    /** Kafka was asked, and could not tell: to be asked again. */
    public static TopicStep.Wait unanswered(TopicStep question) {
        return question instanceof TopicStep.CountRecords
                ? new TopicStep.Wait(
                        TopicReason.Deleting,
                        "Kafka cannot tell whether the topic holds records: a partition has no leader",
                        LATER,
                        false)
                : TopicStep.applying("Kafka's brokers have not all heard of the topic yet");
    }
}
