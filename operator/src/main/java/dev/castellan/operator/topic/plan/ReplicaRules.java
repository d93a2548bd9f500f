package dev.castellan.operator.topic.plan;

import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Reassignment;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Brings each partition to the declared number of replicas, and never touches what others are moving. */
final class ReplicaRules {
    private static final Duration SOON = Duration.ofSeconds(1);

    private ReplicaRules() {}

    static Optional<TopicStep> ask(TopicSpec spec, TopicFacts facts) {
        return facts.present()
                .filter(present -> facts.replicas().isEmpty())
                .filter(present ->
                        Throttle.isSigned(Sign.TOPIC, present.details().config())
                                || !Differences.ofReplicas(spec, present).isEmpty())
                .map(present -> new TopicStep.LookAtReplicas());
    }

    /** What we began, and what is no longer wanted. */
    static Optional<TopicStep> takeBack(TopicSpec spec, TopicFacts facts) {
        return moving(facts).flatMap(now -> {
            var unwanted = now.ours().stream()
                    .filter(move -> !spec.replicationFactor().equals(Optional.of(target(move))))
                    .map(Ongoing::partition)
                    .collect(Collectors.toSet());
            return unwanted.isEmpty() ? Optional.empty() : Optional.of(new TopicStep.TakeBack(unwanted));
        });
    }

    static Optional<TopicStep> refuseWhatCannotBe(TopicSpec spec, TopicFacts facts) {
        return moving(facts).filter(now -> !now.toChange(spec).isEmpty()).flatMap(now -> {
            int factor = spec.replicationFactor().orElseThrow();
            return tooFewBrokers(factor, now)
                    .or(() -> belowMinInSync(spec, factor, now))
                    .map(message -> new TopicStep.Refuse(
                            TopicReason.ReplicationFactorDiffers, message, Differences.of(spec, now.present())));
        });
    }

    private static Optional<String> tooFewBrokers(int factor, Moving now) {
        int brokers = now.facts().brokers().size();
        return factor <= brokers
                ? Optional.empty()
                : Optional.of("spec.replicationFactor is " + factor + ", more than there are brokers (" + brokers
                        + "): declare fewer replicas, or add brokers first");
    }

    /** Kafka would take it, and silently make do with fewer acknowledgements than the topic asks for. */
    private static Optional<String> belowMinInSync(TopicSpec spec, int factor, Moving now) {
        var declared = now.present().details().config().get("min.insync.replicas");
        boolean lowers = now.toChange(spec).stream()
                .anyMatch(partition -> partition.replicas().size() > factor);
        return lowers && declared != null && declared.matches("[0-9]{1,9}") && factor < Integer.parseInt(declared)
                ? Optional.of("spec.replicationFactor is " + factor + ", but min.insync.replicas of the topic is "
                        + declared + ": lower that in spec.config first")
                : Optional.empty();
    }

    /** Whoever else is at work on the topic, or on how fast replicas are copied, is left to finish. */
    static Optional<TopicStep> leaveToOthers(TopicSpec spec, TopicFacts facts) {
        return moving(facts).filter(now -> now.isOther(spec)).flatMap(now -> {
            int factor = spec.replicationFactor().orElseThrow();
            var theirs = now.ofOthers(factor);
            boolean raises = now.toChange(spec).stream()
                    .anyMatch(partition -> partition.replicas().size() < factor);
            if (!theirs.isEmpty()) {
                var who =
                        Throttle.isSigned(Sign.CLUSTER, now.present().details().config())
                                ? "The KafkaCluster"
                                : "Somebody else";
                return waits(who + " is reassigning " + partitions(theirs) + "; goes on when that has ended");
            }
            if (raises
                    && Throttle.isOfOthers(Sign.TOPIC, now.present().details().config())) {
                return waits("Somebody else slows the topic's replicas down (leader.replication.throttled.replicas or"
                        + " follower.replication.throttled.replicas is set); goes on when these are gone");
            }
            if (raises && Throttle.isRateOfOthers(now.facts().clusterConfig())) {
                return waits("Somebody else slows all replicas down (leader.replication.throttled.rate or"
                        + " follower.replication.throttled.rate is set for the whole cluster); goes on when these are"
                        + " gone");
            }
            return Optional.empty();
        });
    }

    static Optional<TopicStep> change(TopicSpec spec, TopicFacts facts) {
        return moving(facts).filter(now -> !now.toChange(spec).isEmpty()).flatMap(now -> {
            int factor = spec.replicationFactor().orElseThrow();
            var able = now.toChange(spec).stream()
                    .filter(partition -> partition.leader() >= 0)
                    .filter(partition -> partition.replicas().size() > factor
                            ? partition.inSync().size() >= factor
                            : now.facts().canGrow(partition, factor))
                    .toList();
            var free = Reassignment.AT_A_TIME - now.facts().ongoing().size();
            if (able.isEmpty() && now.ofTopic().isEmpty()) {
                return waits(hindrance(now, now.toChange(spec), factor));
            }
            var step = new TopicStep.Reassign(factor);
            boolean spreading = facts.last()
                    .filter(last -> last.isSpreading(step, facts.now()))
                    .isPresent();
            return able.isEmpty() || free <= 0 || spreading ? waits(progress(spec, facts, now)) : Optional.of(step);
        });
    }

