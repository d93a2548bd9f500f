package dev.castellan.operator.topic.plan;

import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.Optional;
import java.util.SortedSet;

/**
 * All that is known about one topic at one moment.
 *
 * @param synced the status says that the topic is as this generation of the spec declares
 * @param known the topic that is ours, as status or our own memory has it
 * @param announced status says that we are about to create the topic: if it exists now, it is by our hand
 * @param refused status says that Kafka refused what this generation of the spec declares
 * @param managed properties that we have set, and may therefore unset
 * @param configHash of what this generation of the spec declares, if status says that the topic has had all of it
 * @param ownedBy name of the KafkaTopic that owns the topic in Kafka, if that is another one
 * @param holdsRecords if Kafka was asked
 * @param replicas what is known of replicas on the move, if Kafka was asked
 * @param copies how far replicas that we add have been copied
 * @param size what it takes on disks
 * @param last what we last did about this topic, if it was a short while ago
 * @param change what we last changed of the topic in Kafka, as far as we remember
 */
public record TopicFacts(
        Instant now,
        boolean deleting,
        boolean finalizer,
        boolean synced,
        Optional<Known> known,
        boolean announced,
        boolean refused,
        SortedSet<String> managed,
        Optional<String> configHash,
        Optional<String> ownedBy,
        boolean contested,
        ClusterFacts cluster,
        KafkaFacts kafka,
        Optional<Boolean> holdsRecords,
        Optional<ReplicaFacts> replicas,
        Optional<Copies> copies,
        Optional<Size> size,
        Optional<LastAct> last,
        Optional<Change> change) {

    /** A topic by id, in the Kafka cluster of this id. */
    public record Known(String clusterId, String topicId) {}

    /** What all replicas of a topic come to, by a look of that time. */
    public record Size(long bytes, Instant asOf) {}

    /** In words. */
    public record Change(Instant at, String what) {}

    /**
     * @param cluster the cluster's state then: if it has changed, what was refused may succeed
     * @param refusal Kafka's message, if it refused
     */
    public record LastAct(TopicStep step, Instant at, ClusterFacts cluster, Optional<String> refusal) {
        /** Brokers hear of what the controller has done within this time. */
        private static final Duration SPREADING = Duration.ofSeconds(5);

        /** What Kafka refused is tried again after this time. */
        private static final Duration REFUSED = Duration.ofMinutes(5);

        boolean isSpreading(TopicStep same, Instant time) {
            return refusal.isEmpty() && step.equals(same) && at.plus(SPREADING).isAfter(time);
        }

        Optional<String> refusalOf(TopicStep same, ClusterFacts now, Instant time) {
            return refusal.filter(message ->
                    step.equals(same) && cluster.equals(now) && at.plus(REFUSED).isAfter(time));
        }
    }

    public Optional<Present> present() {
        return kafka instanceof Present present ? Optional.of(present) : Optional.empty();
    }

    /** Properties that we have set on just this topic. */
    public SortedSet<String> managed(Present present) {
        return isKnown(present) ? managed : Collections.emptySortedSet();
    }

    /** Of just this topic. */
    public Optional<String> configHash(Present present) {
        return configHash.filter(hash -> isKnown(present));
    }

    /** Status tells of it, and not of another that had its name. */
    private boolean isKnown(Present present) {
        return known.filter(k -> k.topicId().equals(present.topicId())).isPresent();
    }

    /** The topic that is ours in the Kafka cluster that is there now. */
    public Optional<String> knownId() {
        return cluster instanceof ClusterFacts.Formed formed
                ? known.filter(k -> k.clusterId().equals(formed.clusterId())).map(Known::topicId)
                : Optional.empty();
    }

    /** It was ours in a Kafka cluster of this name that is no more. */
    public Optional<Known> knownElsewhere() {
        return cluster instanceof ClusterFacts.Formed formed
                ? known.filter(k -> !k.clusterId().equals(formed.clusterId()))
                : Optional.empty();
    }
}
