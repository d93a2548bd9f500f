package dev.castellan.operator.simulation;

import com.fasterxml.jackson.databind.node.TextNode;
import dev.castellan.api.KafkaVersions;
import dev.castellan.api.v1beta1.AutoGrow;
import dev.castellan.api.v1beta1.BrokerPool;
import dev.castellan.api.v1beta1.Brokers;
import dev.castellan.api.v1beta1.Controllers;
import dev.castellan.api.v1beta1.Healing;
import dev.castellan.api.v1beta1.Jvm;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.api.v1beta1.PodTemplate;
import dev.castellan.api.v1beta1.Rebalance;
import dev.castellan.api.v1beta1.Rollout;
import dev.castellan.api.v1beta1.Storage;
import dev.castellan.api.v1beta1.Upgrade;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Owner;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What the user wants, and how it changes in the middle of things. The same words always give the same variant, by which
 * desired objects are remembered from one seed to the next.
 */
final class Scenario {
    static final String NAME = "events";
    static final String NAMESPACE = "ns";

    /** How long a host may be gone. */
    static final Duration GRACE = Duration.ofSeconds(25);

    private static final int SHAPES = 50;
    private static final int WIDE = 6;

    /** Some of them further away than Kafka goes at a time. */
    private static final List<String> THREADS = List.of("", "", "3", "40", FakeKafka.REFUSED);

    private static final List<String> ZONES = List.of("z1", "z2", "z3", "z4");

    private static final List<String> POOLS = List.of("p", "q");

    private static final List<String> SIZES = List.of("10Gi", "20Gi", "40Gi");

    /** That a volume may become by itself. */
    static final Quantity LARGEST = new Quantity("60Gi");

    /**
     * Between some of them there is no way but a restart, since the heap, the collector or the class of service is another, or
     * something is taken away; the last no node has.
     */
    private static final List<ResourceRequirements> RESOURCES = Stream.of(
                    "{}",
                    "{requests: {cpu: 500m}}",
                    "{requests: {cpu: '1'}, limits: {cpu: '2'}}",
                    "{requests: {cpu: '1'}, limits: {cpu: '3'}}",
                    "{requests: {memory: 1Gi}, limits: {memory: 2Gi}}",
                    "{requests: {cpu: '2'}, limits: {cpu: '2'}}",
                    "{requests: {cpu: '1'}, limits: {cpu: '1'}}",
                    "{requests: {cpu: 1k}}")
            .map(words -> Serialization.unmarshal("--- " + words, ResourceRequirements.class))
            .toList();

    /** Specifications with which nodes do not come up. */
    private static final List<String> BREAKAGES = List.of("crash", "image", "hang");

    final GivenUp givenUp = new GivenUp();
    final boolean ephemeral;
    final boolean retain;
    private final List<String> firstZones;
    private List<String> zones;

    /** By name, with so many brokers. */
    private final SortedMap<String, Integer> pools = new TreeMap<>();

    private final boolean jbod;
    private int controllers;
    private final boolean foundedCombined;
    private int replicas;
    private final int largest;
    private int edit;

    /** Which of two words asks for even shares; each is another one than the last. */
    private int request;

    /** Values of properties that Kafka takes while it runs; empty: not declared. */
    private String threads = "";

    private String minInSync = "";
    private String broken = "";
    private boolean invalid;
    private int size;

    /** Which of some resources nodes are to have. */
    private int resources;

    private String version;
    private String level;
    private boolean paused;
    private boolean hibernates;
    private long generation = 1;
    private int change;
    private boolean restartsPaused;
    private boolean approvalNeeded;
    private boolean inWindows;
    private boolean holds;
    private int most;
    private String approved = "";
    private KafkaClusterStatus seen;
    private int life = 1;
    private String made = "";
    private final KafkaCluster cluster = new KafkaCluster();

    /** One of so many shapes of clusters, since rendering each anew would cost more than all else. */
    Scenario(Random chance) {
        this(chance, false);
    }

