package dev.castellan.operator.topic;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kube.Kube.EventType;
import dev.castellan.operator.kube.KubeRejected;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.topic.plan.KafkaFacts;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.TopicFacts.Known;
import dev.castellan.operator.topic.plan.TopicPlan;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicStep;
import dev.castellan.operator.topic.report.TopicStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does what was decided about many topics: one request to Kafka for each kind of step, however many topics take it. */
final class TopicExecutor {
    private static final Logger LOG = LoggerFactory.getLogger(TopicExecutor.class);
    private static final Duration SOON = Duration.ofMillis(50);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    private final KubeTopics kube;
    private final Supplier<KafkaAdmin> kafka;
    private final Clock clock;
    private final Together together;
    private final RecentlyDeleted recentlyDeleted;

    TopicExecutor(
            KubeTopics kube,
            Supplier<KafkaAdmin> kafka,
            Clock clock,
            Together together,
            RecentlyDeleted recentlyDeleted) {
        this.kube = kube;
        this.kafka = kafka;
        this.clock = clock;
        this.together = together;
        this.recentlyDeleted = recentlyDeleted;
    }

    /** Those that know more now and are to be decided about again at once; the others' step is where they rest. */
    List<TopicTurn> execute(List<TopicTurn> turns) {
        var again = new ArrayList<TopicTurn>();
        inKube(turns, TopicStep.Hold.class, again, turn -> turn.topic = kube.setFinalizer(turn.topic, true));
        inKube(turns, TopicStep.Announce.class, again, this::announce);
        inKube(turns, TopicStep.Release.class, again, this::release);
        askController(with(turns, TopicStep.AskController.class), again);
        countRecords(with(turns, TopicStep.CountRecords.class), again);
        create(with(turns, TopicStep.Create.class));
        addPartitions(with(turns, TopicStep.AddPartitions.class));
        changeConfigs(with(turns, TopicStep.ChangeConfig.class));
        delete(with(turns, TopicStep.Delete.class), again);
        return again;
    }

    private static List<TopicTurn> with(List<TopicTurn> turns, Class<? extends TopicStep> kind) {
        return turns.stream().filter(turn -> kind.isInstance(turn.step)).toList();
    }

    // --- Kubernetes: a request for each

    private void inKube(
            List<TopicTurn> turns, Class<? extends TopicStep> kind, List<TopicTurn> again, Consumer<TopicTurn> act) {
        var those = with(turns, kind);
        if (!those.isEmpty()) {
            together.run(those.stream()
                    .<Runnable>map(turn -> () -> guarded(turn, act))
                    .toList());
            those.stream().filter(turn -> kind.isInstance(turn.step)).forEach(again::add);
        }
    }

    private static void guarded(TopicTurn turn, Consumer<TopicTurn> act) {
        try {
            act.accept(turn);
        } catch (KubeUnavailable | KubeRejected e) {
            if (turn.memory.isSlow()) {
                LOG.warn("{}: {}", turn.ref, e.getMessage());
            }
            turn.step = later(turn, e.getMessage());
        }
    }

    private void announce(TopicTurn turn) {
        TopicStatus.of(turn.topic, turn.spec, turn.facts(clock.instant()), turn.step)
                .ifPresent(status -> turn.topic = kube.writeStatus(turn.topic, status));
    }

    private void release(TopicTurn turn) {
        var kept = ((TopicStep.Release) turn.step).kept();
        turn.topic = kube.setFinalizer(turn.topic, false);
        if (!kept.isEmpty()) {
            kube.event(
                    turn.topic,
                    EventType.Normal,
                    "TopicKept",
                    "The topic " + turn.spec.topicName() + " stays: " + kept);
        }
    }

    // --- Kafka: a request for all

