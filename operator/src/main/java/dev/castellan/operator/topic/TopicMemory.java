package dev.castellan.operator.topic;

import dev.castellan.operator.topic.plan.Copies;
import dev.castellan.operator.topic.plan.TopicFacts.Change;
import dev.castellan.operator.topic.plan.TopicFacts.Known;
import dev.castellan.operator.topic.plan.TopicFacts.LastAct;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicStep;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What is kept of one topic between rounds. All of it may be lost at any time: what matters is in status or in Kafka.
 * Used by its cluster's worker alone.
 */
final class TopicMemory {
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final int TOLD_AFTER = 6;

    /** Nobody would see more of it. */
    private static final Duration PROGRESS = Duration.ofSeconds(5);

    /** The object that this is about: one that was made anew under the same name starts with nothing. */
    final String uid;

    /** The topic that we created or have seen, before status says so. */
    Optional<Known> known = Optional.empty();

    Optional<LastAct> last = Optional.empty();

    /** The last of our changes that came to something. */
    Optional<Change> change = Optional.empty();

    /** Of what we have under way. */
    Optional<Copies> copies = Optional.empty();

    /** Since when another id than ours is seen under the name. */
    Optional<Instant> otherSince = Optional.empty();

    private Instant told = Instant.MIN;
    private Optional<TopicReason> waitsFor = Optional.empty();
    private int attempts;

    TopicMemory(String uid) {
        this.uid = uid;
    }

    void told(Instant now) {
        told = now;
    }

    /** The topic is looked at again as long as replicas are on the move: what is not told now is told then. */
    boolean mayTell(Instant now) {
        return !told.plus(PROGRESS).isAfter(now);
    }

    void atRest() {
        waitsFor = Optional.empty();
        attempts = 0;
    }

    /** Waiting for something else than before is getting on: however long a cluster took to form, its topic takes moments. */
    Duration backOff(TopicStep.Wait wait) {
        if (!waitsFor.equals(Optional.of(wait.reason()))) {
            waitsFor = Optional.of(wait.reason());
            attempts = 0;
        }
        return backOff(wait.recheck());
    }

    /** Doubles with each time that the topic did not get on. */
    Duration backOff(Duration first) {
        var delay = first.multipliedBy(1L << Math.min(attempts++, 12));
        return delay.compareTo(LONGEST) > 0 ? LONGEST : delay;
    }

    /** It takes so long that a user should be told what it waits for. */
    boolean isSlow() {
        return attempts >= TOLD_AFTER;
    }
}