    /**
     * @param isEphemeral by no shape it is: what is first drawn by one of so small numbers, of four, is always the same
     */
    Scenario(Random chance, boolean isEphemeral) {
        var random = new Random(chance.nextInt(SHAPES));
        ephemeral = random.nextInt(4) == 0 || isEphemeral;
        // With fewer there is no second copy of what an ephemeral node would throw away, so it may never be restarted.
        boolean wide = random.nextInt(6) == 0;
        replicas = wide ? WIDE + random.nextInt(4) : ephemeral ? 3 + random.nextInt(2) : 1 + random.nextInt(4);
        largest = Math.max(5, replicas + 1);
        firstZones = ZONES.subList(0, wide || random.nextInt(3) == 0 ? Math.min(replicas, 3) : 0);
        zones = firstZones;
        jbod = !ephemeral && random.nextInt(6) == 0;
        retain = ephemeral || random.nextInt(4) != 0;
        controllers =
                random.nextInt(3) == 0 ? List.of(ephemeral ? 3 : 1, 3, 3, 5).get(random.nextInt(4)) : 0;
        foundedCombined = controllers == 0;
        version = random.nextInt(3) == 0 ? KafkaVersions.all().getFirst() : KafkaVersions.newest();
    }

    /** The user edits the spec. */
    void edit(Random random) {
        generation++;
        if (random.nextInt(3) == 0) {
            editRollout(random);
            return;
        }
        change++;
        switch (random.nextInt(13)) {
            case 9 -> request = 1 - request;
            case 0 -> broken = breakage(random);
            case 1 -> invalid = true;
            case 2 -> grow();
            case 3 -> replicas = Math.max(Math.max(1, zones.size()), replicas - 1);
            case 4 -> {
                broken = "";
                invalid = false;
            }
            case 5, 6 -> threads = THREADS.get(random.nextInt(THREADS.size()));
            case 7 -> minInSync = minInSync.isEmpty() ? "1" : "";
            case 8 -> editVersion(random);
            default -> edit = 1 - edit;
        }
    }

    /** The user edits what only a restart brings about. */
    void edit() {
        generation++;
        change++;
        edit = 1 - edit;
    }

    /** Whoever is ephemeral, and does not come up while nobody can be asked, is left to the user: its data would go with it. */
    private String breakage(Random random) {
        var breakage = BREAKAGES.get(random.nextInt(BREAKAGES.size()));
        return ephemeral ? "" : breakage;
    }

    /** Not before there is a cluster; then to any other, as it comes. */
    private void editVersion(Random random) {
        if (hasFormed()) {
            version = anyVersion(random);
            level = random.nextInt(3) == 0 ? KafkaVersions.metadataVersion(anyVersion(random)) : null;
        }
    }

    private boolean hasFormed() {
        return seen != null && seen.metadataVersion != null;
    }

    /** Four times the throttle, which is the default, or three times. */
    long maxThrottle() {
        return (request == 0 ? 4 : 3) * 50L * 1024 * 1024;
    }

    private static String anyVersion(Random random) {
        return KafkaVersions.all().get(random.nextInt(KafkaVersions.all().size()));
    }

    /** What the metadata is at when all is done. */
    String metadataVersion() {
        return KafkaVersions.metadataVersion(version);
    }

    private void editRollout(Random random) {
        switch (random.nextInt(6)) {
            case 4 -> holds = !holds;
            case 0 -> restartsPaused = !restartsPaused;
            case 1 -> approvalNeeded = !approvalNeeded;
            case 2 -> inWindows = !inWindows;
            case 3 -> most = random.nextInt(3);
            default -> approved = seen == null || seen.plan == null || seen.plan.hash == null ? "" : seen.plan.hash;
        }
    }

    /** Whether restarts may begin at this moment, of nodes that are well. */
    boolean mayRestart(Instant now) {
        return !restartsPaused && (!inWindows || now.getEpochSecond() / 60 % 2 == 0);
    }

    int mostAtOnce() {
        return most == 0 ? Integer.MAX_VALUE : most;
    }

    int topics() {
        return largest > WIDE ? 8 : 3;
    }

    boolean isZoned() {
        return zones.size() > 1;
    }

    /** The user wants more brokers, or fewer, or those there were. */
    void scale(Random random) {
        generation++;
        change++;
        int least = Math.max(1, zones.size());
        replicas = least + random.nextInt(largest + 1 - least);
    }

