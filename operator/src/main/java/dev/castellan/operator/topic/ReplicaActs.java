package dev.castellan.operator.topic;

import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toSet;

import dev.castellan.operator.kafka.Broker;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.TopicAdmin;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.placement.Cordon;
import dev.castellan.operator.placement.Reassignment;
import dev.castellan.operator.placement.Reassignment.Move;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import dev.castellan.operator.topic.plan.Copies;
import dev.castellan.operator.topic.plan.KafkaFacts.Present;
import dev.castellan.operator.topic.plan.ReplicaFacts;
import dev.castellan.operator.topic.plan.TopicStep;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Steps that move replicas: for all topics at once, since all of them load the same brokers. */
final class ReplicaActs {
    private static final Logger LOG = LoggerFactory.getLogger(ReplicaActs.class);

    private final Supplier<TopicAdmin> kafka;
    private final KafkaActs acts;
    private final ThrottleSweep sweep;
    private final Disks disks;
    private final Cordons cordons;

    ReplicaActs(Supplier<TopicAdmin> kafka, KafkaActs acts, ThrottleSweep sweep, Disks disks, Cordons cordons) {
        this.kafka = kafka;
        this.acts = acts;
        this.sweep = sweep;
        this.disks = disks;
        this.cordons = cordons;
    }

    void look(List<TopicTurn> turns, List<TopicTurn> again) {
        KafkaActs.guarded(turns, () -> {
            var facts = facts(turns);
            keepRate(turns, facts);
            for (var turn : turns) {
                turn.replicas = Optional.of(facts);
                turn.kafka = facts.settled((Present) turn.kafka);
                again.add(turn);
            }
            measure(turns, facts);
        });
    }

    /** For the cluster's brokers replicas are moved too: who saw nothing under way a moment ago may take the rate away only now. */
    private void keepRate(List<TopicTurn> turns, ReplicaFacts facts) {
        var config = facts.clusterConfig();
        boolean isLost = !Throttle.isRateOurs(config) && !Throttle.isRateOfOthers(config);
        if (isLost && turns.stream().anyMatch(turn -> !ours(turn, facts).isEmpty())) {
            sweep.expect();
            setRate(turns, config);
        }
    }

    private void measure(List<TopicTurn> turns, ReplicaFacts facts) {
        var copied = turns.stream().filter(turn -> isCopied(turn, facts)).collect(toSet());
        disks.follow(facts.ongoing().stream().map(Ongoing::topic).collect(toSet()));
        var serving = facts.racks().keySet();
        disks.askOfCopies(copied.stream()
                .flatMap(turn -> Disks.brokers(topic(turn), facts.of(name(turn))))
                .filter(serving::contains)
                .collect(toSet()));
        turns.forEach(turn -> turn.memory.copies = copied.contains(turn) ? copies(turn, facts) : Optional.empty());
    }

    private static boolean isCopied(TopicTurn turn, ReplicaFacts facts) {
        return turn.spec.replicationFactor().isPresent()
                && ours(turn, facts).stream().anyMatch(move -> !move.adding().isEmpty());
    }

    /** Where some broker does not tell this time, what it told last is the best that is known. */
    private Optional<Copies> copies(TopicTurn turn, ReplicaFacts facts) {
        var before = turn.memory.copies;
        var factor = turn.spec.replicationFactor().orElseThrow();
        return disks.copies(topic(turn), facts.of(name(turn)), factor)
                .map(now -> before.map(now::after).orElse(now))
                .or(() -> before);
    }

    private static TopicPartitions topic(TopicTurn turn) {
        return ((Present) turn.kafka).details().topic();
    }

    private ReplicaFacts facts(List<TopicTurn> turns) {
        var admin = kafka.get();
        var brokers = admin.brokers();
        var ongoing = admin.reassignments();
        var config = admin.clusterConfig();
        var serving = brokers.stream()
                .filter(broker -> !broker.fenced())
                .map(Broker::nodeId)
                .toList();
        boolean bar = turns.getFirst().metadataVersion().map(Cordon::bars).orElse(true);
        return new ReplicaFacts(brokers, ongoing, config, cordons.ofOthers(serving, config), bar);
    }

