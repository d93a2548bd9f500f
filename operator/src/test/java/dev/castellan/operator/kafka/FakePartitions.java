package dev.castellan.operator.kafka;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/** Topics of a Kafka cluster in memory: who leads each partition, who is in sync with it, and how its replicas move. */
final class FakePartitions {
    /** Ticks that it takes to copy a replica. */
    private static final int COPYING = 3;

    private static final class MutablePartition {
        final List<Integer> replicas;
        final TreeSet<Integer> inSync;

        /** With the ticks that it takes yet. */
        final TreeMap<Integer, Integer> adding = new TreeMap<>();

        final TreeSet<Integer> removing = new TreeSet<>();
        boolean movedByOthers;
        int leader = -1;

        /** Whose coming nobody took for the coming of a leader. */
        int missed = -1;

        MutablePartition(List<Integer> replicas) {
            this.replicas = new ArrayList<>(replicas);
            this.inSync = new TreeSet<>(replicas);
            this.inSync.remove(FakeKafka.NOBODY);
            this.leader = replicas.getFirst();
        }

        boolean isMoving() {
            return !adding.isEmpty() || !removing.isEmpty();
        }

        List<Integer> staying() {
            return replicas.stream().filter(id -> !removing.contains(id)).toList();
        }

        void move(List<Integer> to) {
            to.stream().filter(id -> !replicas.contains(id)).forEach(id -> adding.put(id, COPYING));
            replicas.stream().filter(id -> !to.contains(id)).forEach(removing::add);
            replicas.clear();
            replicas.addAll(to);
            replicas.addAll(removing);
        }

        void end(Collection<Integer> without) {
            replicas.removeAll(without);
            inSync.removeAll(without);
            adding.clear();
            removing.clear();
            movedByOthers = false;
        }
    }

    private record Topic(String name, int minInSync, Map<String, String> config, List<MutablePartition> partitions) {}

    private final List<Topic> topics = new ArrayList<>();
    private final Consumer<String> alarm;

    /** Whether more is produced than our copies are let go at. */
    private final BooleanSupplier isOutrun;

    /** Brokers that come with a new disk, before the controller hears what lies on which of their disks. */
    private final TreeSet<Integer> unheard = new TreeSet<>();

    private boolean waitsForAllCopies;

    FakePartitions(Consumer<String> alarm, BooleanSupplier isOutrun) {
        this.alarm = alarm;
        this.isOutrun = isOutrun;
    }

    /** @param isOffline whether a broker cannot reach its disk with a topic */
    void sync(IntPredicate isInService, IntPredicate isInStep, BiPredicate<String, Integer> isOffline) {
        topics.forEach(topic -> topic.partitions()
                .forEach(partition -> sync(
                        topic, partition, id -> isInService.test(id) && !isOffline.test(topic.name(), id), isInStep)));
        unheard.removeIf(isInService::test);
    }

    /** Whether a move ends only when all copies are in sync that a partition is to have, not the new ones alone. */
    void waitsForAllCopies(boolean waits) {
        waitsForAllCopies = waits;
    }

    void comesWithNewDisk(int id) {
        unheard.add(id);
    }

    private void sync(Topic topic, MutablePartition partition, IntPredicate isInService, IntPredicate isInStep) {
        for (int id : partition.replicas) {
            if (!isInService.test(id) && partition.inSync.size() > 1) {
                partition.inSync.remove(id);
            }
        }
        lead(partition, isInService);
        for (int id : partition.replicas) {
            if (partition.leader >= 0
                    && isInService.test(id)
                    && isInStep.test(id)
                    && (!partition.adding.containsKey(id) || catchesUp(topic, partition, id))) {
                partition.inSync.add(id);
            }
        }
        complete(partition, isInService);
    }

    /** The rate slows those copies down alone that the topic names. */
    private boolean catchesUp(Topic topic, MutablePartition partition, int id) {
        boolean gains = partition.movedByOthers || !Throttle.isSigned(topic.config()) || !isOutrun.getAsBoolean();
        return gains && partition.adding.merge(id, -1, Integer::sum) <= 0;
    }

    /** What a broker has of a partition that is so large. */
    long stored(String name, int number, int id, long size) {
        var left = find(name).orElseThrow().partitions().get(number).adding.get(id);
        return left == null ? size : size * (COPYING - Math.max(0, left)) / COPYING;
    }