    /** The user wants so many brokers more, or fewer. */
    void add(int brokers) {
        generation++;
        change++;
        replicas += brokers;
    }

    /** The user wants another pool, or one less, or both, or other zones; not before there is a cluster. */
    void regroup(Random random) {
        if (seen == null || seen.metadataVersion == null) {
            return;
        }
        generation++;
        change++;
        switch (random.nextInt(4)) {
            case 0, 1 -> {
                var others = new ArrayList<>(ZONES);
                Collections.shuffle(others, random);
                zones = List.copyOf(others.subList(0, random.nextInt(Math.min(4, replicas + 1))));
            }
            case 2 -> pools.clear();
            default -> {
                boolean hasAny = !pools.isEmpty();
                var name = POOLS.get(random.nextInt(POOLS.size()));
                if (hasAny && random.nextBoolean()) {
                    pools.clear();
                }
                pools.put(name, 1 + random.nextInt(2));
            }
        }
    }

    /** The user wants this pool after all. */
    void putBack(String pool, int brokers) {
        generation++;
        change++;
        pools.put(pool, brokers);
    }

    /** Brokers of all pools. */
    int brokers() {
        return replicas + pools.values().stream().mapToInt(Integer::intValue).sum();
    }

    /** Whether the user says what the pool's pods should be. */
    boolean declares(String pool) {
        return !POOLS.contains(pool) || pools.containsKey(pool);
    }

    /** StatefulSets that the user wants nodes of. */
    Set<String> sets() {
        return Stream.of(
                        Stream.of(NAME + "-controllers", NAME + "-brokers"),
                        ZONES.stream().map(zone -> NAME + "-brokers-" + zone),
                        POOLS.stream().map(pool -> NAME + "-" + pool))
                .flatMap(names -> names)
                .filter(name -> wanted(name) > 0)
                .collect(Collectors.toSet());
    }

    /** How many nodes of a StatefulSet the user wants; 0 where its pool or zone is no longer declared. */
    int wanted(String set) {
        if (set.equals(NAME + "-controllers")) {
            return controllers;
        }
        for (var pool : pools.entrySet()) {
            if (set.equals(NAME + "-" + pool.getKey())) {
                return pool.getValue();
            }
        }
        if (zones.isEmpty()) {
            return set.equals(NAME + "-brokers") ? replicas : 0;
        }
        int zone = zones.indexOf(set.substring(set.lastIndexOf('-') + 1));
        return zone < 0 ? 0 : replicas / zones.size() + (zone < replicas % zones.size() ? 1 : 0);
    }

    /** The user wants more controllers, or fewer, in pods of their own, or none of those. */
    void scaleControllers(Random random) {
        if (controllers > 0 && !foundedCombined) {
            generation++;
            change++;
            controllers = (ephemeral ? List.of(3, 5) : List.of(1, 3, 5)).get(random.nextInt(ephemeral ? 2 : 3));
        } else if (foundedCombined && hasFormed() && random.nextBoolean()) {
            generation++;
            change++;
            controllers = (ephemeral ? List.of(0, 3, 5) : List.of(0, 1, 3, 5)).get(random.nextInt(ephemeral ? 3 : 4));
        }
    }

    /** The user wants the quorum to bear the loss of one. */
    void wantThreeControllers() {
        generation++;
        change++;
        controllers = 3;
    }

    /** The user takes back what would leave the cluster without those who vote: their StatefulSets are gone. */
    void keepControllers() {
        if (controllers == 0) {
            generation++;
            change++;
            controllers = ephemeral ? 3 : 1;
        }
    }

    /** In pods of their own; 0: brokers are controllers too. */
    int controllers() {
        return controllers;
    }

    /** The user wants all nodes to sleep, or to wake. */
    void hibernate(boolean sleep) {
        generation++;
        hibernates = sleep;
    }

    boolean hibernates() {
        return hibernates;
    }

    /** The user wants larger volumes, which is all that changes. */
    void enlarge() {
        if (!ephemeral && size < SIZES.size() - 1) {
            generation++;
            size++;
        }
    }

