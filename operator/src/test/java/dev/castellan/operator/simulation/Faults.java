package dev.castellan.operator.simulation;

import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Quantities;
import dev.castellan.operator.cluster.Replication;
import dev.castellan.operator.cluster.Stopped;
import dev.castellan.operator.cluster.VolumeChanges;
import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.FakeKube;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import dev.castellan.operator.placement.Cordon;
import dev.castellan.operator.placement.Throttle;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What may happen to a cluster, short of what nobody could mend. */
final class Faults {
    private static final String THEIRS = "compression.type";
    private static final int STRANGER = 99;

    private final Random random;
    private final Scenario scenario;
    private final FakeKube kube;
    private final FakeKafka kafka;
    private final FakeNodes nodes;
    private final Watchman watchman;
    private final Consumer<String> note;
    private final Runnable forgetStatus;
    private final Runnable minutes;
    private final Coincidences coincidences;
    private final List<HasMetadata> foreign = new ArrayList<>();
    private final Set<String> grownByHand = new HashSet<>();
    private int topics;
    private boolean settled;
    private int outage;
    private int hostReturns;
    private int diskMends;
    private int deafness;
    private boolean isBlind;
    private boolean theirs;
    private boolean isForgotten;

    Faults(
            Random random,
            Scenario scenario,
            FakeKube kube,
            FakeKafka kafka,
            FakeNodes nodes,
            Watchman watchman,
            Consumer<String> note,
            Runnable forgetStatus,
            Runnable minutes) {
        this.random = random;
        this.scenario = scenario;
        this.kube = kube;
        this.kafka = kafka;
        this.nodes = nodes;
        this.watchman = watchman;
        this.note = note;
        this.forgetStatus = forgetStatus;
        this.minutes = minutes;
        this.coincidences = new Coincidences(kube, kafka, scenario, note, id -> cutOffBroker(id, 20));
        nodes.slowness(1 + random.nextInt(4));
        int lag = random.nextInt(3);
        kube.lag(() -> lag == 0 ? 0 : random.nextInt(2 * lag + 1));
        kube.seesOwnWrites(random.nextBoolean());
    }

    /** Each round something may happen; the user makes topics as soon as brokers serve. */
    void strike(int round) {
        if (--outage == 0) {
            kafka.reachable(true);
        }
        if (--hostReturns == 0) {
            bringHostBack();
        }
        if (--diskMends == 0) {
            mendDisks();
        }
        if (--deafness == 0) {
            reconnect();
        }
        createTopics();
        coincidences.strike(round);
        switch (random.nextInt(48)) {
            case 0 -> losePod();
            case 1 -> endProcess();
            case 2 -> loseDisk();
            case 3 -> loseAllPods();
            case 4 -> cutOff();
            case 5, 6, 7 -> editSpec();
            case 8 -> deleteObject(ConfigMap.class);
            case 9 -> deleteObject(Service.class);
            case 10 -> deleteStatefulSet();
            case 11 -> squat();
            case 12 -> togglePause();
            case 13 -> makeClusterAgain();
            case 14 -> breakProbes();
            case 15 -> configureByHand();
            case 16 -> putToSleep();
            case 17 -> drain();
            case 18, 19 -> scale();
            case 20 -> reassign((one, other) -> 0);
            case 21 -> loseHost();
            case 22, 23 -> scaleControllers();
            case 24, 25 -> enlargeVolumes();
            case 26 -> growByHand();
            case 27, 28 -> regroup();
            case 29, 30 -> hibernate();
            case 31, 32 -> failDisk();
            case 33, 34 -> fillUp();
            case 35, 36, 37 -> resize();
            case 38, 39 -> hang();
            case 40 -> deleteClaims(pick(kube.everything(Pod.class)));
            case 41 -> registerStranger();
            case 42 -> cordonByHand(round);
            case 43 -> cutOffBroker();
            case 44 -> produce();
            case 45 -> refuse();
            case 46 -> coincidences.forgetTopic(round);
            case 47 -> mislead(round);
            default -> {}
        }
    }

    /** Before it is unregistered Kafka finalises nothing that it does not know. */
    private void registerStranger() {
        note.accept("! Kafka knows a broker of 4.2.1 that is gone");
        kafka.registersStranger(STRANGER, "4.2.1");
    }

    /** More than copies are let go at, but for how much faster they may become; or no more than nothing. */
    private void produce() {
        long mebi = random.nextInt(4) * 40L;
        note.accept("! %d Mi a second are produced to each broker".formatted(mebi));
        kafka.produce(mebi * 1024 * 1024);
    }

    /** A process stands still, or a broker serves on and hears late what is set. */
    private void hang() {
        pick(kube.everything(Pod.class)).ifPresent(pod -> {
            boolean serves = random.nextBoolean();
            note.accept("! %s %s".formatted(pod.getMetadata().getName(), serves ? "hears of nothing" : "hangs"));
            int ticks = 1 + random.nextInt(20);
            if (serves) {
                kafka.deafen(FakeNodes.id(pod), ticks);
            } else {
                kafka.hang(FakeNodes.id(pod), ticks);
            }
        });
    }

