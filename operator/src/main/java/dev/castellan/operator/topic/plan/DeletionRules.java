package dev.castellan.operator.topic.plan;

import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.operator.topic.plan.KafkaFacts.Absent;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.KafkaFacts.Unknown;
import java.util.Optional;

/** Of a KafkaTopic that is being deleted. Whatever cannot be decided in favour of deletion keeps the topic. */
final class DeletionRules {
    private DeletionRules() {}

    static Optional<TopicStep> letGoUnlessDeletionIsOurs(TopicSpec spec, TopicFacts facts) {
        if (!facts.finalizer()) {
            return Optional.of(new TopicStep.Nothing());
        }
        if (spec.refusal().isPresent() && !(facts.cluster() instanceof ClusterFacts.Missing)) {
            return Optional.of(
                    new TopicStep.Release("its KafkaCluster does not take topics of this namespace any more"));
        }
        if (!spec.needsFinalizer()) {
            return Optional.of(new TopicStep.Release(""));
        }
        if (facts.contested()) {
            return Optional.of(new TopicStep.Release("another KafkaTopic claims it"));
        }
        return switch (facts.cluster()) {
            case ClusterFacts.Missing() -> Optional.of(new TopicStep.Release("its KafkaCluster is gone"));
            case ClusterFacts.Leaving() -> Optional.of(new TopicStep.Release("its KafkaCluster is being deleted"));
            case ClusterFacts.Forming forming when facts.known().isEmpty() -> Optional.of(new TopicStep.Release(""));
            default -> Optional.empty();
        };
    }

    static Optional<TopicStep> letGoOfWhatIsNotOurs(TopicSpec spec, TopicFacts facts) {
        if (facts.kafka() instanceof Present present
                && present.details().topic().internal()) {
            return Optional.of(new TopicStep.Release("it is one of Kafka's own"));
        }
        return facts.knownId().isPresent()
                ? Optional.empty()
                : Optional.of(new TopicStep.Release(
                        facts.kafka() instanceof Present ? "this KafkaTopic had never taken it over" : ""));
    }

    static Optional<TopicStep> keepIfItHoldsRecords(TopicSpec spec, TopicFacts facts) {
        if (spec.deletionPolicy() != DeletionPolicy.DeleteIfEmpty) {
            return Optional.empty();
        }
        return switch (facts.kafka()) {
            // What a broker shows under the name is another topic; of ours nobody can tell whether it holds records.
            case Present present
            when !present.topicId().equals(facts.knownId().get()) ->
                Optional.of(
                        present.settled()
                                ? new TopicStep.Release("it has been deleted and made anew by somebody else")
                                : TopicStep.applying("Kafka's brokers do not agree on the topic's id yet"));
            case Present present when facts.holdsRecords().isEmpty() -> Optional.of(new TopicStep.CountRecords());
            case Present present
            when facts.holdsRecords().get() ->
                Optional.of(new TopicStep.Release("it holds records, and spec.deletionPolicy is DeleteIfEmpty"));
            case Present present -> Optional.empty();
            case Absent(var confirmed) when confirmed -> Optional.empty();
            case Absent absent -> Optional.of(new TopicStep.AskController());
            case Unknown unknown -> Optional.empty();
        };
    }

    /** By id, and the controller knows best: a topic that somebody made anew under the name is not hit. */
    static Optional<TopicStep> delete(TopicSpec spec, TopicFacts facts) {
        return Optional.of(new TopicStep.Delete(facts.knownId().orElseThrow()));
    }
}