    /** Elections take place when a broker comes or goes. */
    private void lead(MutablePartition partition, IntPredicate isInService) {
        boolean hadLeader = partition.leader >= 0;
        partition.leader = -1;
        partition.missed = isInService.test(partition.missed) ? partition.missed : -1;
        for (int id : partition.replicas) {
            boolean mayLead = partition.inSync.contains(id) && isInService.test(id) && partition.missed != id;
            if (mayLead && !hadLeader && unheard.contains(id)) {
                partition.missed = id;
            } else if (mayLead && partition.leader < 0) {
                partition.leader = id;
            }
        }
    }

    Outcome elect(String name, List<Integer> numbers) {
        find(name)
                .ifPresent(topic -> numbers.forEach(number -> {
                    var partition = topic.partitions().get(number);
                    partition.leader = partition.leader < 0 ? partition.missed : partition.leader;
                    partition.missed = -1;
                }));
        return find(name).isPresent() ? new Outcome.Done() : new Outcome.Retry("no such topic");
    }

    private void complete(MutablePartition partition, IntPredicate isInService) {
        if (partition.isMoving()
                && partition.inSync.containsAll(asksForAll(partition) ? partition.staying() : partition.adding.keySet())
                && !partition.removing.containsAll(partition.inSync)) {
            partition.end(List.copyOf(partition.removing));
            lead(partition, isInService);
        }
    }

    /** Where there are to be fewer copies, and by older metadata anywhere, all that stay are to be in sync, not just the new ones. */
    private boolean asksForAll(MutablePartition partition) {
        return waitsForAllCopies || partition.adding.size() < partition.removing.size();
    }

    void createTopic(String name, int minInSync, List<List<Integer>> replicas) {
        topics.add(new Topic(
                name,
                minInSync,
                new HashMap<>(),
                replicas.stream().map(MutablePartition::new).toList()));
    }

    /**
     * Where nobody else was in sync, the user takes what there is.
     *
     * @param enough partitions with so many replicas, or fewer, keep them
     */
    void forget(IntPredicate gone, int enough) {
        for (var topic : topics) {
            for (var partition : topic.partitions()) {
                if (partition.replicas.size() <= enough) {
                    continue;
                }
                if (partition.adding.keySet().stream().anyMatch(gone::test) && !takeBack(partition)) {
                    partition.end(List.of());
                }
                var staying =
                        partition.replicas.stream().filter(id -> !gone.test(id)).toList();
                if (!staying.isEmpty() && partition.replicas.retainAll(staying)) {
                    partition.inSync.retainAll(staying);
                    partition.inSync.addAll(partition.inSync.isEmpty() ? staying : List.of());
                }
            }
        }
    }

    /** Somebody copies what lies on these alone to one of the others, where there is one. */
    void copyElsewhere(IntPredicate these, int most, List<Integer> others) {
        topics.stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(partition -> partition.replicas.size() <= most
                        && partition.inSync.stream().allMatch(these::test))
                .forEach(partition -> others.stream()
                        .filter(id -> !these.test(id) && !partition.replicas.contains(id))
                        .findFirst()
                        .ifPresent(id -> {
                            partition.replicas.add(id);
                            partition.inSync.add(id);
                        }));
    }

    // ---- moves

    /** Moves end at any instant, so that what was told of a topic before and of its moves afterwards may not fit. */
    void completeWhatIsDue(IntPredicate isInService, IntPredicate isInStep, BiPredicate<String, Integer> isOffline) {
        topics.forEach(topic -> topic.partitions().stream()
                .filter(partition -> partition.isMoving()
                        && partition.adding.values().stream().allMatch(ticks -> ticks <= 1))
                .forEach(partition -> sync(
                        topic, partition, id -> isInService.test(id) && !isOffline.test(topic.name(), id), isInStep)));
    }

    boolean keepsFactor(String name, Map<Integer, List<Integer>> wanted) {
        return find(name)
                .filter(topic -> wanted.entrySet().stream()
                        .anyMatch(to -> to.getValue().size()
                                != topic.partitions().get(to.getKey()).replicas.size()))
                .isEmpty();
    }

