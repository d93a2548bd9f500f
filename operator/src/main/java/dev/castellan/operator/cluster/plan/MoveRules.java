package dev.castellan.operator.cluster.plan;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toMap;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Shareless;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.MarkShareless;
import dev.castellan.operator.cluster.plan.Step.MoveReplicas;
import dev.castellan.operator.cluster.plan.Step.SetThrottle;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.TakeBackMoves;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.placement.Pace;
import dev.castellan.operator.placement.Reassignment.Move;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Moves replicas away from brokers that are to go, and to new ones, under a throttle that bears our sign. What is under way
 * is known by that sign alone, so that it is found, gone on with, or taken back, whoever began it and however long ago.
 */
final class MoveRules {
    private static final Duration RECHECK = Duration.ofSeconds(1);

    private MoveRules() {}

    /** What we began, and what is no longer wanted: the user has changed the number again. */
    static Optional<Step> takeBack(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed).flatMap(relocation -> {
            var unwanted = relocation.moves().ours().stream()
                    .filter(move -> !relocation.isWanted(move))
                    .collect(groupingBy(
                            Ongoing::topic, TreeMap::new, mapping(Ongoing::partition, toCollection(TreeSet::new))));
            return unwanted.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new TakeBackMoves(
                            unwanted,
                            "moves that are no longer wanted are taken back: " + Relocation.some(unwanted.keySet())));
        });
    }

    /**
     * Should they stay after all, they get back what is taken from them now; else the shares of who is left are evened. Of a
     * set that goes as a whole nobody is left to remember that: there it is all that stay.
     */
    static Optional<Step> noteLeaving(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed)
                .filter(relocation ->
                        relocation.left() > 0 && relocation.inTheWay().isEmpty())
                .flatMap(relocation -> {
                    var marks = new TreeMap<String, String>();
                    boolean isWhole = intent.sets().stream().anyMatch(MoveRules::goesAsAWhole);
                    intent.sets().stream().filter(NodeSet::isBroker).forEach(set -> observed.inventory()
                            .statefulSet(set.name())
                            .map(Shareless::of)
                            .filter(known -> known.addAll(isWhole ? set.nodeIds() : set.leaving()))
                            .ifPresent(ids -> marks.put(set.name(), Shareless.mark(ids))));
                    return marks.isEmpty()
                            ? Optional.empty()
                            : Optional.of(new MarkShareless(
                                    marks, relocation.brokers() + " will have no share of the replicas any more"));
                });
    }

    /** Unless nothing that could be moved would bring them nearer to each other, as where one partition is larger than all else. */
    static Optional<Step> noteSkew(Intent intent, ObservedCluster observed) {
        var limit = intent.pace().flatMap(Pace::whenSkewAbove);
        return limit.flatMap(any -> Relocation.atRest(intent, observed)).flatMap(relocation -> {
            var skew = relocation.skew();
            return skew <= limit.get() || relocation.toBeEven().isEmpty()
                    ? Optional.empty()
                    : Optional.of(new MarkShareless(
                            observed.inventory().statefulSets().stream()
                                    .filter(MoveRules::isOfBrokers)
                                    .collect(toMap(
                                            set -> set.getMetadata().getName(),
                                            set -> Shareless.ALL,
                                            (a, b) -> a,
                                            TreeMap::new)),
                            "the fullest broker holds %d%% more than the average, and spec.rebalance.whenSkewAbove is %d: all get an even share"
                                    .formatted(skew, limit.get())));
        });
    }

    private static boolean isOfBrokers(StatefulSet set) {
        return set.getMetadata().getLabels().containsKey(Labels.BROKER);
    }

    private static boolean goesAsAWhole(NodeSet set) {
        return set.isBroker() && set.staying() == 0 && set.replicas() > 0;
    }

    static Optional<Step> move(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed)
                .filter(relocation -> relocation.inTheWay().isEmpty() && !relocation.isForThoseToCome())
                .filter(relocation -> !restartsComeFirst(intent, observed, relocation))
                .flatMap(relocation -> move(relocation, MovesInVain.of(observed)))
                .filter(move -> LatelyRules.mayAsk(observed, move));
    }

    /** Restarts wait for replicas in sync; but who is to go and is down is not waited for, nor who has gone with some of them. */
    private static boolean restartsComeFirst(Intent intent, ObservedCluster observed, Relocation relocation) {
        return !Outdated.nodes(observed).isEmpty()
                && RolloutRules.held(intent, observed).isEmpty()
                && observed.nodes().stream().filter(ObservedNode::isLeaving).allMatch(ObservedNode::isReady)
                && relocation.from().stream().allMatch(id -> observed.node(id).isPresent());
    }

    private static Optional<Step> move(Relocation relocation, MovesInVain inVain) {
        var wanted = relocation.wanted();
        var moves = relocation.next(wanted, inVain);
        if (moves.isEmpty()) {
            return Optional.empty();
        }
        var copies = moves.stream()
                .map(MoveRules::copy)
                .collect(groupingBy(Ongoing::topic, TreeMap::new, toCollection(ArrayList<Ongoing>::new)));
        relocation.moves().ours().stream()
                .filter(move -> copies.containsKey(move.topic()))
                .forEach(move -> copies.get(move.topic()).add(move));
        var marks = new TreeMap<String, ConfigChange>();
        copies.forEach((topic, all) -> marks.put(topic, Throttle.of(Sign.CLUSTER, all)));
        return Optional.of(new MoveReplicas(
                moves,
                marks,
                newRateOf(relocation),
                progress(relocation, wanted) + "; " + moves.size() + " are begun"));
    }

    private static Ongoing copy(Move move) {
        var removing = Relocation.removing(move);
        var all = new ArrayList<>(move.to());
        all.addAll(removing);
        return new Ongoing(move.topic(), move.partition(), all, Relocation.adding(move), removing);
    }

    private static Optional<ConfigChange> newRateOf(Relocation relocation) {
        return Throttle.isRate(relocation.rate(), relocation.kafka().config())
                ? Optional.empty()
                : Optional.of(Throttle.rate(relocation.rate()));
    }

    /**
     * What slows nothing down any more goes, ahead of all that is begun anew: as long as a topic names a copy that is not
     * under way, that has only just ended, and whoever told of the topic may not know it yet.
     */
    static Optional<Step> unmark(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed).flatMap(relocation -> {
            var moves = relocation.moves();
            var ours = moves.ours().stream().collect(groupingBy(Ongoing::topic));
            var changes = new TreeMap<String, ConfigChange>();
            moves.topicConfig().forEach((topic, config) -> {
                if (Throttle.isSigned(Sign.CLUSTER, config)) {
                    var change = ours.containsKey(topic)
                            ? Throttle.of(Sign.CLUSTER, ours.get(topic))
                            : Throttle.none(Sign.CLUSTER, config);
                    if (!config.entrySet().containsAll(change.set().entrySet())
                            || !change.unset().isEmpty()) {
                        changes.put(topic, change);
                    }
                }
            });
            return changes.isEmpty()
                    ? Optional.empty()
                    : Optional.of(new SetThrottle(
                            changes,
                            Optional.empty(),
                            "replicas have moved, nothing slows them down any more: "
                                    + Relocation.some(changes.keySet())));
        });
    }

    /** It follows the spec, and goes last. */
    static Optional<Step> rate(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed)
                .flatMap(relocation -> relocation.moves().ours().isEmpty() ? noRate(relocation) : newRate(relocation));
    }

    private static Optional<Step> newRate(Relocation relocation) {
        return Throttle.isRateOfOthers(relocation.kafka().config())
                ? Optional.empty()
                : newRateOf(relocation)
                        .map(rate -> new SetThrottle(
                                Map.of(), Optional.of(rate), "replicas move as fast as spec.rebalance says"));
    }

    private static Optional<Step> noRate(Relocation relocation) {
        boolean inUse = !relocation.moves().ongoing().isEmpty()
                || relocation.moves().topicConfig().values().stream().anyMatch(Throttle::isSigned);
        return inUse || !Throttle.isRateOurs(relocation.kafka().config())
                ? Optional.empty()
                : Optional.of(new SetThrottle(
                        Map.of(),
                        Optional.of(Throttle.noRate(relocation.kafka().config())),
                        "no replicas move any more: nothing is slowed down"));
    }

    /** New brokers have their share, as far as there is one for them. */
    static Optional<Step> levelled(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed)
                .filter(Relocation::isLevel)
                .map(relocation -> new MarkShareless(
                        observed.inventory().statefulSets().stream()
                                .filter(set -> !Shareless.of(set).isEmpty())
                                .collect(toMap(
                                        set -> set.getMetadata().getName(), set -> "", (a, b) -> a, TreeMap::new)),
                        "%s %s a share of the replicas"
                                .formatted(
                                        Relocation.names(relocation.filling()),
                                        relocation.filling().size() == 1 ? "has" : "have")));
    }

    /** Whom nobody waits for, since it is for others to say when; but it is not forgotten. */
    static String unlevelled(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed)
                .filter(Relocation::isLevelButForCordons)
                .map(relocation -> "; but %s %s no even share of the replicas: %s"
                        .formatted(
                                Relocation.names(relocation.filling()),
                                relocation.filling().size() == 1 ? "has" : "have",
                                Barred.cordon(relocation.cordoned())))
                .orElse("");
    }

    /** Last but for what only the user can help: all else goes on meanwhile. */
    static Optional<Wait> await(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed)
                .filter(relocation -> relocation.underWay() > 0
                        || (relocation.isLevelling() && !relocation.isLevelButForCordons())
                        || (relocation.left() > 0 && relocation.inTheWay().isEmpty()))
                .map(relocation -> new Wait(told(relocation), RECHECK));
    }

    private static String told(Relocation relocation) {
        var wanted = relocation.wanted();
        var progress = progress(relocation, wanted);
        if (relocation.underWay() == 0) {
            return progress + ": " + relocation.hindrance(wanted);
        }
        var barred = relocation.barred(wanted);
        return barred.isEmpty() ? progress : progress + "; " + barred.words();
    }

    private static String progress(Relocation relocation, List<Move> coming) {
        var load = relocation.load(coming).words() + RaiseRules.told(relocation);
        if (relocation.isLevelling()) {
            return "%s %s to get a share of the replicas: %d partitions are being moved, %d are left%s"
                    .formatted(
                            Relocation.names(relocation.filling()),
                            relocation.filling().size() == 1 ? "is" : "are",
                            relocation.underWay(),
                            coming.size(),
                            load);
        }
        return "%s %s to hold nothing: %d partitions are being moved, %d are left%s"
                .formatted(
                        relocation.brokers(),
                        relocation.from().size() == 1 ? "is" : "are",
                        relocation.underWay(),
                        relocation.left(),
                        load);
    }

    static Optional<Stall> refuse(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed)
                .map(Relocation::inTheWay)
                .filter(topics -> !topics.isEmpty())
                .map(topics -> new Stall(StallReason.ScaleDownBlocked, blocked(intent, observed, topics)));
    }

    /** For whoever waits ahead of it, and perhaps as long: what only the user can help, with brokers that are to go or to get more. */
    static String besides(Intent intent, ObservedCluster observed) {
        return refuse(intent, observed)
                .map(Stall::reason)
                .or(() -> standstill(intent, observed))
                .map(reason -> "; " + reason)
                .orElse("");
    }

    private static Optional<String> standstill(Intent intent, ObservedCluster observed) {
        return Relocation.of(intent, observed)
                .filter(relocation -> relocation.underWay() == 0)
                .map(relocation -> relocation.barred(relocation.wanted()))
                .filter(barred -> !barred.isEmpty())
                .map(Barred::words);
    }

    private static String blocked(Intent intent, ObservedCluster observed, Map<String, Integer> topics) {
        var relocation = Relocation.of(intent, observed).orElseThrow();
        List<String> names = topics.entrySet().stream()
                .map(topic -> topic.getKey() + " (" + topic.getValue() + ")")
                .toList();
        return "%s cannot go: %d brokers would be left, and these topics have more replicas: %s; lower their"
                        .formatted(relocation.brokers(), relocation.staying().size(), Relocation.some(names))
                + " replication factor, delete them, or set the "
                + (intent.sets().stream().anyMatch(MoveRules::goesAsAWhole) ? "pool or zone" : "number")
                + " back";
    }
}
