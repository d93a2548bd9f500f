package dev.castellan.operator.topic;

import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kube.Kube.EventType;
import dev.castellan.operator.kube.KubeRejected;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.topic.plan.TopicStep;
import dev.castellan.operator.topic.report.TopicStanding;
import dev.castellan.operator.topic.report.TopicStatus;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Ends a round: writes each status that says something new, and tells when a topic is to be looked at again. */
final class TopicReporter {
    private static final Logger LOG = LoggerFactory.getLogger(TopicReporter.class);
    private static final Duration AFTER_FAILURE = Duration.ofMillis(500);

    private final KubeTopics kube;
    private final Clock clock;
    private final Together together;

    TopicReporter(KubeTopics kube, Clock clock, Together together) {
        this.kube = kube;
        this.clock = clock;
        this.together = together;
    }

    Map<TopicRef, Duration> report(List<TopicTurn> turns) {
        var again = new ConcurrentHashMap<TopicRef, Duration>();
        var writes = new ArrayList<Runnable>();
        for (var turn : turns) {
            if (turn.step instanceof TopicStep.Wait wait) {
                again.put(turn.ref, turn.memory.backOff(wait));
            }
            news(turn).ifPresentOrElse(status -> writes.add(() -> write(turn, status, again)), () -> rest(turn));
        }
        if (!writes.isEmpty()) {
            together.run(writes);
        }
        return again;
    }

    private Optional<KafkaTopicStatus> news(TopicTurn turn) {
        return TopicStatus.of(turn.topic, turn.spec, turn.facts(clock.instant()), turn.step)
                .filter(status -> TopicStatus.isNews(status, turn.topic.getStatus()))
                .filter(status -> !TopicStatus.isProgress(status, turn.topic.getStatus())
                        || turn.memory.mayTell(clock.instant()));
    }

    /** Only when there is nothing left to be written: a status that is refused again and again is no rest. */
    private static void rest(TopicTurn turn) {
        if (turn.step instanceof TopicStep.Rest && !(turn.step instanceof TopicStep.Wait)) {
            turn.memory.atRest();
        }
    }

    private void write(TopicTurn turn, KafkaTopicStatus status, Map<TopicRef, Duration> again) {
        try {
            var before = turn.topic;
            turn.topic = kube.writeStatus(before, status);
            turn.memory.told(clock.instant());
            turn.forgetWhatStatusTells();
            rest(turn);
            if (turn.step instanceof TopicStep.Refuse refuse
                    && !TopicStanding.hasReady(before.getStatus(), refuse.reason())) {
                kube.event(turn.topic, EventType.Warning, refuse.reason().name(), refuse.message());
            }
            if (turn.topic.getMetadata().getGeneration() > before.getMetadata().getGeneration()) {
                again.put(turn.ref, Duration.ZERO);
            }
        } catch (KubeUnavailable e) {
            if (turn.memory.isSlow()) {
                LOG.warn("{}: {}", turn.ref, e.getMessage());
            }
            again.put(turn.ref, turn.memory.backOff(AFTER_FAILURE));
        } catch (KubeRejected e) {
            // Of one that has just been deleted, or made anew, there is nothing to be told.
            if (kube.get(turn.ref).filter(turn::isAbout).isPresent()) {
                LOG.warn("{}: {}", turn.ref, e.getMessage());
            }
        }
    }
}