    /** One that is no controller serves on, hears nothing from them, and is the one that is asked: it tells of topics as they were. */
    private void cutOffBroker() {
        pick(kube.everything(Pod.class))
                .filter(pod -> deafness <= 0 && isReady(pod) && kafka.isServing(FakeNodes.id(pod)))
                .filter(pod -> !kafka.isController(FakeNodes.id(pod)))
                .ifPresent(pod -> cutOffBroker(FakeNodes.id(pod), 1 + random.nextInt(20)));
    }

    private void cutOffBroker(int id, int rounds) {
        if (deafness <= 0) {
            note.accept("! broker %d hears nothing from the controllers".formatted(id));
            kafka.cutOff(id);
            deafness = rounds;
        }
    }

    /** One that is asked tells of two copies; the one broker goes and has to catch up, and the other is at stake. */
    private void mislead(int round) {
        if (deafness > 0 || isBlind || !watchman.isMarkedFormed()) {
            return;
        }
        coincidences.twoCopies().ifPresent(copies -> {
            cutOffBroker(copies.teller(), 30);
            pod(copies.second()).ifPresent(pod -> putAtStake(round, pod));
            pod(copies.first()).filter(this::canSpareDiskOf).ifPresent(pod -> {
                note.accept("! lost " + pod.getMetadata().getName());
                nodes.vanish(pod);
            });
        });
    }

    private void putAtStake(int round, Pod pod) {
        boolean areDisksWell = !nodes.hasFailedDisk()
                && !nodes.hasFullDisk()
                && nodes.hosts().lostNode().isEmpty();
        if (round % 3 == 1) {
            deleteClaims(Optional.of(pod));
        } else if (round % 3 == 2 && areDisksWell) {
            nodes.breakable(pod).stream().findFirst().ifPresent(claim -> failDisk(pod, claim));
        }
    }

    private Optional<Pod> pod(int id) {
        return kube.everything(Pod.class).stream()
                .filter(pod -> FakeNodes.id(pod) == id)
                .findFirst();
    }

    private void reconnect() {
        kube.everything(Pod.class).forEach(pod -> kafka.reconnect(FakeNodes.id(pod)));
    }

    /** Somebody evicts a pod, if its budget lets it go; as the API server does it, a pod that is not ready may always go. */
    private void drain() {
        pick(kube.everything(Pod.class))
                .filter(this::canSpareDiskOf)
                .filter(this::mayBeEvicted)
                .ifPresent(pod -> {
                    note.accept("! evicted " + pod.getMetadata().getName());
                    nodes.terminate(pod);
                });
    }

    /** The same, between a look of the gate and what follows from it. */
    void beforeRestart() {
        if (settled || random.nextInt(3) != 0) {
            return;
        }
        pick(kube.everything(Pod.class))
                .filter(Faults::isReady)
                .filter(this::canSpareDiskOf)
                .filter(this::mayBeEvicted)
                .ifPresent(pod -> {
                    note.accept("! evicted at once " + pod.getMetadata().getName());
                    nodes.terminate(pod);
                    kafka.stop(FakeNodes.id(pod));
                    watchman.evicted(FakeNodes.id(pod));
                });
    }

    private boolean mayBeEvicted(Pod pod) {
        if (pod.getMetadata().getDeletionTimestamp() != null) {
            return false;
        }
        boolean isBroker = pod.getMetadata().getLabels().containsKey(Labels.BROKER);
        var name = isBroker ? Names.brokersBudget(Scenario.NAME) : Names.controllersBudget(Scenario.NAME);
        int allowed = kube.getLive(PodDisruptionBudget.class, name)
                .map(budget -> budget.getSpec().getMaxUnavailable())
                .map(IntOrString::getIntVal)
                .orElse(0);
        long away = kube.everything(Pod.class).stream()
                .filter(other -> other.getMetadata().getLabels().containsKey(Labels.BROKER) == isBroker)
                .filter(other -> !isReady(other))
                .count();
        return !isReady(pod) || away < allowed;
    }

    private static boolean isReady(Pod pod) {
        return pod.getMetadata().getDeletionTimestamp() == null
                && PodStatuses.is(pod.getStatus(), PodStatuses.State.READY);
    }

    /** For a while, or for good. */
    void loseHost() {
        if (isBlind || nodes.hasFailedDisk() || nodes.hosts().lostNode().isPresent() || !watchman.isMarkedFormed()) {
            return;
        }
        pick(kube.everything(Pod.class)).ifPresent(pod -> {
            boolean exists = random.nextBoolean();
            note.accept(
                    "! the host of %s is %s".formatted(pod.getMetadata().getName(), exists ? "not heard of" : "gone"));
            nodes.loseHost(pod, exists);
            hostReturns = random.nextBoolean() ? 5 + random.nextInt(50) : 0;
        });
    }