    /** The user wants other CPU or memory for all nodes, which is all that changes; now and then more than there is anywhere. */
    void resize(Random random) {
        generation++;
        change++;
        int next = random.nextInt(RESOURCES.size());
        resources = next == RESOURCES.size() - 1 && foundedCombined ? 1 : next; // or a quorum would be without a place
    }

    Quantity size(String volume) {
        return new Quantity(volume.equals("b") ? SIZES.getFirst() : SIZES.get(size));
    }

    private void grow() {
        replicas = Math.min(largest, replicas + 1);
    }

    /** The user deletes the KafkaCluster and makes it again, by the same name. */
    Owner makeAgain() {
        generation = 1;
        change = 0;
        life++;
        return owner();
    }

    Owner owner() {
        return new Owner(NAME, "uid-of-cluster-" + life);
    }

    String threads() {
        return threads;
    }

    String minInSync() {
        return minInSync;
    }

    /** Tells every change of the spec from every other. */
    String change() {
        return life + "." + change;
    }

    /** The user sets right what was wrong. */
    void mend() {
        generation++;
        change++;
        broken = "";
        invalid = false;
        version = KafkaVersions.newest();
        level = null;
        paused = false;
        hibernates = false;
        resources = resources == RESOURCES.size() - 1 ? 1 : resources;
        if (foundedCombined && !zones.containsAll(firstZones) || firstZones.isEmpty() && foundedCombined) {
            zones = firstZones; // whose brokers are controllers too
            replicas = Math.max(replicas, zones.size());
        }
        restartsPaused = false;
        approvalNeeded = false;
        threads = threads.equals(FakeKafka.REFUSED) ? "" : threads;
    }

    /** What nobody looks after, and brokers refuse with all else, as they tell, becomes the user's again. */
    void declareThreads() {
        generation++;
        change++;
        threads = threads.isEmpty() ? "8" : threads;
    }

    /** The user, in peace, asks for what nodes do not come up with, and that tells. */
    void spoil(Random random) {
        generation++;
        change++;
        holds = random.nextInt(3) == 0;
        broken = BREAKAGES.get(random.nextInt(2));
        inWindows = false;
    }

    /** A node that fails is left as it is. */
    boolean isHeld() {
        return holds && !broken.isEmpty();
    }

    void pause(boolean pause) {
        paused = pause;
    }

    boolean isPaused() {
        return paused;
    }

    boolean isInvalid() {
        return invalid;
    }

    KafkaCluster cluster(KafkaClusterStatus status) {
        seen = status;
        var words = life + "." + generation + variant() + paused;
        if (!words.equals(made)) {
            made = words;
            make();
        }
        cluster.setStatus(status);
        return cluster;
    }

    private void make() {
        var meta = new ObjectMeta();
        meta.setName(NAME);
        meta.setNamespace(NAMESPACE);
        meta.setUid(owner().uid());
        meta.setGeneration(generation);
        meta.setAnnotations(Map.of(Annotations.PAUSE, String.valueOf(paused), Memo.VARIANT, variant()));
        cluster.setMetadata(meta);
        cluster.setSpec(spec());
    }

    private String variant() {
        return replicas + "/" + zones + pools + "/" + ephemeral + "/" + retain + "/" + jbod + "/" + controllers + "/"
                + edit
                + "/" + broken + "/" + invalid + "/" + threads + "/" + minInSync + "/" + version + "/" + level + "/"
                + size + "/" + resources + "/" + request + (hibernates ? "/asleep" : "")
                + (givenUp.uids().isEmpty() ? "" : "/without " + givenUp.uids());
    }

    /** The user has it as the condition Stalled tells. */
    void giveUp(Stall stalled) {
        generation++;
        givenUp.add(stalled);
    }