    List<Ongoing> ongoing() {
        var ongoing = new ArrayList<Ongoing>();
        for (var topic : topics) {
            for (var partition : topic.partitions()) {
                if (partition.isMoving()) {
                    ongoing.add(new Ongoing(
                            topic.name(),
                            topic.partitions().indexOf(partition),
                            List.copyOf(partition.replicas),
                            List.copyOf(partition.adding.keySet()),
                            List.copyOf(partition.removing)));
                }
            }
        }
        return ongoing;
    }

    /** Somebody else's move; false: it cannot be, or would add just what the topic still names as added by us. */
    boolean reassignByOthers(String name, int number, List<Integer> to) {
        var topic = find(name).orElseThrow();
        var partition = topic.partitions().get(number);
        var adding = to.stream().filter(id -> !partition.replicas.contains(id)).toList();
        if (partition.isMoving()
                || adding.isEmpty()
                || Throttle.isOurs(Sign.CLUSTER, new Ongoing(name, number, to, adding, List.of()), topic.config())) {
            return false;
        }
        partition.move(to);
        partition.movedByOthers = true;
        return true;
    }

    /** Those of others come to their end. */
    void endMovesOfOthers() {
        for (var topic : topics) {
            topic.partitions().stream()
                    .filter(partition -> partition.movedByOthers)
                    .filter(partition -> !partition.adding.keySet().containsAll(partition.inSync))
                    .forEach(partition -> partition.end(List.copyOf(partition.adding.keySet())));
        }
    }

    Outcome reassign(String name, Map<Integer, List<Integer>> wanted, IntPredicate isRegistered) {
        var topic = find(name);
        if (topic.isEmpty()) {
            return new Outcome.Retry("no such topic");
        }
        Outcome worst = new Outcome.Done();
        for (var entry : wanted.entrySet()) {
            var partition = topic.get().partitions().get(entry.getKey());
            if (partition.movedByOthers) {
                alarm.accept("touches what somebody else is moving: " + name + "-" + entry.getKey());
            }
            boolean done = entry.getValue().isEmpty()
                    ? takeBack(partition)
                    : move(topic.get(), partition, entry.getValue(), isRegistered);
            worst = done ? worst : new Outcome.Retry("invalid replica assignment");
        }
        return worst;
    }

    private boolean move(Topic topic, MutablePartition partition, List<Integer> to, IntPredicate isRegistered) {
        if (partition.isMoving()) {
            alarm.accept("moves what is moving");
        }
        if (!Throttle.isSigned(Sign.CLUSTER, topic.config())) {
            alarm.accept("moves " + topic.name() + " without a sign by which it is known again");
        }
        boolean possible = to.stream().allMatch(isRegistered::test);
        if (possible) {
            partition.move(to);
        }
        return possible;
    }

    private static boolean takeBack(MutablePartition partition) {
        if (partition.adding.keySet().containsAll(partition.inSync)) {
            return !partition.isMoving();
        }
        partition.end(List.copyOf(partition.adding.keySet()));
        return true;
    }

    Map<String, TopicDetails> describe(Collection<String> names) {
        var details = new HashMap<String, TopicDetails>();
        names.forEach(name -> find(name)
                .ifPresent(topic -> details.put(name, new TopicDetails(told(topic), Map.copyOf(topic.config())))));
        return details;
    }

    Outcome alterConfig(String name, ConfigChange change) {
        find(name).ifPresent(topic -> {
            topic.config().putAll(change.set());
            topic.config().keySet().removeAll(change.unset());
        });
        return find(name).isPresent() ? new Outcome.Done() : new Outcome.Retry("no such topic");
    }

    private Optional<Topic> find(String name) {
        for (var topic : topics) {
            if (topic.name().equals(name)) {
                return Optional.of(topic);
            }
        }
        return Optional.empty();
    }

    List<TopicPartitions> truth() {
        return topics.stream().map(FakePartitions::told).toList();
    }

    private static TopicPartitions told(Topic topic) {
        return new TopicPartitions(topic.name(), topic.name(), false, topic.minInSync(), partitions(topic));
    }

    private static List<Partition> partitions(Topic topic) {
        var partitions = new ArrayList<Partition>();
        for (var partition : topic.partitions()) {
            partitions.add(new Partition(
                    partitions.size(),
                    partition.leader,
                    List.copyOf(partition.replicas),
                    List.copyOf(partition.inSync)));
        }
        return partitions;
    }
}