    void takeBack(List<TopicTurn> turns) {
        acts.act(
                turns,
                admin -> admin.reassign(
                        turns.stream().collect(toMap(ReplicaActs::name, turn -> ((TopicStep.TakeBack) turn.step)
                                .partitions().stream().collect(toMap(p -> p, p -> List.<Integer>of()))))));
    }

    void unthrottle(List<TopicTurn> turns) {
        if (!turns.isEmpty()) {
            acts.act(
                    turns,
                    admin -> admin.alterConfigs(turns.stream()
                            .collect(toMap(ReplicaActs::name, turn -> ((TopicStep.Unthrottle) turn.step).change()))));
            sweep.soon(turns.stream().map(turn -> turn.ref).toList());
        }
    }

    /** Looks once more, at all replicas of the cluster, and begins as much as may be under way at a time. */
    void reassign(List<TopicTurn> turns) {
        KafkaActs.guarded(turns, () -> {
            var facts = facts(turns);
            var moves = next(turns, facts);
            var able = throttle(turns, facts, moves);
            var wanted = new HashMap<String, Map<Integer, List<Integer>>>();
            able.forEach(turn ->
                    wanted.put(name(turn), moves.get(name(turn)).stream().collect(toMap(Move::partition, Move::to))));
            var outcomes =
                    wanted.isEmpty() ? Map.<String, Outcome>of() : kafka.get().reassign(wanted);
            for (var turn : able) {
                turn.memory.atRest();
                acts.settle(turn, outcomes.get(name(turn)));
            }
        });
    }

    private Map<String, List<Move>> next(List<TopicTurn> turns, ReplicaFacts facts) {
        var topics = kafka.get().topics();
        // What others began before they were looked at, and after what is under way was, only shows in a second look.
        var busy = Stream.concat(facts.ongoing().stream(), kafka.get().reassignments().stream())
                .map(move -> move.topic() + "/" + move.partition())
                .collect(toSet());
        var ids = topics.stream().map(TopicPartitions::topicId).collect(toSet());
        var factors = turns.stream()
                .filter(turn -> ids.contains(((Present) turn.kafka).topicId()))
                .collect(toMap(ReplicaActs::name, turn -> ((TopicStep.Reassign) turn.step).replicationFactor()));
        var plan = Reassignment.of(topics, aim(facts, topics, factors));
        var inSync = inSync(topics);
        LOG.info("Replicas of {}: {}", factors, plan.figures());
        var next = new HashMap<String, List<Move>>();
        plan.moves().stream()
                .filter(move -> factors.containsKey(move.topic()))
                .filter(move -> !busy.contains(move.topic() + "/" + move.partition()))
                .filter(move -> copy(move).adding().isEmpty() || !facts.isBarred(move.to()))
                .filter(move -> mayBegin(move, inSync.getOrDefault(move.topic() + "/" + move.partition(), List.of())))
                .limit(Math.max(0, Reassignment.AT_A_TIME - facts.ongoing().size()))
                .forEach(move -> next.computeIfAbsent(move.topic(), topic -> new ArrayList<>())
                        .add(move));
        return next;
    }

    /** None where a partition has no leader. */
    private static Map<String, List<Integer>> inSync(List<TopicPartitions> topics) {
        var inSync = new HashMap<String, List<Integer>>();
        topics.forEach(topic -> topic.partitions().stream()
                .filter(partition -> partition.leader() >= 0)
                .forEach(partition -> inSync.put(topic.name() + "/" + partition.id(), partition.inSync())));
        return inSync;
    }