    /** One of a broker's that it can do without, or one without which a node is nothing; for a while, or for good. */
    private void failDisk() {
        if (isBlind
                || nodes.hasFailedDisk()
                || nodes.hasFullDisk()
                || nodes.hosts().lostNode().isPresent()
                || !watchman.isMarkedFormed()) {
            return;
        }
        var pods = new ArrayList<>(kube.everything(Pod.class));
        Collections.shuffle(pods, random);
        int many = random.nextInt(3) == 0 ? 2 : 1; // of one make, or on one storage
        pods.stream().limit(many).forEach(pod -> pick(nodes.breakable(pod)).ifPresent(claim -> failDisk(pod, claim)));
        diskMends = random.nextBoolean() ? 5 + random.nextInt(50) : 0;
    }

    private void failDisk(Pod pod, PersistentVolumeClaim claim) {
        boolean isFull = !nodes.isIndispensable(claim) && random.nextBoolean();
        note.accept("! the disk of %s %s".formatted(claim.getMetadata().getName(), isFull ? "is full" : "fails"));
        if (isFull) {
            nodes.spaces().fill(claim, 100);
        } else {
            nodes.failDisk(pod, claim);
        }
    }

    /** What was full its node finds out when it is restarted. */
    void mendDisks() {
        if (nodes.hasFullDisk()) {
            note.accept("! there is room on the disk");
            nodes.makeRoom();
        }
        if (!nodes.nodesWithoutDisk().isEmpty() || nodes.hasFailedDisk()) {
            note.accept("! the disk is well");
            nodes.mendDisks();
        }
    }

    void bringHostBack() {
        if (nodes.hosts().lostNode().isPresent()) {
            note.accept("! the host is back");
            nodes.hosts().bringBack();
        }
    }

    private void putToSleep() {
        pick(kube.everything(StatefulSet.class)).ifPresent(set -> {
            note.accept("! the controller of " + set.getMetadata().getName() + " is asleep");
            nodes.putToSleep(set);
        });
    }

    private void createTopics() {
        if (topics > scenario.topics() || random.nextInt(4) != 0) {
            return;
        }
        var replicas = new ArrayList<>(kafka.usable());
        Collections.shuffle(replicas, random);
        int least = scenario.ephemeral ? 2 : 1;
        int factor = Math.min(3, least + random.nextInt(3));
        if (factor > replicas.size()) {
            return;
        }
        int minInSync = 1 + random.nextInt(2);
        var placed = scenario.isZoned() && random.nextBoolean()
                ? overZones(replicas, factor)
                : new ArrayList<>(replicas.subList(0, factor));
        if (random.nextInt(3) == 0) {
            placed.add(FakeKafka.NOBODY); // a replica that the cluster has lost for good, and that nothing brings back
        }
        if (placed.size() > 2 && topics % 2 == 0) {
            minInSync = 3; // as many as there are, or one more than there ever will be
        }
        var name = "topic-" + topics++;
        kafka.createTopic(name, minInSync, List.of(List.copyOf(placed)));
        note.accept("! topic on " + placed + " with min.insync.replicas " + minInSync);
        if (random.nextInt(3) == 0) {
            note.accept("! not all of " + name + " is known yet");
            kafka.knowsByHalves(name, 1 + random.nextInt(20));
        }
    }

    /** A zone is a StatefulSet, and a StatefulSet a thousand ids. */
    private static List<Integer> overZones(List<Integer> brokers, int factor) {
        var byZone = new TreeMap<Integer, Integer>();
        brokers.forEach(id -> byZone.putIfAbsent(id / NodeSet.RANGE, id));
        return byZone.values().stream().limit(factor).collect(Collectors.toCollection(ArrayList::new));
    }

    private void losePod() {
        pick(kube.everything(Pod.class)).filter(this::canSpareDiskOf).ifPresent(pod -> {
            note.accept("! lost " + pod.getMetadata().getName());
            nodes.vanish(pod);
        });
    }

    private boolean canSpareDiskOf(Pod pod) {
        return !nodes.losesDiskWith(pod) || canLoseDisk(pod);
    }

    /** What is left must be able to mend it: nobody gets over the loss of a majority, or of a founder not on record. */
    private boolean canLoseDisk(Pod pod) {
        boolean losingAnother = scenario.ephemeral
                && kube.everything(Pod.class).stream()
                        .anyMatch(other -> other.getMetadata().getDeletionTimestamp() != null);
        return watchman.isMarkedFormed() && !losingAnother && kafka.canLose(FakeNodes.id(pod));
    }

    private void cordonByHand(int round) {
        var serving = kafka.serving();
        if (!serving.isEmpty() && kafka.cordonByHand(serving.get(round % serving.size()))) {
            note.accept("! cordoned by hand: " + serving.get(round % serving.size()));
        }
    }

    /** As the operator's words say. */
    void uncordonByHand() {
        note.accept("! the cordons by hand go");
        kafka.uncordonByHand();
    }

