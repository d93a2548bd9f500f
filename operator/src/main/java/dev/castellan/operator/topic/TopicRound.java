package dev.castellan.operator.topic;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toSet;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kafka.TopicAdmin;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.KafkaFacts;
import dev.castellan.operator.topic.plan.TopicFacts.Known;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.plan.TopicStep;
import dev.castellan.operator.topic.plan.TopicTerms;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Brings a batch of topics of one cluster forward: looks at all of them in one request, decides about each, acts for all
 * that need the same in one request, and writes the statuses that have changed. Used by one thread at a time.
 */
public final class TopicRound {
    /** Longer than any broker in service lags behind the controller. */
    private static final Duration SETTLED = Duration.ofSeconds(10);

    /** A turn may look, hold, announce, and ask before it acts. */
    private static final int PHASES = 6;

    private final ClusterKey cluster;
    private final KubeTopics kube;
    private final Supplier<TopicAdmin> kafka;
    private final Clock clock;
    private final TopicExecutor executor;
    private final TopicReporter reporter;
    private final ThrottleSweep sweep;
    private final Disks disks;
    private final Map<TopicRef, TopicMemory> memories = new HashMap<>();
    private final RecentlyDeleted recentlyDeleted = new RecentlyDeleted();

    public TopicRound(ClusterKey cluster, KubeTopics kube, Supplier<TopicAdmin> kafka, Clock clock, Together together) {
        this.cluster = cluster;
        this.kube = kube;
        this.kafka = kafka;
        this.clock = clock;
        this.sweep = new ThrottleSweep(kafka, clock);
        this.disks = new Disks(kafka, clock);
        this.executor = new TopicExecutor(kube, kafka, clock, together, recentlyDeleted, sweep, disks);
        this.reporter = new TopicReporter(kube, clock, together);
    }

    /** When to look again at those topics that have not come to rest. */
    public Map<TopicRef, Duration> run(Collection<TopicRef> refs) {
        var facts = kube.cluster(cluster);
        var terms = kube.terms(cluster);
        var turns =
                refs.stream().flatMap(ref -> turn(ref, facts, terms).stream()).toList();
        if (facts instanceof ClusterFacts.Formed) {
            look(turns);
        }
        var again = new HashMap<TopicRef, Duration>();
        var active = turns;
        for (int phase = 0; phase < PHASES && !active.isEmpty(); phase++) {
            active.forEach(turn -> turn.plan(clock.instant()));
            active = executor.execute(active);
        }
        active.forEach(turn -> again.put(turn.ref, Duration.ZERO));
        disks.weigh(turns);
        again.putAll(reporter.report(turns));
        if (facts instanceof ClusterFacts.Formed) {
            sweep.run(terms.pace()).forEach(again::putIfAbsent);
        }
        turns.stream()
                .filter(turn -> turn.step instanceof TopicStep.Nothing)
                .forEach(turn -> memories.remove(turn.ref));
        return again;
    }

    private Optional<TopicTurn> turn(TopicRef ref, ClusterFacts facts, TopicTerms terms) {
        // One that was made anew for another cluster is none of ours, whatever its predecessor was, and whoever woke us
        // for it.
        var topic = kube.get(ref).filter(found -> TopicSpec.clusterOf(found).equals(Optional.of(cluster)));
        if (topic.isEmpty()) {
            memories.remove(ref);
        }
        return topic.map(resource -> claims(new TopicTurn(resource, memory(ref, resource), facts, terms)));
    }

    private TopicMemory memory(TopicRef ref, KafkaTopic topic) {
        var uid = topic.getMetadata().getUid();
        return memories.compute(
                ref, (key, memory) -> memory != null && memory.uid.equals(uid) ? memory : new TopicMemory(uid));
    }

    /** Of several that declare the same topic the oldest owns it; who has no leave to has no claim. */
    private TopicTurn claims(TopicTurn turn) {
        var topicName = turn.spec.topicName();
        var claimants = kube.claimants(cluster, topicName).stream()
                .filter(topic -> turn.spec.terms().allow(topic.getMetadata().getNamespace(), topicName))
                .toList();
        turn.contested = claimants.size() > 1;
        turn.ownedBy = claimants.stream()
                .min(comparing((KafkaTopic topic) -> topic.getMetadata().getCreationTimestamp())
                        .thenComparing(topic -> topic.getMetadata().getName())
                        .thenComparing(topic -> topic.getMetadata().getNamespace()))
                .map(TopicRef::of)
                .filter(owner -> !owner.equals(turn.ref))
                .map(owner -> owner.nameFor(turn.ref.namespace()));
        return turn;
    }

    private void look(List<TopicTurn> turns) {
        var asked = turns.stream()
                .filter(turn -> turn.ownedBy.isEmpty() && turn.spec.refusal().isEmpty())
                .filter(turn -> !turn.topic.isMarkedForDeletion() || turn.topic.hasFinalizer(Finalizer.NAME))
                .toList();
        if (asked.isEmpty()) {
            return;
        }
        try {
            var names = asked.stream().map(turn -> turn.spec.topicName()).collect(toSet());
            var found = kafka.get().describe(names);
            var now = clock.instant();
            asked.forEach(turn -> turn.kafka = seen(turn, found.get(turn.spec.topicName()), now));
        } catch (KafkaUnavailable | KafkaRejected e) {
            asked.forEach(turn -> turn.kafka = new KafkaFacts.Unknown("Kafka does not answer: " + e.getMessage()));
        }
    }

    private KafkaFacts seen(TopicTurn turn, TopicDetails details, Instant now) {
        if (details == null || recentlyDeleted.contains(details.topic().topicId(), now)) {
            turn.memory.otherSince = Optional.empty();
            return new KafkaFacts.Absent(false);
        }
        var known = turn.facts(now).known().map(Known::topicId);
        var isOther = known.isPresent() && !known.get().equals(details.topic().topicId());
        turn.memory.otherSince = isOther ? turn.memory.otherSince.or(() -> Optional.of(now)) : Optional.empty();
        return new KafkaFacts.Present(
                details,
                turn.memory
                        .otherSince
                        .filter(since -> !since.plus(SETTLED).isAfter(now))
                        .isPresent());
    }
}