    private static String hindrance(Moving now, List<Partition> left, int factor) {
        return left.stream()
                .filter(partition -> partition.leader() >= 0)
                .filter(partition -> partition.replicas().size() > factor)
                .findFirst()
                .map(partition -> behind(partition, factor))
                .orElseGet(() -> left.stream().anyMatch(partition -> now.facts().isKeptByCordons(partition, factor))
                        ? cordon(now.facts())
                        : hindrance(now, factor));
    }

    /**
     * Kafka would begin, and hold on to the replicas that it chose to keep until they are in sync, with no sign of who asked for
     * it. As long as nothing has begun the change is taken back by declaring another, and whoever is back first may stay.
     */
    private static String behind(Partition partition, int factor) {
        var missing = partition.replicas().stream()
                .filter(id -> !partition.inSync().contains(id))
                .sorted()
                .map(id -> "" + id)
                .collect(Collectors.joining(", "));
        return "Partition " + partition.id() + " is to keep " + factor + " replicas, and has "
                + partition.inSync().size() + " in sync; goes on when more of those on brokers " + missing + " are";
    }

    /** The cure is its owner's to apply: nobody else knows what the cordon is for. */
    private static String cordon(ReplicaFacts facts) {
        var brokers = facts.cordoned();
        boolean isOne = brokers.size() == 1;
        return "Somebody else has cordoned " + (isOne ? "broker " : "brokers ")
                + brokers.stream().sorted().map(id -> "" + id).collect(Collectors.joining(", "))
                + (facts.cordonsBar()
                        ? ", and Kafka adds no replica to a partition of which one lies there, or is to: delete"
                        : ", and without " + (isOne ? "it" : "them") + " there are too few: delete")
                + " cordoned.log.dirs of " + (isOne ? "it" : "them") + " to go on";
    }

    private static String hindrance(Moving now, int factor) {
        return factor > now.facts().racks().size()
                ? "Only " + now.facts().racks().size() + " of "
                        + now.facts().brokers().size()
                        + " brokers can take replicas now; goes on when the others are back"
                : "The partitions that are left have no leader now; goes on when they have";
    }

    static Optional<TopicStep> awaitCopies(TopicSpec spec, TopicFacts facts) {
        return moving(facts)
                .filter(now -> !now.ours().isEmpty() || now.isOther(spec))
                .flatMap(now -> waits(progress(spec, facts, now)));
    }

    static Optional<TopicStep> unthrottle(TopicSpec spec, TopicFacts facts) {
        return moving(facts)
                .map(now -> now.present().details().config())
                .filter(config -> Throttle.isSigned(Sign.TOPIC, config))
                .map(config -> new TopicStep.Unthrottle(Throttle.none(Sign.TOPIC, config)));
    }

    private static String progress(TopicSpec spec, TopicFacts facts, Moving now) {
        var copies = facts.copies();
        int all = now.present().partitions();
        int left = Differences.ofReplicas(spec, now.present()).size();
        return (all - left) + " of " + all + " partitions have "
                + spec.replicationFactor().orElseThrow() + " replicas, "
                + now.ofTopic().size()
                + " more are under way"
                + copies.map(some -> "; " + some.percent() + "% copied").orElse("");
    }

    private static Optional<TopicStep> waits(String message) {
        return Optional.of(new TopicStep.Wait(TopicReason.Reassigning, message, SOON, false));
    }

    private static String partitions(Collection<Ongoing> moves) {
        var first = moves.stream().map(Ongoing::partition).sorted().limit(5).map(p -> "" + p);
        return "partition " + first.collect(Collectors.joining(", ")) + (moves.size() > 5 ? ", …" : "");
    }

    private static int target(Ongoing move) {
        return move.replicas().size() - move.removing().size();
    }

    private static Optional<Moving> moving(TopicFacts facts) {
        return facts.replicas().flatMap(replicas -> facts.present().map(present -> new Moving(present, replicas)));
    }

    /** The topic's partitions, and what is being done to them. */
    private record Moving(Present present, ReplicaFacts facts) {
        List<Ongoing> ofTopic() {
            return facts.of(present.details().topic().name());
        }

        List<Ongoing> ours() {
            var config = present.details().config();
            return ofTopic().stream()
                    .filter(move -> Throttle.isOurs(Sign.TOPIC, move, config))
                    .toList();
        }

        /** What only takes away, and ends as declared, is as good as ours: it needs no throttle, and bears no sign. */
        List<Ongoing> ofOthers(int factor) {
            var ours = Set.copyOf(ours());
            return ofTopic().stream()
                    .filter(move -> !ours.contains(move))
                    .filter(move -> !move.adding().isEmpty() || target(move) != factor)
                    .toList();
        }

        boolean isOther(TopicSpec spec) {
            return !Differences.ofReplicas(spec, present).isEmpty();
        }

        /** Those that differ, and that nothing is being done to. */
        List<Partition> toChange(TopicSpec spec) {
            var moving = ofTopic().stream().map(Ongoing::partition).collect(Collectors.toSet());
            return Differences.ofReplicas(spec, present).stream()
                    .filter(partition -> !moving.contains(partition.id()))
                    .toList();
        }
    }
}
