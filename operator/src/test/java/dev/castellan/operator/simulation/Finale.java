package dev.castellan.operator.simulation;

import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.FakeKube;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.simulation.Ordeal.World;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What befalls some clusters, by their seed, at the end of their lives: some conditions matter only while nothing else is
 * waited for, and chance leaves no such time. Nothing is drawn for it, so that all lives are the same before.
 */
final class Finale {
    private static final int LIVES = 40;

    /** Seconds in which one broker tells of topics as they were. */
    private static final int CUT_OFF = 60;

    /** Seconds after which it does. */
    private static final int NOTICED = 4;

    /** Seconds that things take at most: between two looks something may happen. */
    private static final int SLOWNESS = 4;

    /** The same for what is down when it comes back: it has missed much. */
    private static final int LONG = 20;

    /** From the first proof that brokers hold nothing to the second. */
    private static final Duration APART = Duration.ofSeconds(10);

    private static final String TOPIC = "topic-at-last";

    private enum Play {
        /** A broker that is about to end gets a replica, and one that is asked does not know. */
        LATE_TOPIC,

        /** Somebody moves a replica to a broker that leaves, just after the last look at what it holds. */
        LATE_MOVE,

        /** A broker's disk is to be deleted, and one that is asked does not know that the other copy is behind. */
        LATE_COPY
    }

    private final Play play;
    private final Scenario scenario;
    private final FakeKube kube;
    private final FakeKafka kafka;
    private final FakeNodes nodes;
    private final Supplier<Instant> now;
    private final Consumer<String> note;
    private boolean hasStruck;
    private int reconnectsIn;
    private int comesIn;
    private Optional<Integer> behind = Optional.empty();
    private Instant lastLook = Instant.MIN;

    private Finale(Play play, World world, Supplier<Instant> now) {
        this.play = play;
        this.scenario = world.scenario();
        this.kube = world.kube();
        this.kafka = world.kafka();
        this.nodes = world.nodes();
        this.now = now;
        this.note = world.note();
    }

    static Optional<Finale> of(long seed, World world, Supplier<Instant> now) {
        var play =
                switch ((int) (seed % LIVES)) {
                    case 11 -> Optional.of(Play.LATE_TOPIC);
                    case 12 -> Optional.of(Play.LATE_MOVE);
                    case 13 -> Optional.of(Play.LATE_COPY).filter(any -> !world.scenario().ephemeral);
                    default -> Optional.<Play>empty();
                };
        return play.map(any -> new Finale(any, world, now));
    }

    /** More brokers, which are no controllers: one that suffers, one that may not know, and enough for all copies beside. */
    void prepare() {
        scenario.add(3);
        note.accept("! spec is now " + scenario);
    }

    void begin() {
        nodes.slowness(SLOWNESS);
        if (play == Play.LATE_COPY) {
            losesOneCopy();
        } else {
            scenario.add(-1);
            note.accept("! spec is now " + scenario);
            kafka.betweenLooks(this::betweenLooks);
        }
        if (play == Play.LATE_MOVE) {
            var staying =
                    kafka.usable().stream().filter(this::isToStay).limit(2).toList();
            createTopic(staying);
        }
    }

    /** Each second. */
    void tick() {
        if (--reconnectsIn == 0) {
            kafka.serving().forEach(kafka::reconnect);
        }
        if (behind.filter(kafka::isRunning).isPresent()) {
            nodes.slowness(1); // it is seen at once that it is ready
            behind = Optional.empty();
        }
        if (play == Play.LATE_TOPIC && !hasStruck) {
            leaving()
                    .filter(this::servesForNothing)
                    .filter(this::isOfNoSet)
                    .findFirst()
                    .ifPresent(this::getsReplica);
        }
    }

    /** The user helps no sooner than all tell of topics as they are. */
    boolean isNoticed() {
        return reconnectsIn <= 0;
    }

    void end() {
        kafka.serving().forEach(kafka::reconnect);
        nodes.slowness(1);
        kafka.betweenLooks(() -> {});
    }

