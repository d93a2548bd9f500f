package dev.castellan.operator.topic;

import static java.util.stream.Collectors.toSet;

import dev.castellan.operator.kafka.Existence;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.TopicAdmin;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.topic.plan.KafkaFacts;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.TopicPlan;
import dev.castellan.operator.topic.plan.TopicStep;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Does what was decided about many topics: one request to Kafka for each kind of step, however many topics take it. */
final class TopicExecutor {
    private final Supplier<TopicAdmin> kafka;
    private final Clock clock;
    private final RecentlyDeleted recentlyDeleted;
    private final KubeActs kube;
    private final KafkaActs acts;
    private final ReplicaActs replicas;

    TopicExecutor(
            KubeTopics kube,
            Supplier<TopicAdmin> kafka,
            Clock clock,
            Together together,
            RecentlyDeleted recentlyDeleted,
            ThrottleSweep sweep,
            Disks disks) {
        this.kafka = kafka;
        this.clock = clock;
        this.recentlyDeleted = recentlyDeleted;
        this.kube = new KubeActs(kube, clock, together);
        this.acts = new KafkaActs(kube, kafka, clock);
        this.replicas = new ReplicaActs(kafka, acts, sweep, disks, new Cordons(kafka, clock));
    }

    /** Those that know more now and are to be decided about again at once; the others' step is where they rest. */
    List<TopicTurn> execute(List<TopicTurn> turns) {
        var again = new ArrayList<TopicTurn>();
        // What was found empty is deleted ahead of all that takes time, in which records might come; and is looked at
        // last.
        delete(with(turns, TopicStep.Delete.class));
        kube.hold(with(turns, TopicStep.Hold.class), again);
        kube.announce(with(turns, TopicStep.Announce.class), again);
        kube.release(with(turns, TopicStep.Release.class), again);
        askController(with(turns, TopicStep.AskController.class), again);
        acts.create(with(turns, TopicStep.Create.class));
        acts.addPartitions(with(turns, TopicStep.AddPartitions.class));
        acts.changeConfigs(with(turns, TopicStep.ChangeConfig.class));
        replicas.look(with(turns, TopicStep.LookAtReplicas.class), again);
        replicas.takeBack(with(turns, TopicStep.TakeBack.class));
        replicas.reassign(with(turns, TopicStep.Reassign.class));
        replicas.unthrottle(with(turns, TopicStep.Unthrottle.class));
        countRecords(with(turns, TopicStep.CountRecords.class), again);
        return again;
    }

    private static List<TopicTurn> with(List<TopicTurn> turns, Class<? extends TopicStep> kind) {
        return turns.stream().filter(turn -> kind.isInstance(turn.step)).toList();
    }

    private void askController(List<TopicTurn> turns, List<TopicTurn> again) {
        KafkaActs.guarded(turns, () -> {
            var known = kafka.get()
                    .existence(turns.stream().map(turn -> turn.spec.topicName()).toList());
            for (var turn : turns) {
                switch (known.get(turn.spec.topicName())) {
                    case Existence.Absent absent -> {
                        turn.kafka = new KafkaFacts.Absent(true);
                        again.add(turn);
                    }
                    case Existence.Exists exists -> turn.step = TopicPlan.unanswered(turn.step);
                    case Existence.Untold(var why) ->
                        turn.postpone("The brokers know no such topic, but whether it is gone the controller does not"
                                + " tell: " + why);
                }
            }
        });
    }

    private void countRecords(List<TopicTurn> turns, List<TopicTurn> again) {
        KafkaActs.guarded(turns, () -> {
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

    /** Those whose topic has gone are released next. */
    private void delete(List<TopicTurn> turns) {
        KafkaActs.guarded(turns, () -> {
            var outcomes = kafka.get()
                    .delete(turns.stream()
                            .map(turn -> ((TopicStep.Delete) turn.step).topicId())
                            .collect(toSet()));
            for (var turn : turns) {
                var id = ((TopicStep.Delete) turn.step).topicId();
                acts.settle(turn, outcomes.get(id));
                if (outcomes.get(id) instanceof Outcome.Done) {
                    recentlyDeleted.add(id, clock.instant());
                    turn.step = new TopicStep.Release("");
                }
            }
        });
    }
}