    private void askController(List<TopicTurn> turns, List<TopicTurn> again) {
        ask(turns, () -> {
            var absent = kafka.get().absent(names(turns));
            for (var turn : turns) {
                if (absent.contains(turn.spec.topicName())) {
                    turn.kafka = new KafkaFacts.Absent(true);
                    again.add(turn);
                } else {
                    turn.step = TopicPlan.unanswered(turn.step);
                }
            }
        });
    }

    private void countRecords(List<TopicTurn> turns, List<TopicTurn> again) {
        ask(turns, () -> {
            var topics = turns.stream().map(TopicExecutor::topicOf).toList();
            var held = kafka.get().holdRecords(topics);
            for (var turn : turns) {
                turn.holdsRecords = Optional.ofNullable(held.get(turn.spec.topicName()));
                if (turn.holdsRecords.isPresent()) {
                    again.add(turn);
                } else {
                    turn.step = TopicPlan.unanswered(turn.step);
                }
            }
        });
    }

    private static TopicPartitions topicOf(TopicTurn turn) {
        return ((Present) turn.kafka).details().topic();
    }

    private static void ask(List<TopicTurn> turns, Runnable question) {
        if (turns.isEmpty()) {
            return;
        }
        try {
            question.run();
        } catch (KafkaUnavailable | KafkaRejected e) {
            turns.forEach(turn -> turn.step = later(turn, e.getMessage()));
        }
    }

    private void create(List<TopicTurn> turns) {
        act(
                turns,
                admin -> admin.create(turns.stream()
                        .map(turn -> ((TopicStep.Create) turn.step).topic())
                        .toList()));
    }

    private void addPartitions(List<TopicTurn> turns) {
        act(
                turns,
                admin -> admin.addPartitions(turns.stream()
                        .collect(toMap(TopicExecutor::name, turn -> ((TopicStep.AddPartitions) turn.step).to()))));
    }

    private void changeConfigs(List<TopicTurn> turns) {
        act(
                turns,
                admin -> admin.alterConfigs(turns.stream()
                        .collect(toMap(TopicExecutor::name, turn -> ((TopicStep.ChangeConfig) turn.step).change()))));
    }

    private void act(List<TopicTurn> turns, Function<KafkaAdmin, Map<String, Outcome>> request) {
        ask(turns, () -> {
            var outcomes = request.apply(kafka.get());
            turns.forEach(turn -> settle(turn, outcomes.get(name(turn))));
        });
    }

    private void delete(List<TopicTurn> turns, List<TopicTurn> again) {
        ask(turns, () -> {
            var outcomes = kafka.get()
                    .delete(turns.stream()
                            .map(turn -> ((TopicStep.Delete) turn.step).topicId())
                            .collect(toSet()));
            var deleted = new ArrayList<TopicTurn>();
            for (var turn : turns) {
                var id = ((TopicStep.Delete) turn.step).topicId();
                settle(turn, outcomes.get(id));
                if (outcomes.get(id) instanceof Outcome.Done) {
                    recentlyDeleted.add(id, clock.instant());
                    turn.step = new TopicStep.Release("");
                    deleted.add(turn);
                }
            }
            inKube(deleted, TopicStep.Release.class, again, this::release);
        });
    }

    /** What became of a change is remembered; the next look tells whether the brokers have heard of it. */
    private void settle(TopicTurn turn, Outcome outcome) {
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
                turn.step = lookAgain();
            }
            case Outcome.Rejected(var message) -> {
                turn.did(act, clock.instant(), Optional.of(message));
                turn.plan(clock.instant());
            }
            case Outcome.Retry(var reason) -> turn.step = later(turn, reason);
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

    private static TopicStep later(TopicTurn turn, String why) {
        return new TopicStep.Wait(TopicReason.Applying, why, AFTER_FAILURE, !turn.memory.isSlow());
    }

    private static String name(TopicTurn turn) {
        return turn.spec.topicName();
    }

    private static List<String> names(List<TopicTurn> turns) {
        return turns.stream().map(TopicExecutor::name).toList();
    }
}
