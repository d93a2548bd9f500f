package dev.castellan.operator.simulation;

import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.operator.cluster.CanonicalJson;
import dev.castellan.operator.cluster.ClusterLoop;
import dev.castellan.operator.cluster.ClusterLoop.Reconciled;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.Hibernating;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kafka.KafkaRejected;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kube.FakeKube;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * One random cluster's life: it is made, suffers, is left in peace, and must then be as its user wants it. The real loop
 * runs in it; everything around is fake and honest about what is true.
 */
final class Simulation {
    private static final int CHAOS = 60;

    /** Three controllers that hang with their spec are put back one by one, after minutes each; only then all else begins. */
    private static final int PATIENCE = 900;

    private static final int REMEMBERED = 60;

    /** Seconds in which brokers that heard nothing learn all that they missed. */
    private static final int CATCHING_UP = 10;

    /** For so long nobody is asked again for what was refused. */
    private static final Duration REMEMBERED_REFUSAL = Duration.ofSeconds(31);

    private final long seed;
    private final Random random;
    private final Scenario scenario;
    private final FakeKube kube;
    private final FakeKafka kafka;
    private final FakeNodes nodes;
    private final Watchman watchman;
    private final Faults faults;
    private final Ordeal.World world;
    private final Ordeal ordeal;
    private final Alarm alarm = new Alarm();
    private final Memo.Answers known;
    private final Consumer<Supplier<String>> chronicle;
    private final Deque<String> history = new ArrayDeque<>();

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");
    private ClusterLoop operator;
    private KafkaClusterStatus status;
    private Reconciled last;
    private int crashIn = Integer.MAX_VALUE;
    private Runnable eachSecond = () -> {};
    private BooleanSupplier mayHelp = () -> true;
    private int reconciles;