    /** Kafka looks for a controller by its Service, which somebody may have deleted at just that moment. */
    boolean resolves(String name) {
        var service = kube.getLive(Service.class, name).filter(kube::owns);
        if (!settled && random.nextInt(8) == 0) {
            service.ifPresent(found -> {
                note.accept("! deleted at once Service " + name);
                kube.erase(found);
            });
        }
        return kube.exists(Service.class, name);
    }

    private void refuse() {
        boolean isOfVoters = random.nextBoolean();
        note.accept("! Kafka refuses to " + (isOfVoters ? "change its voters" : "move replicas"));
        int ticks = 1 + random.nextInt(30);
        if (isOfVoters) {
            kafka.refuseVoters(ticks);
        } else {
            kafka.refuseMoves(ticks);
        }
    }

    /** As it was told, or out of memory, of which its kubelet tells in its own time. */
    private void endProcess() {
        pick(kube.everything(Pod.class)).ifPresent(pod -> {
            boolean isTold = random.nextBoolean();
            note.accept("! %s the process of %s"
                    .formatted(isTold ? "ended" : "killed", pod.getMetadata().getName()));
            if (isTold) {
                nodes.end(pod);
            } else {
                nodes.kill(pod, random.nextInt(4));
            }
        });
    }

    private void loseDisk() {
        pick(kube.everything(Pod.class)).filter(this::canLoseDisk).ifPresent(pod -> {
            note.accept("! lost disk of " + pod.getMetadata().getName());
            nodes.loseDisk(pod);
        });
    }

    /** Somebody marks them for deletion, and leaves the pod alone; not of controllers, which as one of two cannot be spared for long. */
    private void deleteClaims(Optional<Pod> whose) {
        whose.filter(pod -> kafka.runsBrokerAlone(FakeNodes.id(pod)))
                .filter(pod -> kube.everything(Pod.class).stream().noneMatch(nodes::losesDiskWith))
                .filter(this::canLoseDisk)
                .ifPresent(pod -> {
                    note.accept("! claims deleted of " + pod.getMetadata().getName());
                    nodes.deleteClaims(pod);
                });
    }

    private void loseAllPods() {
        if (kube.everything(Pod.class).stream().noneMatch(nodes::losesDiskWith)) {
            note.accept("! lost all pods");
            kube.everything(Pod.class).forEach(nodes::vanish);
        }
    }

    private void cutOff() {
        if (isBlind) {
            return;
        }
        note.accept("! Kafka out of reach");
        kafka.reachable(false);
        outage = 2 + random.nextInt(20);
    }

    private void editSpec() {
        scenario.edit(random);
        note.accept("! spec is now " + scenario);
    }

    private void scaleControllers() {
        scenario.scaleControllers(random);
        note.accept("! spec is now " + scenario);
    }

    private void scale() {
        scenario.scale(random);
        note.accept("! spec is now " + scenario);
    }

    private void regroup() {
        if (isGrouped()) {
            scenario.regroup(random);
            note.accept("! spec is now " + scenario);
        }
    }

    /** All sets stand that are wanted, and no others: of those that lack their StatefulSet the spec alone remembers. */
    private boolean isGrouped() {
        return kube.everything(StatefulSet.class).stream()
                .filter(kube::owns)
                .map(set -> set.getMetadata().getName())
                .collect(Collectors.toSet())
                .equals(scenario.sets());
    }

    /** Somebody else moves a partition, to wherever. */
    private void reassign(Comparator<Integer> order) {
        var brokers = new ArrayList<>(kafka.serving());
        Collections.shuffle(brokers, random);
        brokers.sort(order);
        pick(kafka.truth()).ifPresent(topic -> {
            int factor = topic.partitions().getFirst().replicas().size();
            if (factor <= brokers.size()
                    && kafka.reassignByOthers(topic.name(), 0, List.copyOf(brokers.subList(0, factor)))) {
                note.accept("! somebody else moves " + topic.name() + " to " + brokers.subList(0, factor));
            }
        });
    }

    /** The same, after the operator has been told where topics lie, and before it is told what is under way. */
    void betweenLooks() {
        if (random.nextInt(8) == 0) {
            reassign(Comparator.comparing(kafka::holdsAnything)); // to where there is most room
        }
    }

    private void hibernate() {
        if (!scenario.ephemeral) {
            scenario.hibernate(!scenario.hibernates());
            note.accept("! spec is now " + scenario);
        }
    }

    private void resize() {
        scenario.resize(random);
        note.accept("! spec is now " + scenario);
    }

    private void enlargeVolumes() {
        scenario.enlarge();
        note.accept("! spec is now " + scenario);
    }

