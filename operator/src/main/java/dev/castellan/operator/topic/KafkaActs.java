package dev.castellan.operator.topic;

import static java.util.stream.Collectors.toMap;

import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kafka.TopicAdmin;
import dev.castellan.operator.kube.Kube.EventType;
import dev.castellan.operator.topic.plan.Differences;
import dev.castellan.operator.topic.plan.TopicFacts.Known;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicStep;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps that are taken in Kafka: a request for all topics that take the same, whose outcome each has for itself. */
final class KafkaActs {
    private static final Logger LOG = LoggerFactory.getLogger(KafkaActs.class);
    private static final Duration SOON = Duration.ofMillis(50);

    private final KubeTopics kube;
    private final Supplier<TopicAdmin> kafka;
    private final Clock clock;

    KafkaActs(KubeTopics kube, Supplier<TopicAdmin> kafka, Clock clock) {
        this.kube = kube;
        this.kafka = kafka;
        this.clock = clock;
    }

    void create(List<TopicTurn> turns) {
        act(
                turns,
                admin -> admin.create(turns.stream()
                        .map(turn -> ((TopicStep.Create) turn.step).topic())
                        .toList()));
    }

    void addPartitions(List<TopicTurn> turns) {
        act(
                turns,
                admin -> admin.addPartitions(turns.stream()
                        .collect(toMap(KafkaActs::name, turn -> ((TopicStep.AddPartitions) turn.step).to()))));
    }

    void changeConfigs(List<TopicTurn> turns) {
        act(
                turns,
                admin -> admin.alterConfigs(turns.stream()
                        .collect(toMap(KafkaActs::name, turn -> ((TopicStep.ChangeConfig) turn.step).change()))));
    }

    void act(List<TopicTurn> turns, Function<TopicAdmin, Map<String, Outcome>> request) {
        guarded(turns, () -> {
            var outcomes = request.apply(kafka.get());
            turns.forEach(turn -> settle(turn, outcomes.get(name(turn))));
        });
    }

    /** Where Kafka does not answer, all of them are looked at again later. */
    static void guarded(List<TopicTurn> turns, Runnable request) {
        if (turns.isEmpty()) {
            return;
        }
        try {
            request.run();
        } catch (KafkaUnavailable | KafkaRejected e) {
            turns.forEach(turn -> turn.postpone(e.getMessage()));
        }
    }

    /** What became of a change is remembered; the next look tells whether the brokers have heard of it. */
    void settle(TopicTurn turn, Outcome outcome) {
        var act = turn.step;
        switch (outcome) {
            case Outcome.Created(var topicId) -> {
                turn.did(act, clock.instant(), Optional.empty());
                tellIfMadeAnew(turn);
                turn.memory.known = turn.clusterId().map(clusterId -> new Known(clusterId, topicId));
                turn.step = lookAgain();
            }
            case Outcome.Done done -> {
                turn.did(act, clock.instant(), Optional.empty());
                tellOfPartitions(turn, act);
                tellOfDrift(turn, act);
                turn.step = lookAgain();
            }
            case Outcome.Rejected(var message) -> {
                turn.did(act, clock.instant(), Optional.of(message));
                turn.plan(clock.instant());
            }
            case Outcome.Retry(var reason) -> turn.postpone(reason);
        }
        LOG.debug("{}: {}: {}", turn.ref, act, outcome);
    }

    private void tellIfMadeAnew(TopicTurn turn) {
        turn.facts(clock.instant())
                .knownElsewhere()
                .ifPresent(known -> kube.event(
                        turn.topic,
                        EventType.Warning,
                        "ClusterReplaced",
                        "The topic " + turn.spec.topicName() + " was in Kafka cluster " + known.clusterId()
                                + ", which is gone; it has been created anew, empty"));
        turn.replaces.ifPresent(lost -> kube.event(
                turn.topic,
                EventType.Warning,
                "TopicRecreated",
                "The topic " + turn.spec.topicName() + " (id " + lost
                        + ") was lost; another has been created in its place, empty, as spec.recreate says"));
    }

    private void tellOfDrift(TopicTurn turn, TopicStep act) {
        if (act instanceof TopicStep.ChangeConfig(var change)) {
            var undone = Differences.undone(turn.spec, turn.facts(clock.instant()), change);
            if (!undone.isEmpty()) {
                kube.event(
                        turn.topic,
                        EventType.Normal,
                        "DriftReverted",
                        "Set back what others had changed on the topic " + turn.spec.topicName() + ": "
                                + Differences.text(undone));
            }
        }
    }

    private void tellOfPartitions(TopicTurn turn, TopicStep act) {
        if (act instanceof TopicStep.AddPartitions(var from, var to)) {
            kube.event(
                    turn.topic,
                    EventType.Warning,
                    "PartitionsAdded",
                    "The topic " + turn.spec.topicName() + " has grown from " + from + " to " + to
                            + " partitions: records of a key may go to another partition than before");
        }
    }

    private static TopicStep lookAgain() {
        return new TopicStep.Wait(TopicReason.Applying, "", SOON, true);
    }

    private static String name(TopicTurn turn) {
        return turn.spec.topicName();
    }
}