    /** The operator's process ends. */
    static final class Crash extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Crash() {
            super("crash", null, false, false);
        }
    }

    static final class Violation extends AssertionError {
        private static final long serialVersionUID = 1L;

        Violation(String message) {
            super(message);
        }
    }

    Simulation(long seed) {
        this(seed, Memo.Answers.OF_ALL, what -> {});
    }

    /**
     * @param known what was asked before
     * @param chronicle is told all that happens, in words that cost something
     */
    Simulation(long seed, Memo.Answers known, Consumer<Supplier<String>> chronicle) {
        this.seed = seed;
        this.known = known;
        this.chronicle = chronicle;
        this.random = new Random(seed);
        this.scenario = new Scenario(random, Ordeal.isEphemeral(seed));
        this.kube = new FakeKube(scenario.owner(), new FakeKube.Witness() {
            @Override
            public void beforeWrite(String verb, HasMetadata object) {
                boundary();
                if (verb.equals("delete") && object instanceof Pod) {
                    faults.beforeRestart();
                }
                watchman.judge(verb, object);
            }

            @Override
            public void afterWrite(String verb, HasMetadata object) {
                chronicle.accept(() -> verb + " " + CanonicalJson.write(object));
                boundary();
            }
        });
        kube.watch(alarm::changed);
        kube.volumesMayGrow(seed % 5 != 0);
        kube.podsMayBeResized(seed % 7 != 0);
        this.kafka = new FakeKafka(this::violated, this::boundary);
        this.nodes = new FakeNodes(kube, kafka, Scenario.NAME, random, () -> now, this::violated);
        kafka.leaving(id -> FakeNodes.isController(kube, id)
                ? id % NodeSet.RANGE >= scenario.controllers()
                : scenario.controllers() > 0);
        kafka.staying(scenario::controllers);
        kafka.fastest(scenario::maxThrottle);
        this.watchman = new Watchman(kube, kafka, nodes, scenario, () -> now, this::violated);
        this.faults = new Faults(
                random, scenario, kube, kafka, nodes, watchman, this::note, () -> status = null, () -> pass(130));
        this.world = new Ordeal.World(scenario, kube, kafka, nodes, watchman, this::note);
        this.ordeal = Ordeal.of(seed, world);
        kafka.betweenLooks(faults::betweenLooks);
        kafka.resolves(host -> faults.resolves(host.substring(0, host.indexOf('.'))));
        startOperator();
    }

    private void startOperator() {
        operator = new ClusterLoop(
                new Memo(known), known.revisions(), nodes, ((InstantSource) () -> now).withZone(ZoneOffset.UTC));
        kube.refreshCache();
        alarm.wake();
    }

    private void boundary() {
        if (--crashIn == 0) {
            throw new Crash();
        }
    }

    private void violated(String what) {
        throw new Violation(what);
    }

    int run() {
        try {
            for (int i = 0; i < CHAOS; i++) {
                pass(random.nextInt(4));
                faults.strike(i);
                ordeal.strike(i);
                if (random.nextInt(12) == 0) {
                    crashIn = 1 + random.nextInt(8);
                }
                reconcile();
                givesUpWhatIsLost();
            }
            faults.end();
            crashIn = Integer.MAX_VALUE;
            converge();
            faults.settled();
            staysSilent();
            if (Ordeal.deletesLastLog(seed)) {
                keepsTheLastLog();
            }
            if (random.nextInt(4) == 0) {
                sleepsAndWakes();
            }
            if (random.nextInt(3) == 0
                    && !restsHalfway()
                    && !(scenario.ephemeral && kafka.serving().size() == 1)) {
                outlivesWhatIsBroken();
            }
            Finale.of(seed, world, () -> now).ifPresent(this::outlives);
            return reconciles;
        } catch (Violation | RuntimeException e) {
            throw new AssertionError(
                    "seed %d (%s): %s%n%s".formatted(seed, scenario, e, String.join("\n", history)), e);
        }
    }

    private void pass(int ticks) {
        for (int i = 0; i < ticks; i++) {
            now = now.plusSeconds(1);
            kube.tick();
            nodes.tick();
            kafka.tick();
            watchman.tick();
            eachSecond.run();
        }
    }

    private void reconcile() {
        reconciles++;
        watchman.beginReconcile();
        alarm.begins();
        try {
            last = operator.reconcile(scenario.cluster(status), kube, kafka);
            note(last.step().kind() + ": " + last.step().reason());
            boundary();
            status = last.status();
            alarm.ended(last, now);
            chronicle.accept(() -> CanonicalJson.write(status));
            tellsOneThing();
        } catch (Crash e) {
            note("the operator dies and comes back");
            crashIn = Integer.MAX_VALUE;
            startOperator();
        } catch (KafkaUnavailable | KafkaRejected | FakeKube.Conflict e) {
            alarm.failed(now);
            note("failed: " + e.getMessage());
        }
    }

    /** As kstatus reads it: a stalled object is not in progress. */
    private void tellsOneThing() {
        if (has("Stalled") && has("Reconciling")) {
            throw new Violation("both Stalled and Reconciling");
        }
        if (has("Stalled") && kube.events().stream().noneMatch(event -> event.startsWith("Warning Stalled: "))) {
            throw new Violation("Stalled without a word");
        }
    }

    private boolean has(String condition) {
        return status.conditions.stream().anyMatch(c -> c.getType().equals(condition));
    }

    private void note(String what) {
        chronicle.accept(() -> now + " " + what);
        if (!history.isEmpty() && history.getLast().endsWith(what)) {
            return;
        }
        history.add(now + " " + what);
        if (history.size() > REMEMBERED) {
            history.poll();
        }
    }

    private void converge() {
        alarm.wake(); // the spec is another
        var forgotten = now;
        for (int i = 0; i < PATIENCE; i++) {
            pass(1);
            if (!alarm.rings(now)) {
                continue;
            }
            boolean isByChance = alarm.ringsByChance();
            reconcile();
            if (isByChance && last.step().acts()) {
                throw new Violation("only the look of each minute found this: " + last.step());
            }
            if (!givesUpWhatIsLost()) {
                mendWhatIsLost();
            }
            if (mayHelp.getAsBoolean()) {
                faults.copyFromDeletedDisks();
            }
            if (last.step() instanceof Wait wait && wait.reason().contains("delete cordoned.log.dirs of ")) {
                faults.uncordonByHand();
            }
            boolean isHeldBack =
                    last.step() instanceof Stall stall && stall.why() == StallReason.MetadataVersionRefused;
            boolean isAtRest =
                    (last.step() instanceof Done || (isRefusal() && hasUpgraded())) && status.plan.next == null;
            if ((isHeldBack || isAtRest || isRefusal()) && kafka.unregistersStrangers()) {
                forgotten = now.plus(REMEMBERED_REFUSAL); // they hold up nothing but the end of an upgrade
            }
            if (isAtRest && !now.isBefore(forgotten) && !nodes.hasFailedDiskInUse()) {
                endsUpgrades();
                endsScaling();
                return;
            }
        }
        throw new Violation("does not converge: " + last.step());
    }

    /** Of some clusters the user does without it; the others are helped. */
    private boolean givesUpWhatIsLost() {
        if (seed % 3 == 0
                && last != null
                && last.step() instanceof Stall stall
                && (stall.why() == StallReason.DataOnLostHost || stall.why() == StallReason.DataOnFailedDisk)) {
            note("! the user gives up what is lost: " + stall.reason());
            scenario.giveUp(stall);
            alarm.wake();
            return true;
        }
        return false;
    }

    private void mendWhatIsLost() {
        if (last.step() instanceof Stall stall && stall.why() == StallReason.DataOnLostHost) {
            faults.bringHostBack();
        }
        if (last.step() instanceof Stall stall && stall.why() == StallReason.DataOnFailedDisk) {
            faults.mendDisks();
        }
    }

    /** The only controller keeps a log that goes with its pod, until others have it too. */
    private void keepsTheLastLog() {
        if (scenario.ephemeral || scenario.controllers() != 1 || kafka.voterCount() != 1) {
            return;
        }
        kube.everything(Pod.class).stream()
                .filter(pod -> kafka.isFounder(FakeNodes.id(pod)))
                .forEach(pod -> {
                    note("! claims deleted of " + pod.getMetadata().getName());
                    nodes.deleteClaims(pod);
                });
        alarm.wake();
        for (int i = 0; i < CHAOS; i++) {
            pass(1);
            if (alarm.rings(now)) {
                reconcile();
            }
        }
        scenario.wantThreeControllers();
        note("! spec is now " + scenario);
        converge();
        staysSilent();
    }

    /** Operators and hosts die on the way there, and the user may change what there is to be when all is awake. */
    private void sleepsAndWakes() {
        if (scenario.ephemeral) {
            return;
        }
        if (random.nextBoolean()) {
            faults.loseHost();
        }
        scenario.hibernate(true);
        struggle("does not fall asleep", () -> last.step() instanceof Hibernating);
        // Of a host that is down no pod ever ends.
        if (kube.everything(Pod.class).stream().anyMatch(pod -> !nodes.isOnHostLostAt(pod, now))) {
            throw new Violation("tells that all nodes sleep, though some do not");
        }
        staysSilent(() -> {});
        faults.bringHostBack();
        if (random.nextBoolean()) {
            scenario.edit(random);
        }
        scenario.mend();
        note("! spec is now " + scenario);
        converge();
        staysSilent();
    }

    /** With the spec as it is now, and operators that die on the way. */
    private void struggle(String failure, BooleanSupplier isThere) {
        note("! spec is now " + scenario);
        alarm.wake();
        for (int i = 0; !isThere.getAsBoolean(); i++) {
            if (i > PATIENCE) {
                throw new Violation(failure + ": " + last.step());
            }
            if (random.nextInt(6) == 0) {
                crashIn = 1 + random.nextInt(4);
            }
            pass(1);
            if (alarm.rings(now)) {
                reconcile();
            }
        }
        crashIn = Integer.MAX_VALUE;
    }

    /** A quorum on its way that the user holds up: two voters bear no loss, and who is down is not to blame then. */
    private boolean restsHalfway() {
        return kafka.voterCount() == 2;
    }

    /** One node at most suffers, comes back by itself unless the user wants to look at it, and all goes on with a better spec. */
    private void outlivesWhatIsBroken() {
        scenario.spoil(random);
        struggle("does not tell that the trial failed", this::hasFailed);
        staysSilent();
        note("! mended");
        scenario.mend();
        converge();
        staysSilent();
    }

    private void outlives(Finale finale) {
        finale.prepare();
        converge();
        finale.begin();
        eachSecond = finale::tick;
        mayHelp = finale::isNoticed;
        converge();
        finale.end();
        pass(CATCHING_UP);
        converge();
        staysSilent();
    }

    private boolean hasFailed() {
        boolean isTold = status.conditions.stream()
                .anyMatch(c -> c.getType().equals("Stalled") && c.getReason().equals(StallReason.TrialFailed.name()));
        return isTold
                && (scenario.isHeld()
                        ? kube.everything(StatefulSet.class).stream().noneMatch(FakeNodes::isBroken)
                        : last.step() instanceof Stall);
    }

    private void endsScaling() {
        int brokers = status.brokers.size();
        if (brokers != scenario.brokers() && !isRefusal()) {
            throw new Violation("%d brokers, not %d".formatted(brokers, scenario.brokers()));
        }
        if (last.step() instanceof Done) {
            endsWithTheSetsWanted();
        }
        if (!isRefusal()) {
            endsWithTheVotersWanted();
        }
    }

    /** Of no pool and no zone that is not declared any more, unless a pod of it never ends, since its host is lost. */
    private void endsWithTheSetsWanted() {
        for (var set : kube.everything(StatefulSet.class)) {
            var name = set.getMetadata().getName();
            boolean isDoneWith = scenario.wanted(name) == 0
                    && kube.everything(Pod.class).stream()
                            .noneMatch(pod -> pod.getMetadata().getName().matches(name + "-\\d+"));
            if (isDoneWith || scenario.wanted(name) != set.getSpec().getReplicas()) {
                throw new Violation(
                        "%s has %d nodes, not %d".formatted(name, set.getSpec().getReplicas(), scenario.wanted(name)));
            }
        }
    }

    /** Those and no others, and no pods but theirs. */
    private void endsWithTheVotersWanted() {
        var controllers = kube.everything(Pod.class).stream()
                .filter(pod -> pod.getMetadata().getDeletionTimestamp() == null) // a lost host never ends one
                .map(FakeNodes::id)
                .filter(id -> FakeNodes.isController(kube, id))
                .collect(Collectors.toSet());
        boolean isRight = scenario.controllers() == 0
                ? controllers.isEmpty() && kafka.voterCount() % 2 == 1
                : controllers.size() == scenario.controllers() && controllers.equals(kafka.voters());
        if (!isRight || !kafka.registeredControllers().equals(kafka.voters())) {
            throw new Violation("%d dedicated controllers are to vote; %s run, %s do, and Kafka knows %s"
                    .formatted(scenario.controllers(), controllers, kafka.voters(), kafka.registeredControllers()));
        }
    }

    /** A pool that is to go and cannot: it stays as it is, with the version that it has. */
    private boolean hasUndeclared() {
        return kube.everything(StatefulSet.class).stream()
                .filter(set -> set.getSpec().getReplicas() > 0)
                .anyMatch(
                        set -> !scenario.declares(set.getMetadata().getLabels().get(Labels.POOL)));
    }

    private void endsUpgrades() {
        if (!hasUpgraded()) {
            throw new Violation(
                    "metadata.version stays at %s, not %s".formatted(kafka.finalised(), scenario.metadataVersion()));
        }
    }

    /** Behind a refusal nobody sees that Kafka has refused this too, a moment ago. */
    private boolean hasUpgraded() {
        return scenario.metadataVersion().equals(kafka.finalised()) || (isRefusal() && hasUndeclared());
    }

    private boolean isRefusal() {
        return last.step() instanceof Stall stall
                && (stall.why() == StallReason.ScaleDownNotSupported
                        || stall.why() == StallReason.ScaleDownBlocked
                        || (stall.why() == StallReason.VolumeGrowthRefused && !kube.mayVolumesGrow()));
    }

    private void comeToRest() {
        for (int i = 0; i < PATIENCE; i++) {
            reconcile();
            if (!last.step().acts()) {
                return;
            }
            pass(1);
        }
        throw new Violation("does not come to rest: " + last.step());
    }

    private void staysSilent() {
        staysSilent(faults::checkAllStands);
    }

    private void staysSilent(Runnable check) {
        pass(40); // the look at topics may be half a minute old, and may be half a minute old again
        comeToRest(); // a budget that was closed by the old look opens by the new one
        int writes = kube.writes();
        int events = kube.events().size();
        var before = CanonicalJson.write(status);
        for (int i = 0; i < 3; i++) {
            pass(1 + random.nextInt(40));
            reconcile();
        }
        if (kube.writes() != writes) {
            throw new Violation("writes though nothing changes");
        }
        if (kube.events().size() != events) {
            throw new Violation(
                    "tells news though nothing changes: " + kube.events().getLast());
        }
        var after = CanonicalJson.write(status);
        if (!before.equals(after)) {
            throw new Violation("status changes though nothing else does: " + before + " to " + after);
        }
        check.run();
    }
}