    /** Somebody else makes a volume larger than anybody ever declares. */
    private void growByHand() {
        pick(kube.everything(PersistentVolumeClaim.class)).ifPresent(claim -> {
            note.accept("! grown by hand " + claim.getMetadata().getName());
            grownByHand.add(claim.getMetadata().getUid());
            kube.update(new PersistentVolumeClaimBuilder(claim)
                    .editSpec()
                    .editResources()
                    .addToRequests("storage", new Quantity("100Gi"))
                    .endResources()
                    .endSpec()
                    .build());
        });
    }

    /** More records come than go. */
    private void fillUp() {
        if (!scenario.growsByItself()) {
            return;
        }
        pick(kube.everything(PersistentVolumeClaim.class)).ifPresent(claim -> {
            int percent = 50 + random.nextInt(45);
            if (percent > 87 && mayGrow(claim)) {
                percent = 100; // its broker is down until it has grown
            }
            note.accept("! %s is %d%% full".formatted(claim.getMetadata().getName(), percent));
            nodes.spaces().fill(claim, percent);
        });
    }

    private boolean mayGrow(PersistentVolumeClaim claim) {
        return watchman.isMarkedFormed()
                && kube.mayVolumesGrow()
                && !claim.getMetadata().getName().contains("-controllers-")
                && Quantities.isLess(VolumeChanges.requested(claim), Scenario.LARGEST);
    }

    /** All that are full, and may be. */
    private boolean growsByItself() {
        return scenario.growsByItself()
                && kube.everything(PersistentVolumeClaim.class).stream()
                        .filter(claim -> nodes.spaces().isFull(claim))
                        .allMatch(claim -> mayGrow(claim) && isOfDeclaredPool(claim));
    }

    /** A pool that is to go gets nothing more, before it is put back. */
    private boolean isOfDeclaredPool(PersistentVolumeClaim claim) {
        return kube.everything(StatefulSet.class).stream()
                .filter(set -> claim.getMetadata()
                        .getName()
                        .matches("[^-]+-" + set.getMetadata().getName() + "-[0-9]+"))
                .allMatch(set -> scenario.declares(set.getMetadata().getLabels().get(Labels.POOL)));
    }

    /** Every volume is as large as declared at least, and so are those of nodes that come later. */
    private void checkVolumes() {
        if (!kube.mayVolumesGrow()) {
            return;
        }
        for (var set : kube.everything(StatefulSet.class)) {
            if (set.getSpec().getReplicas() == 0
                    || !scenario.declares(set.getMetadata().getLabels().get(Labels.POOL))) {
                continue; // on its way out
            }
            for (var template : set.getSpec().getVolumeClaimTemplates()) {
                var volume = template.getMetadata().getName();
                if (!VolumeChanges.requested(template).equals(scenario.size(volume))) {
                    throw new Simulation.Violation("new volumes " + volume + " of "
                            + set.getMetadata().getName() + " get " + VolumeChanges.requested(template));
                }
                kube.everything(Pod.class).stream()
                        .filter(pod -> FakeNodes.isOf(set, FakeNodes.id(pod)))
                        .map(pod -> Names.claim(volume, pod.getMetadata().getName()))
                        .forEach(claim -> checkSize(claim, scenario.size(volume)));
            }
        }
    }

    private void checkSize(String name, Quantity declared) {
        var claim = kube.getLive(PersistentVolumeClaim.class, name).orElseThrow();
        var capacity = VolumeChanges.capacity(claim).orElseThrow();
        if (Quantities.isLess(capacity, declared)) {
            throw new Simulation.Violation(name + " has " + capacity + ", not " + declared);
        }
        checkGrowth(claim, capacity, declared);
    }

    /** What has grown stays so: what is found in the end is all that was ever done. */
    private void checkGrowth(PersistentVolumeClaim claim, Quantity capacity, Quantity declared) {
        boolean hasGrown = Quantities.isLess(declared, capacity);
        boolean mayGrow =
                scenario.growsByItself() && !claim.getMetadata().getName().contains("-controllers-");
        if (grownByHand.contains(claim.getMetadata().getUid())) {
            return;
        }
        if (hasGrown
                && (!mayGrow || !nodes.spaces().wasFilled(claim) || Quantities.isLess(Scenario.LARGEST, capacity))) {
            throw new Simulation.Violation(
                    claim.getMetadata().getName() + " has grown to " + capacity + " by itself, from " + declared);
        }
        boolean isFull = nodes.spaces().used(claim) * 100 >= Quantities.bytes(capacity) * 80;
        if (mayGrow && isFull && Quantities.isLess(capacity, Scenario.LARGEST)) {
            throw new Simulation.Violation(claim.getMetadata().getName() + " is full, and has not grown");
        }
    }

    private <T extends HasMetadata> void deleteObject(Class<T> kind) {
        pick(kube.everything(kind)).filter(this::canBeMissed).ifPresent(object -> {
            note.accept(
                    "! deleted " + object.getKind() + " " + object.getMetadata().getName());
            kube.erase(object);
            if (object instanceof StatefulSet) {
                watchman.forgets();
            }
            isForgotten |= kube.everything(StatefulSet.class).isEmpty();
        });
    }