    /** What is to be done by one look is decided by a second one, at the same instant here. */
    private void betweenLooks() {
        boolean isSecond = lastLook.equals(now.get());
        lastLook = now.get();
        if (play == Play.LATE_MOVE && isSecond && !hasStruck) {
            leaving()
                    .filter(this::servesForNothing)
                    .filter(id -> isAboutToGo(id) && !kafka.isCordoned(id))
                    .findFirst()
                    .ifPresent(this::getsMove);
        }
    }

    private IntStream leaving() {
        return kafka.serving().stream().mapToInt(id -> id).filter(id -> !isToStay(id));
    }

    private boolean isToStay(int id) {
        return brokers().anyMatch(set -> isWanted(set, id));
    }

    private Stream<StatefulSet> brokers() {
        return kube.everything(StatefulSet.class).stream()
                .filter(set ->
                        set.getSpec().getTemplate().getMetadata().getLabels().containsKey(Labels.BROKER));
    }

    private boolean isWanted(StatefulSet set, int id) {
        int first = set.getSpec().getOrdinals().getStart();
        return id >= first && id < first + scenario.wanted(set.getMetadata().getName());
    }

    private boolean isOfNoSet(int id) {
        return brokers().noneMatch(set -> FakeNodes.isOf(set, id));
    }

    private boolean servesForNothing(int id) {
        return !kafka.isController(id) && !kafka.holdsAnything(id);
    }

    /** By what was proved once, the next look lets it go. */
    private boolean isAboutToGo(int id) {
        return brokers()
                .filter(set -> FakeNodes.isOf(set, id))
                .flatMap(set ->
                        Stream.ofNullable(set.getMetadata().getAnnotations().get(Annotations.DRAINED)))
                .map(mark -> Instant.parse(mark.substring(mark.lastIndexOf(' ') + 1)))
                .anyMatch(at -> !at.plus(APART).isAfter(now.get()));
    }

    /** Not before the one that is asked tells of the time before. */
    private void getsReplica(int id) {
        if (reconnectsIn <= 0) {
            others(id).filter(other -> !kafka.isController(other)).findFirst().ifPresent(this::cutOff);
            comesIn = NOTICED;
        } else if (--comesIn == 0) {
            hasStruck = true;
            others(id).findFirst().ifPresent(other -> createTopic(List.of(id, other)));
        }
    }

    private void getsMove(int id) {
        var to = List.of(onTopic().getFirst(), id);
        hasStruck = kafka.reassignByOthers(TOPIC, 0, to);
        note.accept("! somebody else moves " + TOPIC + " to " + to);
    }

    private List<Integer> onTopic() {
        return kafka.truth().stream()
                .filter(topic -> topic.name().equals(TOPIC))
                .findFirst()
                .orElseThrow()
                .partitions()
                .getFirst()
                .replicas();
    }

    private void losesOneCopy() {
        var alone = kafka.serving().stream().filter(kafka::runsBrokerAlone).toList();
        if (alone.size() < 2) {
            return;
        }
        int teller = alone.getFirst();
        int suffers = alone.getLast();
        others(suffers).filter(id -> id != teller).findFirst().ifPresent(lost -> {
            createTopic(List.of(lost, suffers));
            cutOff(teller);
            note.accept("! claims deleted of broker " + suffers + ", and lost the pod of " + lost);
            pod(suffers).ifPresent(nodes::deleteClaims);
            pod(lost).ifPresent(nodes::vanish);
            nodes.slowness(LONG);
            behind = Optional.of(lost);
        });
    }

    private IntStream others(int id) {
        return kafka.usable().stream().mapToInt(other -> other).filter(other -> other != id);
    }

    private void cutOff(int id) {
        note.accept("! broker %d hears nothing from the controllers".formatted(id));
        kafka.cutOff(id);
        reconnectsIn = CUT_OFF;
    }

    private void createTopic(List<Integer> replicas) {
        note.accept("! " + TOPIC + " on " + replicas);
        kafka.createTopic(TOPIC, 1, List.of(replicas));
    }

    private Optional<Pod> pod(int id) {
        return kube.everything(Pod.class).stream()
                .filter(pod -> FakeNodes.id(pod) == id)
                .findFirst();
    }
}
