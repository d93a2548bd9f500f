package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.Shareless;
import dev.castellan.operator.cluster.observe.Inventory;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedMoves;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Rate;
import dev.castellan.operator.placement.Reassignment;
import dev.castellan.operator.placement.Reassignment.Aim;
import dev.castellan.operator.placement.Reassignment.Move;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import java.time.Duration;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * What still lies on brokers that are to go, or have gone, and where it goes instead: one plan for all of them. And where
 * none are to go, what goes to new ones. Made of what Kafka says now, so that whoever makes it anew goes on where it stands.
 *
 * @param from the brokers that are to hold nothing
 * @param staying the brokers that the cluster is to have
 * @param coming those of them that have not come into service yet
 * @param filling those of them that are to get their share
 */
record Relocation(
        Intent intent,
        Reachable kafka,
        ObservedMoves moves,
        SortedSet<Integer> from,
        SortedSet<Integer> staying,
        SortedSet<Integer> coming,
        SortedSet<Integer> filling) {

    private static final int TOLD = 5;
    private static final long MEBI = 1024 * 1024;

    /** Empty where nobody can tell, or the spec is not understood. */
    static Optional<Relocation> of(Intent intent, ObservedCluster observed) {
        return intent.pace().isPresent() && observed.kafka() instanceof Reachable kafka
                ? observed.moves().map(moves -> of(intent, kafka, moves, observed.inventory()))
                : Optional.empty();
    }

    /** The same where nobody needs to have looked for moves, since none begins before somebody has. */
    static Optional<Relocation> atRest(Intent intent, ObservedCluster observed) {
        return intent.pace().isPresent() && observed.kafka() instanceof Reachable kafka
                ? Optional.of(of(intent, kafka, observed.moves().orElse(ObservedMoves.NONE), observed.inventory()))
                        .filter(Relocation::isAtRest)
                : Optional.empty();
    }

    private static Relocation of(Intent intent, Reachable kafka, ObservedMoves moves, Inventory inventory) {
        var from = new TreeSet<Integer>();
        var staying = new TreeSet<Integer>();
        for (var set : intent.sets()) {
            if (set.isBroker()) {
                from.addAll(set.leaving());
                staying.addAll(set.nodeIds());
            }
        }
        staying.removeAll(from);
        kafka.brokers().stream()
                .map(broker -> broker.nodeId())
                .filter(id -> intent.sets().stream().anyMatch(set -> set.hasLost(id)))
                .forEach(from::add);
        var shareless = new TreeSet<Integer>();
        var filling = new TreeSet<Integer>();
        inventory.statefulSets().forEach(set -> {
            shareless.addAll(Shareless.of(set));
            filling.addAll(Shareless.toFill(set, intent.pace().orElseThrow()));
        });
        shareless.retainAll(staying);
        filling.retainAll(staying);
        return new Relocation(intent, kafka, moves, from, staying, coming(shareless, kafka), filling);
    }

    /** Neither in service, nor down with what they hold. */
    private static SortedSet<Integer> coming(Collection<Integer> brokers, Reachable kafka) {
        var coming = new TreeSet<>(brokers);
        coming.removeIf(
                id -> kafka.broker(id).filter(broker -> !broker.fenced()).isPresent());
        if (!coming.isEmpty()) { // seldom, and there may be a great many replicas
            kafka.topics().stream()
                    .flatMap(topic -> topic.partitions().stream())
                    .forEach(partition -> partition.replicas().forEach(coming::remove));
        }
        return coming;
    }

    boolean isAny(Collection<Integer> brokers) {
        return brokers.stream().anyMatch(from::contains);
    }

    /** A move that is under way, and of use. */
    boolean isWanted(Ongoing move) {
        return isLevelling() ? fills(move.removing(), move.adding()) : isAny(move.removing()) && !isAny(move.adding());
    }

    /** Nothing goes from those that are to get more to those that are not. */
    private boolean fills(Collection<Integer> giving, Collection<Integer> taking) {
        return giving.stream().noneMatch(filling::contains) || taking.stream().anyMatch(filling::contains);
    }

    /** Not while brokers go: what is level then would not be afterwards. */
    boolean isLevelling() {
        return from.isEmpty() && !filling.isEmpty();
    }

    /** As they will be when all that is under way has ended. */
    List<TopicPartitions> finished() {
        return moves.finished(kafka.topics());
    }

    /** Partitions that nobody has begun to move yet. */
    int left() {
        return (int) finished().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(partition -> isAny(partition.replicas()))
                .count();
    }

    long underWay() {
        return moves.ours().stream().filter(this::isWanted).count();
    }

    /** Topics that have more replicas than there will be brokers, with how many. */
    Map<String, Integer> inTheWay() {
        var found = new TreeMap<String, Integer>();
        for (var topic : finished()) {
            topic.partitions().stream()
                    .filter(partition -> isAny(partition.replicas()) && !fits(partition))
                    .forEach(partition ->
                            found.merge(topic.name(), partition.replicas().size(), Math::max));
        }
        return found;
    }

    private boolean fits(Partition partition) {
        var brokers = new HashSet<>(staying);
        partition.replicas().stream()
                .filter(id -> kafka.broker(id).isPresent() && !from.contains(id))
                .forEach(brokers::add);
        return brokers.size() >= partition.replicas().size();
    }

    /** Those to begin now: as many as may be under way at a time, and none that others are at. */
    List<Move> next(List<Move> wanted, MovesInVain inVain) {
        int free = Reassignment.AT_A_TIME - moves.ongoing().size();
        if (free <= 0 || Throttle.isRateOfOthers(kafka.config())) {
            return List.of();
        }
        var busy = busy();
        var leaderless = leaderless();
        var barred = barred(wanted);
        return inVain.inTurn(wanted).stream()
                .filter(move -> mayThrottle(move.topic()))
                .filter(move -> !busy.contains(TopicPartitions.nameOf(move.topic(), move.partition())))
                .filter(move -> !leaderless.contains(TopicPartitions.nameOf(move.topic(), move.partition())))
                .filter(move -> !barred.contains(move))
                .limit(free)
                .toList();
    }

    /** Nobody comes, goes or is filled. */
    private boolean isAtRest() {
        return from.isEmpty() && filling.isEmpty() && coming.isEmpty() && areInService(staying);
    }

    /** How many percent more bytes the fullest broker holds than brokers do on average. */
    int skew() {
        var held = new TreeMap<Integer, Long>();
        staying.forEach(id -> held.put(id, 0L));
        for (var topic : kafka.topics()) {
            for (var partition : topic.partitions()) {
                long bytes = kafka.sizes().of(topic.name(), partition.id());
                partition.replicas().forEach(id -> held.computeIfPresent(id, (broker, sum) -> sum + bytes));
            }
        }
        double mean =
                held.values().stream().mapToLong(Long::longValue).average().orElse(0);
        long most = held.values().stream().max(Long::compare).orElse(0L);
        return mean == 0 ? 0 : (int) Math.round(100 * (most - mean) / mean);
    }

    /** All that would be moved if all brokers were to get even shares. */
    List<Move> toBeEven() {
        return Reassignment.of(known(), aim(true, staying, kafka.cordonedByOthers()))
                .moves();
    }

    /** What is to be copied, by what is known of sizes, of moves to come and of those under way, and how long that takes at least. */
    Load load(List<Move> coming) {
        var into = new TreeMap<Integer, Long>();
        for (var move : coming) {
            adding(move).forEach(id -> into.merge(id, kafka.sizes().of(move.topic(), move.partition()), Long::sum));
        }
        for (var move : moves.ours()) {
            if (isWanted(move)) {
                move.adding()
                        .forEach(id -> into.merge(id, kafka.sizes().of(move.topic(), move.partition()), Long::sum));
            }
        }
        long busiest = into.values().stream().max(Long::compare).orElse(0L);
        return new Load(
                into.values().stream().mapToLong(Long::longValue).sum(),
                Duration.ofSeconds(busiest / rate().bytesPerSecond()));
    }

    /** In force, or about to be. */
    Rate rate() {
        return Throttle.rate(intent.pace().orElseThrow(), kafka.config());
    }

    /** All that nobody has begun yet. */
    List<Move> wanted() {
        if (isLevelling()) {
            return levelling(kafka.cordonedByOthers());
        }
        return left() == 0
                ? List.of()
                : Reassignment.of(finished(), aim(false, Set.of(), kafka.cordonedByOthers())).moves().stream()
                        .filter(move -> isAny(move.from()))
                        .toList();
    }

    private List<Move> levelling(Set<Integer> cordoned) {
        return areInService(staying)
                ? Reassignment.of(known(), aim(true, filling, cordoned)).moves().stream()
                        .filter(move -> !adding(move).isEmpty() && fills(removing(move), adding(move)))
                        .toList()
                : List.of();
    }

    /** Not as long as a cordon alone keeps somebody from its share. */
    boolean isLevel() {
        return isLevelling()
                && areInService(staying)
                && underWay() == 0
                && wanted().isEmpty()
                && (cordoned().isEmpty() || levelling(Set.of()).isEmpty());
    }

    /** All that can be is level, and of the rest it is for others to say when: nobody waits for it. */
    boolean isLevelButForCordons() {
        if (cordoned().isEmpty() || !isLevelling() || !areInService(staying) || underWay() > 0) {
            return false;
        }
        var wanted = wanted();
        var barred = barred(wanted);
        return wanted.stream().allMatch(barred::isCordoned);
    }

    /** Those that stay, and get nothing as long as somebody else wants it so. */
    SortedSet<Integer> cordoned() {
        var cordoned = kafka.cordonedByOthers();
        cordoned.retainAll(staying);
        return cordoned;
    }

    Barred barred(List<Move> wanted) {
        return Barred.of(wanted, kafka);
    }

    /** @param atLeast as fast as the throttle lets the broker that gets most */
    record Load(long bytes, Duration atLeast) {
        /** Empty where there is next to nothing, or nobody knows. */
        String words() {
            return bytes < MEBI
                    ? ""
                    : "; %s to copy, in %d s at least".formatted(Quantities.rounded(bytes), atLeast.toSeconds());
        }
    }

    static List<Integer> adding(Move move) {
        return move.to().stream().filter(id -> !move.from().contains(id)).toList();
    }

    static List<Integer> removing(Move move) {
        return move.from().stream().filter(id -> !move.to().contains(id)).toList();
    }

    boolean areInService(Collection<Integer> brokers) {
        return brokers.stream()
                .allMatch(id ->
                        kafka.broker(id).filter(broker -> !broker.fenced()).isPresent());
    }

    /** Partitions of which no replica is lost for good: whoever mends one decides where it goes. */
    private List<TopicPartitions> known() {
        return finished().stream()
                .map(topic -> topic.with(topic.partitions().stream()
                        .filter(partition -> partition.replicas().stream()
                                .allMatch(id -> kafka.broker(id).isPresent()))
                        .toList()))
                .toList();
    }

    private Set<String> busy() {
        return moves.ongoing().stream()
                .map(move -> TopicPartitions.nameOf(move.topic(), move.partition()))
                .collect(Collectors.toSet());
    }

    private Set<String> leaderless() {
        return kafka.topics().stream()
                .flatMap(topic -> topic.partitions().stream()
                        .filter(partition -> partition.leader() < 0)
                        .map(partition -> TopicPartitions.nameOf(topic.name(), partition.id())))
                .collect(Collectors.toSet());
    }

    private boolean mayThrottle(String topic) {
        return moves.topicConfig().containsKey(topic) && !Throttle.isOfOthers(Sign.CLUSTER, moves.config(topic));
    }

    /**
     * Only brokers of ours that are in service get anything; all others that stay keep what they hold. Of a partition that
     * moves, Kafka wants no replica left on a broker that it does not know.
     */
    private Aim aim(boolean level, Set<Integer> toFill, Set<Integer> cordoned) {
        var racks = new TreeMap<Integer, String>();
        kafka.brokers().forEach(broker -> racks.put(broker.nodeId(), broker.rack()));
        racks.keySet().removeAll(from);
        var closed = new HashSet<>(racks.keySet());
        kafka.brokers().stream()
                .filter(broker -> !broker.fenced() && staying.contains(broker.nodeId()))
                .filter(broker -> !cordoned.contains(broker.nodeId()))
                .forEach(broker -> closed.remove(broker.nodeId()));
        return new Aim(racks, closed, Map.of(), level, toFill, kafka.sizes());
    }

    /**
     * Brokers that are to come may be there for just what lies on those that are to go: it is copied once, and nobody else has
     * to have room for it.
     */
    boolean isForThoseToCome() {
        return !from.isEmpty() && !coming.isEmpty();
    }

    /** Why those that are left are not begun. */
    String hindrance(List<Move> wanted) {
        if (isForThoseToCome()) {
            return names(coming) + (coming.size() == 1 ? " is" : " are") + " to come first";
        }
        var others = moves.ongoing().stream()
                .filter(move -> !moves.isOurs(move))
                .map(move -> TopicPartitions.nameOf(move.topic(), move.partition()))
                .sorted()
                .toList();
        if (!others.isEmpty()) {
            return "somebody else is reassigning " + some(others) + ", which is left to end";
        }
        if (Throttle.isRateOfOthers(kafka.config())) {
            return "somebody else slows all replicas down (leader.replication.throttled.rate or"
                    + " follower.replication.throttled.rate is set for the whole cluster)";
        }
        var barred = barred(wanted);
        if (!barred.isEmpty()) {
            return barred.words();
        }
        var throttled = wanted.stream()
                .map(Move::topic)
                .filter(topic -> !mayThrottle(topic))
                .distinct()
                .sorted()
                .toList();
        return throttled.isEmpty()
                ? "they have no leader, or the brokers that are to have them are away"
                        + (cordoned().isEmpty() ? "" : ", or " + Barred.cordon(cordoned()))
                : "replicas are being added to, or somebody else slows down, " + some(throttled);
    }

    String brokers() {
        return names(from);
    }

    static String names(Collection<Integer> ids) {
        return (ids.size() == 1 ? "broker " : "brokers ")
                + ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** The first of them, since there may be thousands. */
    static String some(Collection<String> names) {
        return some(names, TOLD);
    }

    static String some(Collection<String> names, int most) {
        var told = names.stream().limit(most).collect(Collectors.joining(", "));
        return names.size() > most ? told + " and " + (names.size() - most) + " more" : told;
    }
}