    private boolean canBeMissed(HasMetadata object) {
        return kube.owns(object)
                && (watchman.isMarkedFormed() || !object.getMetadata().getName().equals(Names.identity(Scenario.NAME)));
    }

    private void deleteStatefulSet() {
        if (!scenario.ephemeral && isGrouped()) {
            deleteObject(StatefulSet.class);
        }
    }

    /** Somebody else takes one of our names, while we do not have it. */
    private void squat() {
        var name = random.nextBoolean() ? Names.bootstrap(Scenario.NAME) : Names.nodes(Scenario.NAME);
        if (!kube.exists(Service.class, name)) {
            var squatter = new ServiceBuilder()
                    .withNewMetadata()
                    .withName(name)
                    .endMetadata()
                    .build();
            note.accept("! somebody else's Service " + name);
            kube.put(squatter);
            foreign.add(squatter);
        } else if (!kube.exists(ConfigMap.class, "stranger")) {
            kube.put(new ConfigMapBuilder()
                    .withNewMetadata()
                    .withName("stranger")
                    .endMetadata()
                    .build());
        }
    }

    private void togglePause() {
        scenario.pause(!scenario.isPaused());
        note.accept("! paused: " + scenario.isPaused());
    }

    /**
     * Nodes that serve are told to be unready, for so long that they count as broken; and the user changes something. Kafka
     * answers meanwhile, and its hosts are there: if it is silent for minutes too, nobody can know that it serves.
     */
    private void breakProbes() {
        if (nodes.hosts().lostNode().isPresent()) {
            return;
        }
        boolean all = random.nextBoolean();
        isBlind = true;
        kafka.reachable(true);
        kube.everything(Pod.class).stream()
                .filter(pod -> all || random.nextInt(3) == 0)
                .forEach(nodes::blind);
        note.accept("! probes of " + (all ? "all" : "some") + " fail, and minutes pass");
        minutes.run();
        editSpec();
    }

    /** Somebody sets what is not declared, which is theirs, or changes what is, which is not. */
    private void configureByHand() {
        if (kafka.config().containsKey(FakeKafka.THREADS) && random.nextBoolean()) {
            kafka.configure(FakeKafka.THREADS, "5");
        } else {
            kafka.configure(THEIRS, "gzip");
            theirs |= kafka.config().containsKey(THEIRS);
        }
        note.accept("! configured by hand: " + kafka.config());
    }

    /** Its disks are kept, or there would be nothing to look after. */
    private void makeClusterAgain() {
        if (!scenario.ephemeral && scenario.retain && watchman.isMarkedFormed() && isGrouped()) {
            note.accept("! the KafkaCluster is deleted and made again");
            isForgotten = true;
            kube.ownedBy(scenario.makeAgain());
            forgetStatus.run();
        }
    }

    private <T> Optional<T> pick(List<T> from) {
        return from.isEmpty() ? Optional.empty() : Optional.of(from.get(random.nextInt(from.size())));
    }

    /** From now on nobody does anything that is not asked for. */
    void settled() {
        settled = true;
    }

    /** From now on all is well. */
    void end() {
        note.accept("! peace");
        for (var object : foreign) {
            if (!kube.exists(object.getClass(), object.getMetadata().getName())) {
                throw new Simulation.Violation("somebody else's object is gone: "
                        + object.getMetadata().getName());
            }
            kube.erase(object);
        }
        outage = 0;
        reconnect();
        if (nodes.hosts().lostNode().filter(id -> !kafka.canLose(id)).isPresent() || brokers() < 2) {
            bringHostBack(); // without it there would be no quorum, or nobody to ask
        }
        if (nodes.nodesWithoutDisk().stream().anyMatch(id -> !kafka.canLose(id))
                || isAsleep() // then nobody can tell who will be missed
                || nodes.failedDisks() > 1
                || brokers() < 2) {
            mendDisks();
        }
        if (nodes.hasFullDisk() && !growsByItself()) {
            note.accept("! there is room on the disk");
            nodes.makeRoom();
        }
        kafka.reachable(true);
        scenario.mend();
        putBackWhatWasNeverWell();
        if (isForgotten && kafka.isTooFarFromFiles()) {
            note.accept("! the user declares the threads that were left behind");
            scenario.declareThreads();
        }
        if (nodes.hosts().lostNode().filter(id -> !isToStay(id)).isPresent()) {
            bringHostBack(); // who leaves for good has to end, which Kubernetes hears of its host alone
        }
        if (isWithoutVoters() || isFoundedByDedicated()) {
            note.accept("! the dedicated controllers are to stay");
            scenario.keepControllers();
        }
        nodes.slowness(1);
        nodes.see();
        kafka.betweenLooks(() -> {});
        kafka.knowsAll();
        kafka.endMovesOfOthers();
        kafka.reassignFrom(this::isGoneForGood);
        kafka.lowerFactors(this::hasGone, scenario.brokers());
        kafka.unregisterDeparted(id -> isAsleep() && isOfAnySet(id));
        kube.lag(() -> 0);
        kube.refreshCache();
    }