    /** What only takes replicas away ends at once where those that stay are in sync, and else not before they are. */
    private static boolean mayBegin(Move move, List<Integer> inSync) {
        boolean adds = !move.from().containsAll(move.to());
        return !inSync.isEmpty() && (adds || inSync.containsAll(move.to()));
    }

    /** Brokers that are away keep what they hold, even those that are not registered any more. */
    private static Reassignment.Aim aim(
            ReplicaFacts facts, List<TopicPartitions> topics, Map<String, Integer> factors) {
        var racks = facts.allRacks();
        topics.forEach(topic ->
                topic.partitions().forEach(partition -> partition.replicas().forEach(id -> racks.putIfAbsent(id, ""))));
        var closed = new HashSet<>(racks.keySet());
        closed.removeAll(facts.racks().keySet());
        return new Reassignment.Aim(racks, closed, factors, false);
    }

    /**
     * First the rate, then who keeps to it, and only then is anything copied; by a rate that is still there, which as long as nobody
     * kept to it might be taken for left behind.
     */
    private List<TopicTurn> throttle(List<TopicTurn> turns, ReplicaFacts facts, Map<String, List<Move>> moves) {
        var marks = new HashMap<String, ConfigChange>();
        var outcomes = new HashMap<String, Outcome>();
        for (var turn : turns) {
            var copies = moves.getOrDefault(name(turn), List.of()).stream()
                    .map(ReplicaActs::copy)
                    .filter(copy -> !copy.adding().isEmpty())
                    .toList();
            if (!copies.isEmpty() && Throttle.isOfOthers(Sign.TOPIC, config(turn))) {
                outcomes.put(name(turn), new Outcome.Retry("somebody else slows its replicas down"));
            } else if (!copies.isEmpty()) {
                marks.put(name(turn), Throttle.of(Sign.TOPIC, together(copies, ours(turn, facts))));
            }
        }
        if (!marks.isEmpty() && Throttle.isRateOfOthers(facts.clusterConfig())) {
            marks.keySet().forEach(topic -> outcomes.put(topic, new Outcome.Retry("somebody else has set a rate")));
        } else if (!marks.isEmpty()) {
            sweep.expect();
            setRate(turns, facts.clusterConfig());
            outcomes.putAll(kafka.get().alterConfigs(marks));
            setRate(turns, kafka.get().clusterConfig());
        }
        var able = new ArrayList<TopicTurn>();
        for (var turn : turns) {
            var marked = outcomes.getOrDefault(name(turn), new Outcome.Done());
            if (!(marked instanceof Outcome.Done)) {
                acts.settle(turn, marked);
            } else if (moves.containsKey(name(turn))) {
                able.add(turn);
            } else {
                turn.postpone("");
            }
        }
        return able;
    }

    private void setRate(List<TopicTurn> turns, Map<String, String> clusterConfig) {
        var rate = Throttle.rate(turns.getFirst().spec.terms().pace(), clusterConfig);
        if (!Throttle.isRate(rate, clusterConfig) && !Throttle.isRateOfOthers(clusterConfig)) {
            kafka.get().alterClusterConfig(Throttle.rate(rate));
        }
    }

    private static List<Ongoing> together(List<Ongoing> copies, List<Ongoing> others) {
        var all = new ArrayList<>(copies);
        all.addAll(others);
        return all;
    }

    private static List<Ongoing> ours(TopicTurn turn, ReplicaFacts facts) {
        return facts.of(name(turn)).stream()
                .filter(move -> Throttle.isOurs(Sign.TOPIC, move, config(turn)))
                .toList();
    }

    private static Map<String, String> config(TopicTurn turn) {
        return ((Present) turn.kafka).details().config();
    }

    private static Ongoing copy(Move move) {
        var adding = move.to().stream().filter(id -> !move.from().contains(id)).toList();
        return new Ongoing(move.topic(), move.partition(), move.to(), adding, List.of());
    }

    private static String name(TopicTurn turn) {
        return turn.spec.topicName();
    }
}
