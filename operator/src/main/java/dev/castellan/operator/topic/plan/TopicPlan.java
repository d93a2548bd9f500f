package dev.castellan.operator.topic.plan;

import static java.util.Comparator.comparing;

import dev.castellan.api.v1beta1.KafkaTopicSpec.Adoption;
import dev.castellan.api.v1beta1.KafkaTopicSpec.DeletionPolicy;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.topic.plan.ClusterFacts.Formed;
import dev.castellan.operator.topic.plan.KafkaFacts.Absent;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.KafkaFacts.Unknown;
import dev.castellan.operator.topic.plan.TopicStep.Difference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Decides about one topic: the same facts always give the same step, and a topic that is as declared gives none. */
public final class TopicPlan {
    private static final Duration SOON = Duration.ofMillis(200);
    private static final Duration LATER = Duration.ofSeconds(2);

    private TopicPlan() {}

    @FunctionalInterface
    private interface Rule {
        Optional<TopicStep> propose(TopicSpec spec, TopicFacts facts);
    }

    /** For a KafkaTopic that is there to stay, in order of precedence. */
    private static final List<Rule> RULES = List.of(
            TopicPlan::refuseBadSpecs,
            TopicPlan::leaveToTheOlderClaim,
            TopicPlan::waitForCluster,
            TopicPlan::keepFinalizerRight,
            TopicPlan::observeOnly,
            TopicPlan::reportLoss,
            TopicPlan::adoptOnlyAsDeclared,
            TopicPlan::create,
            TopicPlan::addPartitions,
            TopicPlan::changeConfig,
            TopicPlan::reportWhatCannotBeChanged);

    /** For one that is being deleted. Whatever cannot be decided in favour of deletion keeps the topic. */
    private static final List<Rule> DELETION_RULES = List.of(
            TopicPlan::letGoUnlessDeletionIsOurs,
            TopicPlan::waitForCluster,
            TopicPlan::letGoOfWhatIsNotOurs,
            TopicPlan::keepIfItHoldsRecords,
            TopicPlan::delete);

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
                        .<TopicStep>map(message -> refuse(TopicReason.KafkaRefused, message))
                        .or(() -> last.isSpreading(step, facts.now())
                                ? Optional.of(applying("Kafka's brokers have not all heard of the change yet"))
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
                : applying("Kafka's brokers have not all heard of the topic yet");
    }

    private static Optional<TopicStep> refuseBadSpecs(TopicSpec spec, TopicFacts facts) {
        return spec.problem().map(problem -> refuse(TopicReason.InvalidSpec, problem));
    }

    private static Optional<TopicStep> leaveToTheOlderClaim(TopicSpec spec, TopicFacts facts) {
        return facts.ownedBy()
                .map(owner -> facts.finalizer()
                        ? new TopicStep.Release("")
                        : refuse(
                                TopicReason.ClaimedByAnother,
                                "KafkaTopic " + owner + " is older and owns the topic " + spec.topicName()
                                        + ": delete one of the two"));
    }

    private static Optional<TopicStep> waitForCluster(TopicSpec spec, TopicFacts facts) {
        return switch (facts.cluster()) {
            case ClusterFacts.Missing() -> Optional.of(waiting(spec, "it does not exist", false));
            case ClusterFacts.Leaving() -> Optional.of(waiting(spec, "it is being deleted", false));
            case ClusterFacts.Forming(var why) -> Optional.of(waiting(spec, why, false));
            // While Kafka does not answer, what was true of the topic is the best that is known: no news for status.
            case Formed formed
            when facts.kafka() instanceof Unknown(var reason) ->
                Optional.of(waiting(spec, formed.ready() ? reason : formed.why(), facts.synced() && !facts.deleting()));
            case Formed formed -> Optional.empty();
        };
    }

    private static Optional<TopicStep> keepFinalizerRight(TopicSpec spec, TopicFacts facts) {
        if (spec.needsFinalizer() == facts.finalizer()) {
            return Optional.empty();
        }
        return Optional.of(facts.finalizer() ? new TopicStep.Release("") : new TopicStep.Hold());
    }