    /** Pools that were made with what is broken, and taken away before they had ever run: their brokers are told nothing else. */
    private void putBackWhatWasNeverWell() {
        for (var set : kube.everything(StatefulSet.class)) {
            var pool = set.getMetadata().getLabels().get(Labels.POOL);
            if (!scenario.declares(pool)
                    && FakeNodes.isBroken(set)
                    && Stopped.nodes(set) > 0
                    && !set.getMetadata().getAnnotations().containsKey(Annotations.LAST_GOOD)) {
                note.accept("! the user puts pool " + pool + " back");
                scenario.putBack(pool, Stopped.nodes(set));
            }
        }
    }

    private boolean isAsleep() {
        return kube.everything(StatefulSet.class).stream().anyMatch(Stopped::isOnRecord);
    }

    /** Somebody has deleted the StatefulSets of those who vote, after the user has taken them out of the spec. */
    private boolean isWithoutVoters() {
        return scenario.controllers() == 0
                && kafka.voters().stream().anyMatch(id -> kube.everything(StatefulSet.class).stream()
                        .noneMatch(set -> FakeNodes.isOf(set, id)));
    }

    /** They are kept, but as they stand, whatever version the user wants. */
    private boolean isFoundedByDedicated() {
        return scenario.controllers() == 0
                && kube.getLive(ConfigMap.class, Names.identity(Scenario.NAME)).stream()
                        .flatMap(map -> Stream.of(
                                map.getData().get(Identity.CONTROLLERS).split(",")))
                        .anyMatch(id -> FakeNodes.isController(kube, Integer.parseInt(id)));
    }

    private static boolean isOfBrokers(StatefulSet set) {
        return set.getSpec().getTemplate().getMetadata().getLabels().containsKey(Labels.BROKER);
    }

    private int brokers() {
        return kube.everything(StatefulSet.class).stream()
                .filter(Faults::isOfBrokers)
                .mapToInt(set -> set.getSpec().getReplicas())
                .sum();
    }

    private boolean isToStay(int id) {
        return kube.everything(StatefulSet.class).stream()
                .filter(set -> FakeNodes.isOf(set, id))
                .anyMatch(set -> id - set.getSpec().getOrdinals().getStart()
                        < scenario.wanted(set.getMetadata().getName()));
    }

    private boolean isOfAnySet(int id) {
        return kube.everything(StatefulSet.class).stream().anyMatch(set -> FakeNodes.isOf(set, id));
    }

    private boolean hasGone(int id) {
        return !isOfAnySet(id) && kube.everything(Pod.class).stream().noneMatch(pod -> FakeNodes.id(pod) == id);
    }

    /** The user lets nothing lie alone where it goes with a pod. */
    void copyFromDeletedDisks() {
        kafka.copyFrom(this::isToLoseDisk);
        if (scenario.ephemeral) {
            kafka.copyWhatHasOneReplica();
        }
    }

    private boolean isToLoseDisk(int id) {
        return !scenario.ephemeral
                && kube.everything(Pod.class).stream()
                        .anyMatch(pod -> FakeNodes.id(pod) == id && nodes.losesDiskWith(pod));
    }

    /** No set has it, and no disk is left to make it from: as where its disk was lost and then its set, lowered meanwhile. */
    private boolean isGoneForGood(int id) {
        return !isOfAnySet(id)
                && Stream.of(Pod.class, PersistentVolumeClaim.class)
                        .flatMap(kind -> kube.everything(kind).stream())
                        .noneMatch(object -> object.getMetadata().getName().endsWith("-" + id));
    }

    /**
     * Every node works with what is declared, but for a controller's threads, which nobody asks about; and nobody else's
     * setting is touched.
     */
    private void checkConfig(List<Pod> pods) {
        int brokers = (int) pods.stream()
                .filter(pod -> pod.getMetadata().getLabels().containsKey(Labels.BROKER))
                .count();
        var minInSync = scenario.minInSync().isEmpty()
                ? String.valueOf(Replication.of(brokers).minInSync())
                : scenario.minInSync();
        for (var pod : pods) {
            int id = FakeNodes.id(pod);
            var threads = kafka.effective(id, FakeKafka.THREADS);
            boolean isBroker = pod.getMetadata().getLabels().containsKey(Labels.BROKER);
            if ((isBroker && !isDeclared(threads)) || !minInSync.equals(kafka.effective(id, FakeKafka.MIN_IN_SYNC))) {
                throw new Simulation.Violation(id + " works with " + threads + " threads and "
                        + kafka.effective(id, FakeKafka.MIN_IN_SYNC) + " in sync; Kafka has " + kafka.config());
            }
        }
        if (theirs != "gzip".equals(kafka.config().get(THEIRS))) {
            throw new Simulation.Violation("somebody else's setting: " + kafka.config());
        }
    }

