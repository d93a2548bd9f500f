package dev.castellan.operator.simulation;

import dev.castellan.operator.cluster.Stopped;
import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.kube.FakeKube;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What comes together so seldom that chance alone does not bring it about, though nothing keeps it from that: just then
 * conditions matter of which others do the work else. Nothing is drawn for it; the round decides.
 */
final class Coincidences {
    /** Rounds after which brokers that hold nothing have been proved to, once. */
    private static final int PROVED_ONCE = 4;

    private final FakeKube kube;
    private final FakeKafka kafka;
    private final Scenario scenario;
    private final Consumer<String> note;
    private final IntConsumer cutOff;
    private final Set<Integer> gone = new HashSet<>();
    private int emptyFor;
    private int late;

    /** @param cutOff a broker hears nothing from the controllers any more */
    Coincidences(FakeKube kube, FakeKafka kafka, Scenario scenario, Consumer<String> note, IntConsumer cutOff) {
        this.kube = kube;
        this.kafka = kafka;
        this.scenario = scenario;
        this.note = note;
        this.cutOff = cutOff;
    }

    /** Of one topic nobody is told where it lies, or how many copies are to be in sync. */
    void forgetTopic(int round) {
        var topics = kafka.truth();
        if (!topics.isEmpty()) {
            var name = topics.get(round % topics.size()).name();
            note.accept("! not all of " + name + " is known any more");
            kafka.knowsByHalves(name, 12 + round % 20);
        }
    }

    /** Between the two proofs that brokers hold nothing; and between the second and their end. */
    void strike(int round) {
        var empty = toLeave().filter(this::servesForNothing).boxed().toList();
        emptyFor = empty.isEmpty() ? 0 : emptyFor + 1;
        if (emptyFor == PROVED_ONCE) {
            beforeTheyLeave(round, empty);
        }
        kube.everything(Pod.class).stream()
                .map(FakeNodes::id)
                .filter(id -> hasLeft(id) && servesForNothing(id))
                .filter(gone::add)
                .findFirst()
                .ifPresent(id -> whileItEnds(round, id));
    }

    private void beforeTheyLeave(int round, List<Integer> empty) {
        switch (round % 4) {
            case 0 -> {
                cutOffAnyBut(empty);
                moveTo(empty.getFirst());
            }
            case 1 -> hangAllBut(empty);
            case 2 -> createTopic(empty.getFirst()).ifPresent(name -> kafka.knowsByHalves(name, 20));
            default -> {}
        }
    }

    private void whileItEnds(int round, int id) {
        if (round % 3 == 0) {
            cutOffAnyBut(List.of(id));
        }
        if (round % 3 != 2) {
            createTopic(id);
        }
    }

    private IntStream toLeave() {
        return kube.everything(StatefulSet.class).stream()
                .filter(set ->
                        set.getSpec().getTemplate().getMetadata().getLabels().containsKey(Labels.BROKER))
                .flatMapToInt(set -> {
                    int first = set.getSpec().getOrdinals().getStart();
                    int wanted = scenario.wanted(set.getMetadata().getName());
                    return IntStream.range(first + wanted, first + Stopped.nodes(set));
                });
    }

    private boolean hasLeft(int id) {
        return kube.everything(StatefulSet.class).stream().noneMatch(set -> FakeNodes.isOf(set, id));
    }

    private boolean servesForNothing(int id) {
        return kafka.isServing(id) && !kafka.isFounder(id) && !kafka.holdsAnything(id);
    }

    private void cutOffAnyBut(Collection<Integer> brokers) {
        kafka.serving().stream()
                .filter(id -> !brokers.contains(id) && !kafka.isController(id))
                .findFirst()
                .ifPresent(cutOff::accept);
    }

    /** Somebody else moves a replica to where there is most room. */
    private void moveTo(int id) {
        kafka.truth().stream()
                .filter(topic -> kafka.reassignByOthers(
                        topic.name(),
                        0,
                        lastOn(id, topic.partitions().getFirst().replicas())))
                .findFirst()
                .ifPresent(topic -> note.accept("! somebody else moves " + topic.name() + " to " + id));
    }

    private static List<Integer> lastOn(int id, List<Integer> replicas) {
        var others = replicas.subList(0, replicas.size() - 1).stream();
        return Stream.concat(others, Stream.of(id)).toList();
    }

    /** Controllers in pods of their own go on. */
    private void hangAllBut(Collection<Integer> brokers) {
        var others = kafka.serving().stream()
                .filter(id -> !brokers.contains(id) && !kafka.isController(id))
                .toList();
        note.accept("! these hang: " + others);
        others.forEach(id -> kafka.hang(id, 20));
    }

    /** With a second copy, since the first is about to go. */
    private Optional<String> createTopic(int id) {
        return kafka.usable().stream()
                .filter(other -> other != id && kafka.usable().contains(id))
                .findFirst()
                .map(other -> {
                    var name = "topic-late-" + 2 * late++;
                    note.accept("! %s on [%d, %d]".formatted(name, id, other));
                    kafka.createTopic(name, 1, List.of(List.of(id, other)));
                    return name;
                });
    }

    /** Two that hold the only copies of a partition, and one that may tell of them what was. */
    record Copies(int first, int second, int teller) {}

    Optional<Copies> twoCopies() {
        return kafka.truth().stream()
                .map(TopicPartitions::partitions)
                .map(List::getFirst)
                .filter(partition -> partition.inSync().size() == 2
                        && partition.replicas().containsAll(partition.inSync())
                        && kafka.serving().containsAll(partition.inSync()))
                .flatMap(partition -> kafka.serving().stream()
                        .filter(id -> !partition.replicas().contains(id) && !kafka.isController(id))
                        .map(teller -> copies(partition, teller)))
                .findFirst();
    }

    private static Copies copies(Partition partition, int teller) {
        var inSync = partition.replicas().stream()
                .filter(partition.inSync()::contains)
                .toList();
        return new Copies(inSync.getFirst(), inSync.getLast(), teller);
    }
}