    private static Optional<TopicStep> observeOnly(TopicSpec spec, TopicFacts facts) {
        if (spec.adoption() != Adoption.Observe) {
            return Optional.empty();
        }
        return Optional.of(
                facts.kafka() instanceof Present present
                        ? new TopicStep.Observed(differences(spec, present))
                        : new TopicStep.Wait(
                                TopicReason.NotFound,
                                "There is no topic " + spec.topicName() + " to be observed",
                                Duration.ofSeconds(30),
                                false));
    }

    /** The topic was ours. Whether it is really gone is asked twice: to create it again, empty, would hide a loss. */
    private static Optional<TopicStep> reportLoss(TopicSpec spec, TopicFacts facts) {
        if (facts.knownId().isEmpty()) {
            return Optional.empty();
        }
        return switch (facts.kafka()) {
            case Absent(var confirmed) when confirmed -> Optional.of(lost(spec, facts, "has been deleted"));
            case Absent absent
            when justCreated(facts) -> Optional.of(applying("Kafka's brokers have not all heard of the new topic yet"));
            case Absent absent -> Optional.of(new TopicStep.AskController());
            case Present present when present.topicId().equals(facts.knownId().get()) -> Optional.empty();
            case Present present
            when present.settled() ->
                Optional.of(lost(spec, facts, "has been deleted and made anew (id " + present.topicId() + ")"));
            case Present present -> Optional.of(applying("Kafka's brokers do not agree on the topic's id yet"));
            case Unknown unknown -> Optional.empty();
        };
    }

    private static boolean justCreated(TopicFacts facts) {
        return facts.last()
                .filter(last -> last.step() instanceof TopicStep.Create create && last.isSpreading(create, facts.now()))
                .isPresent();
    }

    private static TopicStep lost(TopicSpec spec, TopicFacts facts, String how) {
        return refuse(
                TopicReason.TopicLost,
                "The topic " + spec.topicName() + " (id " + facts.knownId().orElseThrow() + ") " + how
                        + " by somebody else; its records are lost, and nothing is created in its place. To start over,"
                        + " delete this KafkaTopic and apply it again");
    }

    private static Optional<TopicStep> adoptOnlyAsDeclared(TopicSpec spec, TopicFacts facts) {
        if (facts.knownId().isPresent() || !(facts.kafka() instanceof Present present)) {
            return Optional.empty();
        }
        if (present.details().topic().internal()) {
            return Optional.of(refuse(
                    TopicReason.InternalTopic,
                    "The topic " + spec.topicName() + " is one of Kafka's own: choose another"));
        }
        if (spec.adoption() == Adoption.FailIfExists && !isByOurHand(spec, facts, present)) {
            return Optional.of(refuse(
                    TopicReason.AlreadyExists,
                    "The topic " + spec.topicName()
                            + " exists already, and spec.adoption is FailIfExists: choose another"
                            + " spec.topicName, or set spec.adoption to Adopt to take it over"));
        }
        return present.partitions() > spec.partitions()
                ? Optional.of(tooManyPartitions(spec, present))
                : Optional.empty();
    }

    /** We had said that we would create it, and it is to the letter what we would have created: then it was us. */
    private static boolean isByOurHand(TopicSpec spec, TopicFacts facts, Present present) {
        return facts.announced()
                && present.partitions() == spec.partitions()
                && present.details().config().equals(spec.config());
    }

    private static Optional<TopicStep> create(TopicSpec spec, TopicFacts facts) {
        if (!(facts.kafka() instanceof Absent) || !(facts.cluster() instanceof Formed formed)) {
            return Optional.empty();
        }
        if (!formed.ready()) {
            // A cluster with brokers missing would put all replicas on the others, or refuse.
            return Optional.of(waiting(spec, formed.why(), false));
        }
        // What was refused is tried again from time to time: that shall cost no write.
        if (spec.adoption() == Adoption.FailIfExists && !facts.announced() && !facts.refused()) {
            return Optional.of(new TopicStep.Announce());
        }
        var factor = spec.replicationFactor().orElse(Math.min(3, formed.brokers()));
        return Optional.of(new TopicStep.Create(
                new NewTopic(spec.topicName(), spec.partitions(), Optional.of(factor.shortValue()), spec.config())));
    }