    /** Whoever takes a setting away together with all that remembers whose it was leaves it behind. */
    private boolean isDeclared(String threads) {
        return scenario.threads().isEmpty() ? isForgotten || threads.equals("8") : threads.equals(scenario.threads());
    }

    /** Whoever makes the cluster again over its disks must not found another. */
    private void checkDisksRemember() {
        for (var claim : kube.everything(PersistentVolumeClaim.class)) {
            if (!"true".equals(claim.getMetadata().getAnnotations().get(Annotations.FORMED))) {
                throw new Simulation.Violation(claim.getMetadata().getName() + " forgets that its quorum has formed");
            }
        }
    }

    /** Nothing is left of moves of ours, and Kafka knows nobody who has left. */
    private void checkMoves() {
        var brokers = kube.everything(Pod.class).stream().map(FakeNodes::id).toList();
        if (!brokers.containsAll(kafka.known())) {
            throw new Simulation.Violation("Kafka knows brokers " + kafka.known() + " of " + brokers);
        }
        if (!kafka.moving().isEmpty() || Throttle.isRateOurs(kafka.config())) {
            throw new Simulation.Violation("still moves " + kafka.moving() + " at " + kafka.config());
        }
        if (kafka.details().values().stream().anyMatch(topic -> Throttle.isSigned(topic.config()))) {
            throw new Simulation.Violation("still slowed down: " + kafka.details());
        }
    }

    /** Those are cordoned that somebody has cordoned by hand, and no others; nothing is on record of any that is there. */
    private void checkCordons(List<Pod> pods) {
        pods.stream()
                .filter(pod -> pod.getMetadata().getLabels().containsKey(Labels.BROKER))
                .map(FakeNodes::id)
                .filter(id -> kafka.isCordoned(id) != kafka.isCordonedByHand(id)
                        || Cordon.onRecord(kafka.config()).contains(id))
                .findFirst()
                .ifPresent(id -> {
                    throw new Simulation.Violation("broker %d is cordoned: %s; Kafka has %s"
                            .formatted(id, kafka.isCordoned(id), kafka.config()));
                });
    }

    /** Who may lead, leads. */
    private void checkLeaders() {
        for (var topic : kafka.truth()) {
            topic.partitions().stream()
                    .filter(partition -> partition.leader() < 0)
                    .filter(partition -> partition.inSync().stream()
                            .anyMatch(id -> kafka.isServing(id) && !kafka.isOffline(topic.name(), id)))
                    .findFirst()
                    .ifPresent(partition -> {
                        throw new Simulation.Violation("nobody leads %s-%d".formatted(topic.name(), partition.id()));
                    });
        }
    }

    /** Where there is room, Kafka has it. */
    private void checkRoom(List<Pod> pods) {
        pods.stream()
                .filter(pod -> kafka.doesWithoutSecondDisk(FakeNodes.id(pod))
                        && nodes.failedDisk(pod).isEmpty())
                .findFirst()
                .ifPresent(pod -> {
                    throw new Simulation.Violation(
                            pod.getMetadata().getName() + " does without a disk that has not failed");
                });
    }

    /** What the user wants is there, in truth. */
    void checkAllStands() {
        checkMoves();
        checkLeaders();
        checkDisksRemember();
        checkVolumes();
        // A host that is gone does not tell of a pod's end; who no longer belongs to the cluster stays for ever there.
        var pods = kube.everything(Pod.class).stream()
                .filter(pod ->
                        pod.getMetadata().getDeletionTimestamp() == null || !nodes.isOnHostLostAt(pod, Instant.MAX))
                .toList();
        checkConfig(pods);
        checkRoom(pods);
        checkCordons(pods);
        int wanted = kube.everything(StatefulSet.class).stream()
                .mapToInt(set -> set.getSpec().getReplicas())
                .sum();
        if (pods.size() != wanted) {
            throw new Simulation.Violation(pods.size() + " pods of " + wanted);
        }
        // Without the one that is held there may be no quorum for the others.
        int held = !scenario.isHeld() ? 0 : kafka.hasLeader() ? 1 : pods.size();
        for (var pod : pods) {
            var set = kube.everything(StatefulSet.class).stream()
                    .filter(s -> pod.getMetadata()
                            .getName()
                            .startsWith(s.getMetadata().getName() + "-"))
                    // Of a pool that the spec no longer has, and that cannot go, nobody is restarted any more.
                    .filter(s -> Watchman.isUpToDate(pod, s)
                            || !scenario.declares(s.getMetadata().getLabels().get(Labels.POOL)))
                    .findFirst();
            boolean isAsDeclared = set.isPresent()
                    && kafka.isCaughtUp(FakeNodes.id(pod))
                    && (watchman.hasWhatItShould(pod, set.get())
                            || !scenario.declares(
                                    set.get().getMetadata().getLabels().get(Labels.POOL)));
            if (!isAsDeclared && --held < 0) {
                throw new Simulation.Violation(pod.getMetadata().getName() + " is not as declared");
            }
        }
    }
}