    private KafkaClusterSpec spec() {
        var spec = new KafkaClusterSpec();
        spec.version = invalid ? "0.8.2" : version;
        spec.metadataVersion = level;
        spec.hibernate = hibernates;
        spec.upgrade = new Upgrade();
        spec.upgrade.soak = "20s";
        spec.config = new TreeMap<>(Map.of("log.retention.hours", new TextNode(String.valueOf(edit))));
        spec.rollout = rollout();
        spec.rebalance = new Rebalance();
        spec.rebalance.request = request == 0 ? "even" : "odd";
        spec.rebalance.whenSkewAbove = request == 0 ? null : 20;
        spec.rebalance.maxThrottle = request == 0 ? null : new Quantity("" + maxThrottle());
        spec.healing = new Healing();
        spec.healing.brokerGrace = GRACE.toSeconds() + "s";
        spec.healing.acceptDataLossOn = givenUp.uids();
        if (!threads.isEmpty()) {
            spec.config.put(FakeKafka.THREADS, new TextNode(threads));
        }
        if (!minInSync.isEmpty()) {
            spec.config.put(FakeKafka.MIN_IN_SYNC, new TextNode(minInSync));
        }
        spec.brokers = new Brokers();
        spec.brokers.replicas = replicas;
        spec.brokers.zones = zones.isEmpty() ? null : zones;
        spec.brokers.pools = pools.isEmpty() ? null : pools();
        spec.brokers.storage = storage(autoGrow());
        spec.brokers.resources = RESOURCES.get(resources);
        spec.brokers.jvm = jvm();
        spec.brokers.template = new PodTemplate();
        if (broken.equals("image")) {
            spec.image = "broken" + FakeNodes.MISSING;
        } else if (!broken.isEmpty()) {
            spec.brokers.template.annotations = Map.of(FakeNodes.BROKEN, broken);
        }
        if (controllers > 0) {
            spec.controllers = new Controllers();
            spec.controllers.replicas = controllers;
            spec.controllers.zones = List.of();
            spec.controllers.storage = storage(null);
            spec.controllers.resources = RESOURCES.get(resources == RESOURCES.size() - 1 ? 1 : resources);
            spec.controllers.jvm = jvm();
        }
        return spec;
    }

    /** What the default is without any resources declared, so that more memory alone is no other heap. */
    private static Jvm jvm() {
        var jvm = new Jvm();
        jvm.heap = new Quantity("512Mi");
        return jvm;
    }

    private List<BrokerPool> pools() {
        var declared = new ArrayList<BrokerPool>();
        pools.forEach((name, brokers) -> {
            var pool = new BrokerPool();
            pool.name = name;
            pool.replicas = brokers;
            pool.zones = List.of();
            declared.add(pool);
        });
        return declared;
    }

    private Rollout rollout() {
        var rollout = new Rollout();
        rollout.paused = restartsPaused;
        rollout.approval = approvalNeeded ? Rollout.Approval.manual : Rollout.Approval.automatic;
        rollout.approve = approvalNeeded ? approved : null;
        rollout.onFailure = holds ? Rollout.OnFailure.hold : null;
        rollout.patience = "5s";
        rollout.maxUnavailable = most == 0 ? new IntOrString("auto") : new IntOrString(most);
        if (inWindows) {
            var window = new Rollout.Window();
            window.cron = "*/2 * * * *";
            window.duration = "1m";
            rollout.windows = List.of(window);
            rollout.minDelay = "3s";
        }
        boolean isPlain = broken.isEmpty() && !restartsPaused && !approvalNeeded && !inWindows && most == 0;
        return isPlain ? null : rollout;
    }

    /** Of several volumes of a broker, each may grow by itself. */
    boolean growsByItself() {
        return jbod;
    }

    private Storage storage(AutoGrow autoGrow) {
        var storage = new Storage();
        if (ephemeral) {
            storage.ephemeral = true;
            return storage;
        }
        storage.retain = retain;
        if (jbod) {
            storage.volumes = List.of(volume("a"), volume("b"));
            storage.autoGrow = autoGrow;
        } else if (size > 0) {
            storage.size = size("data");
        }
        return storage;
    }

    private static AutoGrow autoGrow() {
        var autoGrow = new AutoGrow();
        autoGrow.max = LARGEST;
        return autoGrow;
    }

    private Storage.Volume volume(String name) {
        var volume = new Storage.Volume();
        volume.name = name;
        volume.size = size(name);
        return volume;
    }

    @Override
    public String toString() {
        return variant() + (restartsPaused ? " restarts paused" : "") + (approvalNeeded ? " approved " + approved : "")
                + (inWindows ? " in windows" : "") + (holds ? " holds" : "") + " most " + most;
    }
}
