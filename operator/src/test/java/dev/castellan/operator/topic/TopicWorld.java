package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.report.TopicStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Function;

/** A Kubernetes, a Kafka, their users and their bad days, all from one seed. */
final class TopicWorld {
    private static final int EVENTS = 40;

    /** Looks that it takes until copies are complete. */
    private static final int COPYING = 9;

    final List<String> story = new ArrayList<>();
    final List<String> violations = new ArrayList<>();

    final Random random;
    final FakeClock clock = new FakeClock();
    final Kube kube = new Kube();
    final Kafka kafka = new Kafka();
    private final Map<TopicRef, Instant> pending = new HashMap<>();
    private final TopicMischief mischief;
    private final TopicJudge judge;
    final TopicOutsiders outsiders;
    private boolean scanned;
    private TopicRound round;
    private boolean faults = true;

    /** Statuses that told how far a change had come since. */
    int progress;

    /** Whose status has once said that a topic, by this id, is theirs: it may not be made a second time. */
    final Map<String, String> owned = new HashMap<>();

    TopicWorld(long seed) {
        kafka.bytes = 100_000_000; // of which a few are worth telling
        random = new Random(seed);
        mischief = new TopicMischief(this);
        judge = new TopicJudge(this);
        outsiders = new TopicOutsiders(this);
        kafka.onChange = (kind, topic) -> {
            judge.judge(kind, topic);
            if (faults && kind.equals("create") && random.nextInt(4) == 0) {
                outsiders.produce();
            }
        };
        kafka.onReassign = judge::judgeReplicas;
        kafka.beforeTopics = () -> {
            if (faults && random.nextInt(4) == 0) {
                outsiders.reassign();
            }
            if (faults && random.nextInt(4) == 0) {
                outsiders.clusterTakesTheRate();
            }
        };
        kafka.onConfig = judge::judgeConfig;
        restart();
    }

    void happen() {
        for (int i = 0; i < EVENTS; i++) {
            mischief.something();
            work();
        }
    }

    /** The faults end; a few scans later everything has to stand still. */
    void calmDown() {
        faults = false;
        kafka.down = false;
        kafka.brokersCatchUp();
        outsiders.leave();
        mischief.clusterBecomes(mischief.formed());
        mischief.changeReplicas(); // which nothing disturbs
        for (int i = 0; i < 3; i++) {
            clock.pass(Duration.ofMinutes(6));
            scan();
            quiesce();
        }
        kube.writes = 0;
        kafka.changes = 0;
        scan();
        quiesce();
        assertThat(kube.writes).as("writes while nothing changes").isZero();
        assertThat(kafka.changes).as("changes while nothing changes").isZero();
        judge.judgeEnd();
    }

    private void quiesce() {
        work();
        for (int i = 0; !pending.isEmpty(); i++) {
            assertThat(i)
                    .as("rounds until rest; still at work: %s", pending.keySet())
                    .isLessThan(200);
            var next = pending.values().stream().min(Instant::compareTo).orElseThrow();
            if (next.isAfter(clock.instant())) {
                clock.pass(Duration.between(clock.instant(), next));
            }
            if (i < COPYING) {
                outsiders.copiesGetOn();
            } else {
                kafka.copyAll();
            }
            work();
            if (i > 20 && waitsForOutside()) {
                pending.clear();
            }
        }
    }

    /** Some waits only end by somebody else's doing. */
    private boolean waitsForOutside() {
        return pending.keySet().stream().allMatch(ref -> kube.get(ref)
                .filter(topic -> TopicStanding.hasReady(topic.getStatus(), TopicReason.NotFound))
                .isPresent());
    }

    private void work() {
        kube.woken.forEach(ref -> pending.put(ref, Instant.MIN));
        kube.woken.clear();
        var due = new HashSet<TopicRef>();
        pending.forEach((ref, at) -> {
            if (!at.isAfter(clock.instant())) {
                due.add(ref);
            }
        });
        pending.keySet().removeAll(due);
        if (!due.isEmpty() || scanned) {
            scanned = false;
            try {
                round.run(due)
                        .forEach((ref, delay) -> pending.merge(
                                ref, clock.instant().plus(delay), (one, other) -> one.isBefore(other) ? one : other));
            } catch (Crash e) {
                story.add("operator dies");
                restart();
            }
        }
        kube.topics.values().forEach(topic -> TopicStanding.known(topic.getStatus())
                .ifPresent(
                        known -> owned.put(topic.getMetadata().getUid() + "/" + known.clusterId(), known.topicId())));
    }

    void restart() {
        judge.forgetWhatWasTold();
        round = new TopicRound(
                FakeKubeTopics.CLUSTER, kube, () -> kafka, clock, requests -> requests.forEach(Runnable::run));
        scan();
    }

    void scan() {
        scanned = true;
        kube.topics.keySet().forEach(name -> pending.put(FakeKubeTopics.ref(name), Instant.MIN));
    }

    /** The operator's process ends here and now. */
    private static final class Crash extends Error {
        private static final long serialVersionUID = 1L;
    }

    private void maybeCrash() {
        if (faults && random.nextInt(60) == 0) {
            throw new Crash();
        }
    }

    private boolean fails() {
        return faults && random.nextInt(12) == 0;
    }

    final class Kube extends FakeKubeTopics {
        @Override
        public KafkaTopic writeStatus(KafkaTopic seen, KafkaTopicStatus status) {
            maybeCrash();
            if (fails()) {
                throw new KubeUnavailable("no answer", null);
            }
            judge.judgeWrite(seen, status);
            var written = super.writeStatus(seen, status);
            maybeCrash();
            return written;
        }

        @Override
        public KafkaTopic setFinalizer(KafkaTopic seen, boolean on) {
            judge.judgeWrite(seen);
            maybeCrash();
            if (fails()) {
                throw new KubeUnavailable("no answer", null);
            }
            var written = super.setFinalizer(seen, on);
            maybeCrash();
            return written;
        }
    }

    final class Kafka extends FakeTopicKafka {
        String id = CLUSTER_ID;
        int changes;

        @Override
        protected void request(String kind) {
            super.request(kind);
            if (fails()) {
                throw new KafkaUnavailable(kind + ": no answer", null);
            }
            maybeCrash();
        }

        @Override
        protected Outcome attempt(Function<Void, Outcome> change) {
            if (fails()) {
                return new Outcome.Retry("not the controller");
            }
            var outcome = super.attempt(change);
            maybeCrash();
            // Done, but the answer is lost.
            return fails() ? new Outcome.Retry("timed out") : outcome;
        }
    }
}
