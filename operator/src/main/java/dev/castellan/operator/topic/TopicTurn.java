package dev.castellan.operator.topic;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.operator.topic.plan.ChangeWords;
import dev.castellan.operator.topic.plan.ClusterFacts;
import dev.castellan.operator.topic.plan.ClusterFacts.Formed;
import dev.castellan.operator.topic.plan.KafkaFacts;
import dev.castellan.operator.topic.plan.ReplicaFacts;
import dev.castellan.operator.topic.plan.TopicFacts;
import dev.castellan.operator.topic.plan.TopicFacts.Change;
import dev.castellan.operator.topic.plan.TopicFacts.Known;
import dev.castellan.operator.topic.plan.TopicFacts.LastAct;
import dev.castellan.operator.topic.plan.TopicFacts.Size;
import dev.castellan.operator.topic.plan.TopicPlan;
import dev.castellan.operator.topic.plan.TopicReason;
import dev.castellan.operator.topic.plan.TopicSpec;
import dev.castellan.operator.topic.plan.TopicStep;
import dev.castellan.operator.topic.plan.TopicTerms;
import dev.castellan.operator.topic.report.TopicStanding;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.TreeSet;

/** One topic in one round: what is known of it, and what has come of it so far. */
final class TopicTurn {
    private static final Duration AFTER_FAILURE = Duration.ofMillis(200);

    final TopicRef ref;
    final TopicMemory memory;
    final TopicSpec spec;
    KafkaTopic topic;
    KafkaFacts kafka = new KafkaFacts.Unknown("Kafka was not asked");
    Optional<String> ownedBy = Optional.empty();
    boolean contested;
    Optional<Boolean> holdsRecords = Optional.empty();
    Optional<ReplicaFacts> replicas = Optional.empty();
    Optional<Size> size = Optional.empty();

    /** Id of the lost topic that a new one is made for. */
    Optional<String> replaces = Optional.empty();

    TopicStep step;

    private final ClusterFacts cluster;

    TopicTurn(KafkaTopic topic, TopicMemory memory, ClusterFacts cluster, TopicTerms terms) {
        this.ref = TopicRef.of(topic);
        this.topic = topic;
        this.memory = memory;
        this.cluster = cluster;
        this.spec = TopicSpec.of(topic, terms);
    }

    TopicFacts facts(Instant now) {
        var status = topic.getStatus();
        var managed = new TreeSet<String>();
        if (status != null && status.managedConfig != null) {
            managed.addAll(status.managedConfig);
        }
        return new TopicFacts(
                now,
                topic.isMarkedForDeletion(),
                topic.hasFinalizer(Finalizer.NAME),
                TopicStanding.isSynced(topic),
                known(),
                cluster instanceof Formed formed && TopicStanding.isAnnounced(status, formed.clusterId()),
                TopicStanding.isRefused(topic),
                managed,
                TopicStanding.configHash(topic),
                ownedBy,
                contested,
                cluster,
                kafka,
                holdsRecords,
                replicas,
                memory.copies,
                size,
                memory.last,
                memory.change);
    }

    /** And not another of its name. */
    boolean isAbout(KafkaTopic other) {
        return memory.uid.equals(other.getMetadata().getUid());
    }

    Optional<String> clusterId() {
        return cluster instanceof Formed formed ? Optional.of(formed.clusterId()) : Optional.empty();
    }

    /** Of the cluster; empty where nobody knows. */
    Optional<String> metadataVersion() {
        return cluster instanceof Formed formed ? formed.metadataVersion() : Optional.empty();
    }

    /** What we remember counts only for the Kafka cluster that is there now; status may know a newer one. */
    private Optional<Known> known() {
        var here = clusterId();
        return memory.known
                .filter(known -> here.equals(Optional.of(known.clusterId())))
                .or(() -> TopicStanding.known(topic.getStatus()));
    }

    /** From now on it is status that knows whose the topic is: it may have become another than we had made. */
    void forgetWhatStatusTells() {
        if (kafka instanceof KafkaFacts.Present present && present.topicId().equals(topic.getStatus().topicId)) {
            memory.known = Optional.empty();
        }
    }

    TopicStep plan(Instant now) {
        var facts = facts(now);
        step = TopicPlan.next(spec, facts);
        if (step instanceof TopicStep.Announce || step instanceof TopicStep.Create) {
            replaces = replaces.or(facts::knownId);
        }
        return step;
    }

    void did(TopicStep act, Instant now, Optional<String> refusal) {
        memory.last = Optional.of(new LastAct(act, now, cluster, refusal));
        if (refusal.isEmpty()) {
            memory.change = ChangeWords.of(act, kafka)
                    .map(what -> new Change(now, what))
                    .or(() -> memory.change);
        }
    }

    /** It did not work out: to be tried again, and told of once that takes long. */
    void postpone(String why) {
        step = new TopicStep.Wait(TopicReason.Applying, why, AFTER_FAILURE, !memory.isSlow());
    }
}
