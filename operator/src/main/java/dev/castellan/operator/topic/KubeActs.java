package dev.castellan.operator.topic;

import dev.castellan.operator.kube.Kube.EventType;
import dev.castellan.operator.kube.KubeRejected;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.topic.plan.TopicStep;
import dev.castellan.operator.topic.report.TopicStatus;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps that are taken in Kubernetes: a request for each topic, many at a time. */
final class KubeActs {
    private static final Logger LOG = LoggerFactory.getLogger(KubeActs.class);

    private final KubeTopics kube;
    private final Clock clock;
    private final Together together;

    KubeActs(KubeTopics kube, Clock clock, Together together) {
        this.kube = kube;
        this.clock = clock;
        this.together = together;
    }

    void hold(List<TopicTurn> turns, List<TopicTurn> again) {
        each(turns, again, turn -> turn.topic = kube.setFinalizer(turn.topic, true));
    }

    void announce(List<TopicTurn> turns, List<TopicTurn> again) {
        each(turns, again, this::announce);
    }

    void release(List<TopicTurn> turns, List<TopicTurn> again) {
        each(turns, again, this::release);
    }

    private void each(List<TopicTurn> turns, List<TopicTurn> again, Consumer<TopicTurn> act) {
        if (!turns.isEmpty()) {
            together.run(turns.stream()
                    .<Runnable>map(turn -> () -> guarded(turn, act))
                    .toList());
            turns.stream()
                    .filter(turn -> !(turn.step instanceof TopicStep.Rest))
                    .forEach(again::add);
        }
    }

    private static void guarded(TopicTurn turn, Consumer<TopicTurn> act) {
        try {
            act.accept(turn);
        } catch (KubeUnavailable | KubeRejected e) {
            if (turn.memory.isSlow()) {
                LOG.warn("{}: {}", turn.ref, e.getMessage());
            }
            turn.postpone(e.getMessage());
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
}
