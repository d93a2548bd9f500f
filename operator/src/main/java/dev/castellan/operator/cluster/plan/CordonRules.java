package dev.castellan.operator.cluster.plan;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Replication;
import dev.castellan.operator.cluster.observe.AskedCordon;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.plan.Step.CordonBrokers;
import dev.castellan.operator.cluster.plan.Step.UncordonBrokers;
import dev.castellan.operator.placement.Cordon;
import java.util.Collection;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Brokers that are to go get nothing new meanwhile, so that they are empty sooner, and stay so. No safety rests on it: what they
 * hold is looked at all the same, and a broker that is not cordoned, for whatever reason, goes as well.
 */
final class CordonRules {
    /** The first at which Kafka can (KIP-1066). */
    private static final String SINCE = "4.3-IV0";

    private CordonRules() {}

    /** Of those that somebody else has cordoned, wholly or in part, nothing is changed. */
    static Optional<Step> cordon(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed).flatMap(relocation -> {
            var brokers = wanted(intent, relocation);
            brokers.retainAll(relocation.kafka().uncordoned());
            brokers.removeIf(
                    id -> wasAsked(observed, id, true) || !relocation.kafka().holdsAnything(id)); // it is about to go
            return brokers.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new CordonBrokers(
                            brokers,
                            "%s %s to go, and %s no new replicas"
                                    .formatted(
                                            Relocation.names(brokers),
                                            brokers.size() == 1 ? "is" : "are",
                                            brokers.size() == 1 ? "gets" : "get")));
        });
    }

    /** Also after an operator that died half-way, or when a broker is back that has gone without a word. */
    static Optional<Step> lift(Intent intent, ObservedCluster observed) {
        if (intent.pace().isEmpty() || !(observed.kafka() instanceof Reachable kafka)) {
            return Optional.empty();
        }
        var brokers = cordoned(
                kafka,
                intent.sets().stream()
                        .filter(NodeSet::isBroker)
                        .flatMap(set -> set.nodeIds().stream())
                        .toList());
        Relocation.of(intent, observed).ifPresent(relocation -> brokers.removeAll(wanted(intent, relocation)));
        brokers.removeIf(id -> wasAsked(observed, id, false));
        return brokers.isEmpty()
                ? Optional.empty()
                : Optional.of(new UncordonBrokers(brokers, Relocation.names(brokers) + " may get new replicas again"));
    }

    /**
     * Only while it runs a broker can be told, and Kafka would cordon whoever comes by its id. That they hold nothing is looked at
     * once more afterwards.
     */
    static Optional<Step> liftForGood(NodeSet set, ObservedCluster observed, Relocation relocation, String words) {
        var brokers = cordoned(relocation.kafka(), set.leaving());
        brokers.removeIf(id -> wasAsked(observed, id, false));
        return brokers.isEmpty()
                ? Optional.empty()
                : Optional.of(new UncordonBrokers(brokers, words + ": the cordon is lifted before the end"));
    }

    /** Those of them that we have cordoned, and that can be told. */
    private static SortedSet<Integer> cordoned(Reachable kafka, Collection<Integer> brokers) {
        var cordoned = Cordon.onRecord(kafka.config());
        cordoned.removeIf(id -> !brokers.contains(id) || !kafka.isInService(id));
        return cordoned;
    }

    private static SortedSet<Integer> wanted(Intent intent, Relocation relocation) {
        var leaving = new TreeSet<Integer>();
        if (mayCordon(relocation)) {
            intent.sets().stream().filter(NodeSet::isBroker).forEach(set -> leaving.addAll(set.leaving()));
            leaving.removeIf(id -> !relocation.kafka().isInService(id));
        }
        return leaving;
    }

    /**
     * Not while they cannot go, which may be for long; nor where those that stay are too few for the replicas that new topics get
     * by default: else these could not be created, those among them that Kafka's clients depend on.
     */
    private static boolean mayCordon(Relocation relocation) {
        long staying = relocation.staying().stream()
                .filter(id -> relocation.kafka().broker(id).isPresent())
                .count();
        int brokers = relocation.staying().size() + relocation.from().size();
        return KafkaVersions.isLevel(relocation.kafka().metadataVersion())
                && KafkaVersions.BY_LEVEL.compare(relocation.kafka().metadataVersion(), SINCE) >= 0
                && staying >= Replication.of(brokers).factor()
                && relocation.inTheWay().isEmpty();
    }

    private static boolean wasAsked(ObservedCluster observed, int broker, boolean closed) {
        return observed.askedCordons().contains(new AskedCordon(broker, closed));
    }
}