    private static Optional<TopicStep> addPartitions(TopicSpec spec, TopicFacts facts) {
        return present(facts)
                .filter(present -> present.partitions() < spec.partitions())
                .map(present -> new TopicStep.AddPartitions(present.partitions(), spec.partitions()));
    }

    private static Optional<TopicStep> changeConfig(TopicSpec spec, TopicFacts facts) {
        return present(facts)
                .map(present -> change(spec, facts, present))
                .filter(change -> !change.set().isEmpty() || !change.unset().isEmpty())
                .map(TopicStep.ChangeConfig::new);
    }

    private static ConfigChange change(TopicSpec spec, TopicFacts facts, Present present) {
        var live = present.details().config();
        var set = new TreeMap<>(spec.config());
        set.entrySet().removeIf(declared -> declared.getValue().equals(live.get(declared.getKey())));
        var unset = new TreeSet<>(facts.managed());
        unset.removeAll(spec.config().keySet());
        unset.retainAll(live.keySet());
        return new ConfigChange(set, List.copyOf(unset));
    }

    private static Optional<TopicStep> reportWhatCannotBeChanged(TopicSpec spec, TopicFacts facts) {
        return present(facts).flatMap(present -> {
            if (present.partitions() > spec.partitions()) {
                return Optional.of(tooManyPartitions(spec, present));
            }
            return spec.replicationFactor()
                    .filter(factor -> factor != replicationFactor(present))
                    .map(factor -> new TopicStep.Refuse(
                            TopicReason.ReplicationFactorDiffers,
                            "The topic has a replication factor of " + replicationFactor(present) + ", " + factor
                                    + " is declared; this version cannot change it",
                            differences(spec, present)));
        });
    }

    private static TopicStep tooManyPartitions(TopicSpec spec, Present present) {
        return new TopicStep.Refuse(
                TopicReason.PartitionsDiffer,
                "The topic has " + present.partitions() + " partitions, " + spec.partitions()
                        + " are declared, and Kafka never removes any: set spec.partitions to " + present.partitions()
                        + " or more",
                differences(spec, present));
    }

    // --- deletion

    private static Optional<TopicStep> letGoUnlessDeletionIsOurs(TopicSpec spec, TopicFacts facts) {
        if (!facts.finalizer()) {
            return Optional.of(new TopicStep.Nothing());
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

    private static Optional<TopicStep> letGoOfWhatIsNotOurs(TopicSpec spec, TopicFacts facts) {
        if (facts.kafka() instanceof Present present
                && present.details().topic().internal()) {
            return Optional.of(new TopicStep.Release("it is one of Kafka's own"));
        }
        return facts.knownId().isPresent()
                ? Optional.empty()
                : Optional.of(new TopicStep.Release(
                        facts.kafka() instanceof Present ? "this KafkaTopic had never taken it over" : ""));
    }

    private static Optional<TopicStep> keepIfItHoldsRecords(TopicSpec spec, TopicFacts facts) {
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
                                : applying("Kafka's brokers do not agree on the topic's id yet"));
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
    private static Optional<TopicStep> delete(TopicSpec spec, TopicFacts facts) {
        return Optional.of(new TopicStep.Delete(facts.knownId().orElseThrow()));
    }

    // --- facts and words

    private static Optional<Present> present(TopicFacts facts) {
        return facts.kafka() instanceof Present present ? Optional.of(present) : Optional.empty();
    }

    private static List<Difference> differences(TopicSpec spec, Present present) {
        var differences = new ArrayList<Difference>();
        if (present.partitions() != spec.partitions()) {
            differences.add(new Difference("partitions", "" + spec.partitions(), "" + present.partitions()));
        }
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

    private static TopicStep refuse(TopicReason reason, String message) {
        return new TopicStep.Refuse(reason, message, List.of());
    }

    private static TopicStep waiting(TopicSpec spec, String why, boolean quiet) {
        var message = "Waiting for KafkaCluster " + spec.clusterName() + ": " + why;
        return new TopicStep.Wait(TopicReason.WaitingForCluster, message, LATER, quiet);
    }

    private static TopicStep.Wait applying(String message) {
        return new TopicStep.Wait(TopicReason.Applying, message, SOON, true);
    }
}
