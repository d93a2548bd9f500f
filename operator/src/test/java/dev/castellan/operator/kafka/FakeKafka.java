package dev.castellan.operator.kafka;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.placement.Cordon;
import dev.castellan.operator.placement.Throttle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A Kafka cluster in memory: processes on disks, a Raft quorum that forms, elects and loses its leader, fencing, ISR. It
 * moves on by {@link #tick}, a second each, and calls out what must never happen.
 */
public final class FakeKafka extends ClusterOnlyAdmin {
    /** A broker that does not exist any more, but still has replicas assigned. */
    public static final int NOBODY = 9_999;

    /** A value that Kafka takes for no property. */
    public static final String REFUSED = "many";

    public static final String MIN_IN_SYNC = "min.insync.replicas";
    public static final String THREADS = "num.io.threads";

    public static final String FIRST_DISK = "/var/lib/kafka/a/kafka-log";
    public static final String SECOND_DISK = "/var/lib/kafka/b/kafka-log";

    private static final int SESSION_TICKS = 6;
    private static final int START_TICKS = 2;
    private static final int OBSERVER_MEMORY = 300;

    /** Ticks until a death is noticed. */
    private static final int NOTICED = 3;

    /** One disk, which outlives the process that runs on it. */
    public static final class Disk {
        public String clusterId;
        public String directoryId;
        public List<String> founders = List.of();
        private String metadataVersion;
        private long logEnd;

        public boolean isFormatted() {
            return directoryId != null;
        }
    }

    /** A running process. */
    public static final class Node {
        public final int id;
        final boolean broker;
        final boolean controller;
        private final String version;
        public final Disk disk;
        final String replica;
        private final int syncTicks;
        private final Set<Integer> asks;
        private int knownEpoch = -1;
        private int uptime;
        private int lastCaughtUp = -1;

        /** For so many ticks it does nothing, and is still there. */
        private int hangs;

        Node(int id, boolean broker, boolean controller, String version, Disk disk, int syncTicks, Set<Integer> asks) {
            this.asks = asks;
            this.id = id;
            this.broker = broker;
            this.controller = controller;
            this.version = version;
            this.disk = disk;
            this.replica = id + ":" + disk.directoryId;
            this.syncTicks = syncTicks;
        }

        boolean isUp() {
            return uptime >= START_TICKS && hangs == 0;
        }
    }

    private final Consumer<String> alarm;
    private final Runnable beforeWrite;
    private IntPredicate isToLeave = id -> false;
    private IntSupplier toStay = () -> 0;
    private Predicate<String> resolves = host -> true;
    private int refusesVotersUntil;
    private int refusesMovesUntil;
    private final Set<String> topicsNotMoved = new HashSet<>();
    private Runnable betweenLooks = () -> {};
    private boolean isBetweenLooks;
    private final Set<String> movedSinceTold = new HashSet<>();

    /** Topics of which it does not tell all, until then. */
    private final Map<String, Integer> halfKnownUntil = new HashMap<>();

    private final TreeMap<Integer, Node> running = new TreeMap<>();
    private final TreeMap<Integer, String> voters = new TreeMap<>();
    private final Map<String, Integer> caughtUp = new LinkedHashMap<>();

    /** By the ids of those that hear nothing from the controllers any more. */
    private final Map<Integer, Integer> cutOffSince = new TreeMap<>();

    private List<TopicPartitions> asTheyWere = List.of();
    private final TreeMap<Integer, Boolean> registered = new TreeMap<>();
    private final FakeConfig config = new FakeConfig();
    private final FakePartitions partitions;

    /** Of Kafka, by broker: what it last ran with. */
    private final Map<Integer, String> versions = new LinkedHashMap<>();

    /** The same of controllers, which are registered apart, be they brokers too or not. */
    private final Map<Integer, String> controllers = new LinkedHashMap<>();

    /** The same of brokers that nobody owns. */
    private final Map<Integer, String> strangers = new LinkedHashMap<>();

    private final FakeDisks disks = new FakeDisks();
    private final Set<Integer> cordonedByHand = new TreeSet<>();

    private String metadataVersion;
    private int now;
    private int leader = -1;
    private int leaderSince;
    private int epoch;
    private long committed;
    private String clusterId;
    private boolean reachable = true;
    private int requests;
    private long produced;
    private LongSupplier fastest = () -> Long.MAX_VALUE;
    private int configChanges;

    /** @param alarm hears of what must never happen */
    public FakeKafka(Consumer<String> alarm, Runnable beforeWrite) {
        this.alarm = alarm;
        this.beforeWrite = beforeWrite;
        this.partitions = new FakePartitions(alarm, this::isOutrun);
    }

    // ---- the world's side

    /** Which controllers the user wants no more: they alone may lose their vote while they run. */
    public void leaving(IntPredicate controllers) {
        this.isToLeave = controllers;
    }

    /** How many there are to be of the others, if that is known: before all of them vote, nobody who lives is to lose a vote. */
    public void staying(IntSupplier voters) {
        this.toStay = voters;
    }

    /** Which host names there are. */
    public void resolves(Predicate<String> hosts) {
        this.resolves = hosts;
    }

    /** For so many ticks its leader takes no change of voters, for whatever reason. */
    public void refuseVoters(int ticks) {
        refusesVotersUntil = now + ticks;
    }

    /** For so many ticks it begins no move, for whatever reason. */
    public void refuseMoves(int ticks) {
        refusesMovesUntil = now + ticks;
    }

    /** It begins none of a topic's, for whatever reason. */
    public void refuseMovesOf(String topic) {
        topicsNotMoved.add(topic);
    }

    /** What happens after it has told of topics, and before it tells what is under way. */
    public void betweenLooks(Runnable what) {
        betweenLooks = what;
    }

    /** For so many ticks nobody is told where a topic lies; or, of some topics, how many copies of it are to be in sync. */
    public void knowsByHalves(String topic, int ticks) {
        halfKnownUntil.put(topic, now + ticks);
    }

    public void knowsAll() {
        halfKnownUntil.clear();
    }

    private void mustTakeVoters() {
        if (now < refusesVotersUntil) {
            throw new KafkaRejected("InvalidRequest", null);
        }
    }

    /** A process starts on a formatted disk; it knows where to ask. */
    public Node start(
            int id,
            boolean broker,
            boolean controller,
            String version,
            Disk disk,
            int syncTicks,
            Map<String, String> file) {
        return start(id, broker, controller, version, disk, syncTicks, file, Set.of());
    }

    /** @param asks whom it is told of, to ask for the leader; none: anybody */
    public Node start(
            int id,
            boolean broker,
            boolean controller,
            String version,
            Disk disk,
            int syncTicks,
            Map<String, String> file,
            Set<Integer> asks) {
        var node = new Node(id, broker, controller, version, disk, syncTicks, asks);
        config.start(id, broker, file);
        running.put(id, node);
        if (broker) {
            versions.put(id, version);
        }
        if (controller) {
            controllers.put(id, version);
        } else if (disk.directoryId.equals(voters.get(id))) {
            alarm.accept("node " + id + " has a vote, and starts as no controller");
        }
        if (disk.metadataVersion == null) {
            disk.metadataVersion = KafkaVersions.metadataVersion(version);
        }
        if (metadataVersion != null && !KafkaVersions.reads(version, metadataVersion)) {
            alarm.accept("node %d starts with Kafka %s, which does not read metadata of %s"
                    .formatted(id, version, metadataVersion));
        }
        if (clusterId == null) {
            clusterId = disk.clusterId;
        } else if (!clusterId.equals(disk.clusterId)) {
            alarm.accept("node " + id + " starts as of cluster " + disk.clusterId + " beside " + clusterId);
        }
        return node;
    }

    public void stop(int id) {
        running.remove(id);
        reconnect(id);
    }

    /** Where it held the only copy of a partition, nobody leads that before somebody asks for it. */
    public void comesWithNewDisk(int id) {
        partitions.comesWithNewDisk(id);
    }

    /** A broker with two disks takes the second offline; only its next start brings it back, if that is well then. */
    public void doesWithoutSecondDisk(int id, boolean without) {
        disks.doesWithoutSecond(id, without);
    }

    public boolean doesWithoutSecondDisk(int id) {
        return disks.doesWithoutSecond(id);
    }

    /** Whether a broker has a topic on a disk that it does without; what is new goes to one that serves. */
    public boolean isOffline(String topic, int id) {
        return disks.isOffline(topic, id);
    }

    public void reachable(boolean reachable) {
        this.reachable = reachable;
    }

    public void tick() {
        now++;
        running.values().forEach(node -> {
            node.uptime++;
            node.hangs = Math.max(0, node.hangs - 1);
        });
        found();
        elect();
        if (leader >= 0) {
            replicate();
            registerBrokers();
            partitions.waitsForAllCopies(!isLedBy("4.3.0"));
            partitions.sync(this::isInService, this::isInStep, this::isOffline);
            hearOfConfig();
        }
    }

    private void hearOfConfig() {
        running.values().stream().filter(node -> node.lastCaughtUp == now).forEach(node -> config.hear(node.id));
    }

    /** It has not found the controllers' leader for so long that its session is over. */
    private boolean isLost(Node node) {
        return leader >= 0 && now - Math.max(node.lastCaughtUp, leaderSince) > SESSION_TICKS;
    }

    /** A process stands still for a while, as it may on a host that has no time for it. */
    public void hang(int id, int ticks) {
        if (running.containsKey(id)) {
            running.get(id).hangs = ticks;
        }
    }

    /** A broker serves on and is asked, but hears nothing from the controllers any more: it tells of topics as they were. */
    public void cutOff(int id) {
        cutOffSince.put(id, now);
        asTheyWere = truth();
    }

    /** Nobody is sooner found to be behind: what old facts do in the first moments is told in the decision record on drains. */
    private boolean tellsOldFacts() {
        return cutOffSince.values().stream().anyMatch(since -> now - since > NOTICED);
    }

    public void reconnect(int id) {
        cutOffSince.remove(id);
    }

    /** A broker serves on, but does not take in for a while what is set. */
    public void deafen(int id, int ticks) {
        if (running.containsKey(id)) {
            config.deafen(id, ticks);
        }
    }

    /** The first quorum is whoever the founders were formatted to believe in. */
    private void found() {
        if (hasFormed()) {
            return;
        }
        var beliefs = running.values().stream()
                .map(node -> node.disk.founders)
                .filter(founders -> !founders.isEmpty())
                .distinct()
                .toList();
        if (beliefs.size() > 1) {
            alarm.accept("founders believe in different quorums: " + beliefs);
        }
        if (!beliefs.isEmpty()) {
            voters.clear();
            beliefs.getFirst().forEach(founder -> {
                var parts = founder.split(":");
                voters.put(Integer.parseInt(parts[0]), parts[1]);
            });
        }
    }

    private boolean isAliveVoter(int id) {
        var node = running.get(id);
        return node != null && node.controller && node.isUp() && node.disk.directoryId.equals(voters.get(id));
    }

    private List<Integer> aliveVoters() {
        var alive = new ArrayList<Integer>();
        for (int id : voters.keySet()) {
            if (isAliveVoter(id)) {
                alive.add(id);
            }
        }
        return alive;
    }

    private void elect() {
        if (voters.isEmpty() || !hasMajority()) {
            leader = -1;
            return;
        }
        if (leader >= 0 && isAliveVoter(leader)) {
            return;
        }
        leader = aliveVoters().stream()
                .max(Comparator.comparingLong(id -> running.get(id).disk.logEnd))
                .orElseThrow();
        leaderSince = now;
        epoch++;
        config.lead(leader);
        if (metadataVersion == null) {
            metadataVersion = running.get(leader).disk.metadataVersion;
        }
        if (running.get(leader).disk.logEnd < committed) {
            alarm.accept("metadata lost: controller %d leads with %d records of %d that were committed"
                    .formatted(leader, running.get(leader).disk.logEnd, committed));
        }
    }

    private void replicate() {
        long before = running.get(leader).disk.logEnd;
        running.get(leader).disk.logEnd = before + 1;
        for (var node : running.values()) {
            if (!node.isUp() || !knowsLeader(node)) {
                continue;
            }
            if (node.disk.logEnd >= before) {
                node.disk.logEnd = before + 1;
                node.lastCaughtUp = now;
                caughtUp.put(node.replica, now);
            } else {
                node.disk.logEnd += Math.max(2, (before + 1 - node.disk.logEnd) / 2);
            }
        }
        var ends = new long[voters.size()];
        int voter = 0;
        for (int id : voters.keySet()) {
            ends[voter++] = isAliveVoter(id) ? running.get(id).disk.logEnd : 0L;
        }
        Arrays.sort(ends);
        committed = Math.max(committed, ends[(ends.length - 1) / 2]); // what a majority has
    }

    /**
     * Voters are told by the leader. Whoever does not vote follows the leader that it knows, and when there is another asks those
     * that it was told of at its start, and nobody else: as long as none of them knows, it is lost.
     */
    private boolean knowsLeader(Node node) {
        boolean isTold = isAliveVoter(node.id) || node.asks.isEmpty();
        if (isTold || node.asks.stream().anyMatch(this::tellsLeader)) {
            node.knownEpoch = epoch;
        }
        return node.knownEpoch == epoch;
    }

    private boolean tellsLeader(int id) {
        var asked = running.get(id);
        return asked != null && asked.controller && asked.isUp() && (isAliveVoter(id) || asked.knownEpoch == epoch);
    }

    private void registerBrokers() {
        for (var node : running.values()) {
            if (node.broker && node.isUp() && node.lastCaughtUp == now) {
                registered.put(node.id, false);
            } else if (node.broker && node.isUp()) {
                registered.putIfAbsent(node.id, true);
            }
        }
        registered.replaceAll((id, fenced) ->
                fenced || !running.containsKey(id) || !running.get(id).isUp() || isLost(running.get(id)));
    }

    private boolean isInService(int id) {
        return Boolean.FALSE.equals(registered.get(id)) && running.containsKey(id);
    }

    /** Long enough in service to have copied what it missed. */
    private boolean isInStep(int id) {
        return running.get(id).uptime >= START_TICKS + running.get(id).syncTicks;
    }

    /** Somebody has a broker get no new replicas, unless that is how it is, or how we mean it to be. */
    public boolean cordonByHand(int id) {
        boolean mayBe = answers()
                && isInService(id)
                && !config.isCordoned(id)
                && !config.isToBeCordoned(id)
                && !Cordon.onRecord(config.set()).contains(id)
                && KafkaVersions.BY_LEVEL.compare(metadataVersion, KafkaVersions.metadataVersion("4.3.1")) >= 0;
        if (!mayBe || !(config.alter(id, Cordon.set()) instanceof Outcome.Done)) {
            return false;
        }
        config.hear(id); // between that and a look at it there are milliseconds
        if (config.isCordoned(id)) {
            cordonedByHand.add(id);
        } else {
            config.alter(id, Cordon.none());
        }
        return config.isCordoned(id);
    }

    /** Whoever has cordoned brokers thinks better of it; one that is away hears of it when it comes back. */
    public void uncordonByHand() {
        cordonedByHand.forEach(id -> config.uncordon(id));
        cordonedByHand.clear();
    }

    /** Whoever did it, and whether the broker lives or not. */
    public boolean isCordoned(int id) {
        return config.isToBeCordoned(id);
    }

    public boolean isCordonedByHand(int id) {
        return cordonedByHand.contains(id);
    }

    /** Those that get replicas of a topic of which nobody says where it is to lie. */
    public List<Integer> usable() {
        return serving().stream().filter(id -> !config.isCordoned(id)).toList();
    }

    public void createTopic(String name, int minInSync, List<List<Integer>> replicas) {
        partitions.createTopic(name, minInSync, replicas);
    }

    /** Somebody else moves a partition; false: it cannot be moved now. */
    public boolean reassignByOthers(String topic, int partition, List<Integer> to) {
        boolean moves = partitions.reassignByOthers(topic, partition, to);
        if (moves && isBetweenLooks) {
            movedSinceTold.add(topic);
        }
        return moves;
    }

    /** Somebody else moves it since a moment ago: whoever has just asked where it lies could not know. */
    public boolean isMovedSinceTold(String topic) {
        return movedSinceTold.contains(topic);
    }

    /** Somebody else takes their moves back. */
    public void endMovesOfOthers() {
        partitions.endMovesOfOthers();
    }

    /** The user moves replicas away from brokers that do not exist, or no more. */
    public void reassignFrom(IntPredicate gone) {
        partitions.forget(id -> id == NOBODY, 0);
        partitions.forget(gone, 0);
    }

    /** The user gives what lies on these alone another copy. */
    public void copyFrom(IntPredicate these) {
        partitions.copyElsewhere(these, Integer.MAX_VALUE, serving());
    }

    /** The user gives each partition of one replica another one. */
    public void copyWhatHasOneReplica() {
        serving().forEach(id -> partitions.copyElsewhere(other -> other == id, 1, serving()));
    }

    /** The user gives topics fewer replicas that have more than there are brokers, and with them those on brokers that have gone. */
    public void lowerFactors(IntPredicate gone, int brokers) {
        partitions.forget(gone, brokers);
    }

    /**
     * Somebody unregisters the nodes that are gone, but for those from which all can yet be moved, and the quorum forgets them;
     * whoever is only away comes again.
     */
    public void unregisterDeparted(Predicate<Integer> isAsleep) {
        Predicate<Integer> hasGone = id -> !running.containsKey(id) && !isAsleep.test(id) && !mayBeDrained(id);
        registered.keySet().removeIf(hasGone);
        versions.keySet().removeIf(hasGone);
        controllers.keySet().removeIf(hasGone);
        var replicas = running.values().stream().map(node -> node.replica).collect(Collectors.toSet());
        caughtUp.keySet().retainAll(replicas);
    }

    /** It holds something, and nothing alone. */
    private boolean mayBeDrained(int id) {
        var held = truth().stream()
                .flatMap(topic -> topic.partitions().stream())
                .filter(partition -> partition.replicas().contains(id))
                .toList();
        return !held.isEmpty()
                && held.stream()
                        .allMatch(partition -> partition.inSync().stream().anyMatch(other -> other != id));
    }

    /** Somebody sets a property by hand, if a broker takes it. */
    public void configure(String key, String value) {
        if (!answers()) {
            return;
        }
        var change = new ConfigChange(Map.of(key, value), List.of());
        try {
            config.check(change, asked());
        } catch (KafkaRejected refused) {
            return;
        }
        config.apply(change);
    }

    // ---- the truth, for those who check

    /** A quorum has had a leader at some time. */
    public boolean hasFormed() {
        return committed > 0;
    }

    public boolean hasLeader() {
        return leader >= 0;
    }

    public List<Integer> serving() {
        return registered.keySet().stream().filter(this::isInService).toList();
    }

    public boolean isServing(int id) {
        return isInService(id);
    }

    public boolean isRunning(int id) {
        return running.containsKey(id);
    }

    /** A controller is live when it knows the leader and has what it has. */
    public boolean isCaughtUp(int id) {
        var node = running.get(id);
        return leader >= 0 && node != null && node.isUp() && node.lastCaughtUp >= now - 1 && node.lastCaughtUp > 0;
    }

    public int voterCount() {
        return voters.size();
    }

    /** Controllers that Kafka remembers, whether they run or not. */
    public Set<Integer> registeredControllers() {
        return Set.copyOf(controllers.keySet());
    }

    public boolean isController(int id) {
        return running.containsKey(id) && running.get(id).controller;
    }

    public Set<Integer> voters() {
        return Set.copyOf(voters.keySet());
    }

    /** Whether a disk of this node votes, be it lost or not. */
    public boolean isFounder(int id) {
        return voters.containsKey(id);
    }

    public boolean runsBrokerAlone(int id) {
        return !isFounder(id) && running.containsKey(id) && !running.get(id).controller;
    }

    public boolean runsOn(int id, String directoryId) {
        var node = running.get(id);
        return node != null && directoryId.equals(node.disk.directoryId);
    }

    /** Voters other than these that hold all that was committed, as far as anybody can know: seconds ago they did. */
    public long soundVotersWithout(Set<Integer> ids) {
        return voters.entrySet().stream()
                .filter(voter -> !ids.contains(voter.getKey()))
                .filter(voter -> now - caughtUp.getOrDefault(voter.getKey() + ":" + voter.getValue(), -100) <= NOTICED)
                .count();
    }

    /** Voters other than this one whose log is in one of these directories, whether it is in use or not. */
    public long logsWithout(int id, Collection<String> directories) {
        return voters.entrySet().stream()
                .filter(voter -> voter.getKey() != id && directories.contains(voter.getValue()))
                .count();
    }

    /** Whether the quorum would live on if nothing of this node came back. */
    public boolean canLose(int id) {
        return !isFounder(id)
                || aliveVoters().stream()
                                .filter(voter -> voter != id)
                                .filter(voter -> running.get(voter).disk.logEnd >= committed)
                                .count()
                        > voters.size() / 2;
    }

    /** What is being moved, whoever may reach Kafka. */
    public List<Ongoing> moving() {
        return partitions.ongoing();
    }

    /** Whether any partition lists it, has it in sync or is led by it. */
    public boolean holdsAnything(int id) {
        return truth().stream()
                .flatMap(topic -> topic.partitions().stream())
                .anyMatch(partition -> partition.replicas().contains(id)
                        || partition.inSync().contains(id)
                        || partition.leader() == id);
    }

    /** Whether its controller takes it for one that serves: of one that has just died nobody knows better. */
    public boolean isUnfenced(int id) {
        return Boolean.FALSE.equals(registered.get(id));
    }

    /** Every registered broker, whoever may reach Kafka. */
    public Set<Integer> known() {
        return registered.keySet();
    }

    /** What is set on each topic, whoever may reach Kafka. */
    public Map<String, TopicDetails> details() {
        return partitions.describe(truth().stream().map(TopicPartitions::name).toList());
    }

    /** Live truth of all partitions, whoever may reach Kafka. */
    public List<TopicPartitions> truth() {
        return partitions.truth();
    }

    /** What a node works with; null: Kafka's own default. */
    public String effective(int id, String key) {
        return config.effective(id, key);
    }

    /** A broker that starts with Kafka's own number of threads refuses what is set. */
    public boolean isTooFarFromFiles() {
        return config.isTooFarFromFiles();
    }

    /** What is set for all nodes. */
    public Map<String, String> config() {
        return config.set();
    }

    public int requests() {
        return requests;
    }

    // ---- the port

    @Override
    public String clusterId() {
        ask();
        return clusterId;
    }

    @Override
    public Quorum quorum() {
        ask();
        long end = running.get(leader).disk.logEnd;
        var voting = voters.entrySet().stream()
                .map(voter -> replica(voter.getKey(), voter.getValue()))
                .toList();
        var observers = new ArrayList<Quorum.Replica>();
        caughtUp.forEach((key, when) -> {
            int id = Integer.parseInt(key.substring(0, key.indexOf(':')));
            var directory = key.substring(key.indexOf(':') + 1);
            if (!directory.equals(voters.get(id)) && now - when < OBSERVER_MEMORY) {
                observers.add(replica(id, directory));
            }
        });
        return new Quorum(leader, end, voting, observers);
    }

    /** What the leader knows: it forgets with each election, and learns with each fetch. */
    private Quorum.Replica replica(int id, String directoryId) {
        if (id == leader) {
            return new Quorum.Replica(id, directoryId, running.get(id).disk.logEnd, 0);
        }
        int when = Math.min(
                caughtUp.getOrDefault(id + ":" + directoryId, -1), cutOffSince.getOrDefault(id, Integer.MAX_VALUE));
        long behind = when <= leaderSince ? -1 : (now - when) * 1000L;
        return new Quorum.Replica(id, directoryId, -1, behind);
    }

    @Override
    public List<Broker> brokers() {
        ask();
        return registered.entrySet().stream()
                .map(broker -> new Broker(broker.getKey(), "host-" + broker.getKey(), broker.getValue()))
                .toList();
    }

    @Override
    public String metadataVersion() {
        ask();
        return metadataVersion;
    }

    @Override
    public void finaliseMetadataVersion(String level, boolean validateOnly) {
        ask();
        mustHaveMajority();
        for (var registered : List.of(versions, controllers, strangers)) {
            registered.forEach((id, version) -> {
                if (!KafkaVersions.reads(version, level)) {
                    throw new KafkaRejected("node " + id + " does not support metadata.version " + level, null);
                }
            });
        }
        if (!validateOnly) {
            beforeWrite.run();
            metadataVersion = level;
        }
    }

    /** A broker of that version is registered that nobody owns, and that is gone for good. */
    public void registersStranger(int id, String version) {
        strangers.put(id, version);
    }

    /** @return whether there were any */
    public boolean unregistersStrangers() {
        boolean wereThere = !strangers.isEmpty();
        strangers.clear();
        return wereThere;
    }

    /** What is finalised, whether anybody can ask or not. */
    public String finalised() {
        return metadataVersion;
    }

    /** So many bytes a second are produced to each broker: copies that are let go no faster never catch up. */
    public void produce(long bytesPerSecond) {
        produced = bytesPerSecond;
    }

    private boolean isOutrun() {
        return Throttle.rateOfOurs(config.set()).filter(rate -> rate < produced).isPresent();
    }

    /** Nobody may let copies go at more than so many bytes a second. */
    public void fastest(LongSupplier bytesPerSecond) {
        fastest = bytesPerSecond;
    }

    /** How full the disks of each node are, by its id and the directory there; until then nobody can tell. */
    public void spaces(BiFunction<Integer, String, Optional<Space>> spaces) {
        disks.spaces(spaces);
    }

    /** So many bytes are in each partition of the topic. */
    public void fill(String topic, long bytes) {
        disks.fill(topic, bytes);
    }

    /** As of nodes with two disks. */
    @Override
    public Map<Integer, Map<String, LogDirectory>> logDirectories(Collection<Integer> brokers) {
        ask();
        var topics = truth();
        var told = new TreeMap<Integer, Map<String, LogDirectory>>();
        brokers.stream()
                .filter(this::isInService)
                .forEach(id -> told.put(id, disks.told(id, topics, partitions, config.isCordoned(id))));
        return told;
    }

    @Override
    public List<TopicPartitions> topics() {
        ask();
        movedSinceTold.clear();
        var told = (tellsOldFacts() ? asTheyWere : truth())
                .stream().map(this::asFarAsKnown).toList();
        partitions.completeWhatIsDue(this::isInService, this::isInStep, this::isOffline);
        return told;
    }

    private TopicPartitions asFarAsKnown(TopicPartitions topic) {
        if (halfKnownUntil.getOrDefault(topic.name(), 0) <= now) {
            return topic;
        }
        return topic.name().hashCode() % 2 == 0
                ? topic.with(List.of())
                : new TopicPartitions(topic.name(), topic.topicId(), topic.internal(), 0, topic.partitions());
    }

    @Override
    public Map<String, String> clusterConfig() {
        ask();
        return Map.copyOf(config.set());
    }

    /** As of those that serve. */
    @Override
    public Map<Integer, Map<String, String>> brokerConfigs(Collection<Integer> brokers, Collection<String> keys) {
        ask();
        var told = new TreeMap<Integer, Map<String, String>>();
        brokers.stream().filter(this::isInService).forEach(id -> {
            var works = new TreeMap<String, String>();
            keys.forEach(key -> Optional.ofNullable(effective(id, key)).ifPresent(value -> works.put(key, value)));
            told.put(id, works);
        });
        return told;
    }

    @Override
    public void alterClusterConfig(ConfigChange change) {
        ask();
        config.check(change, asked());
        Throttle.rateOfOurs(change.set())
                .filter(rate -> rate > fastest.getAsLong())
                .ifPresent(rate -> alarm.accept("copies at " + rate + " a second"));
        beforeWrite.run();
        config.apply(change);
        beforeWrite.run();
    }

    @Override
    public Map<Integer, Outcome> alterBrokerConfigs(Map<Integer, ConfigChange> changes) {
        ask();
        mustHaveMajority();
        var outcomes = new TreeMap<Integer, Outcome>();
        new TreeMap<>(changes).forEach((id, change) -> {
            beforeWrite.run();
            outcomes.put(id, alterBrokerConfig(id, change));
        });
        beforeWrite.run();
        return outcomes;
    }

    private Outcome alterBrokerConfig(int id, ConfigChange change) {
        if (!isInService(id)) {
            return new Outcome.Retry("timed out");
        }
        if (!change.set().isEmpty()
                && KafkaVersions.BY_LEVEL.compare(metadataVersion, KafkaVersions.metadataVersion("4.3.1")) < 0) {
            return new Outcome.Rejected("cordoned.log.dirs requires metadata.version >= 4.3-IV0");
        }
        if (!config.isCordoned(id)) {
            cordonedByHand.remove(id); // nobody can know: it tells of none yet
        }
        var outcome = config.alter(id, change);
        if (cordonedByHand.contains(id) && outcome instanceof Outcome.Done) {
            alarm.accept("changes the cordon that somebody has put round broker " + id);
        }
        return outcome;
    }

    /** One broker or another. */
    private int asked() {
        return serving().get(configChanges++ % serving().size());
    }

    @Override
    public Map<String, TopicDetails> describe(Collection<String> topics) {
        ask();
        return partitions.describe(topics);
    }

    @Override
    public Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes) {
        ask();
        return change(changes, partitions::alterConfig);
    }

    @Override
    public List<Ongoing> reassignments() {
        ask();
        isBetweenLooks = true;
        betweenLooks.run();
        isBetweenLooks = false;
        return partitions.ongoing();
    }

    /** Whoever was told of a topic as it was may ask for what Kafka refuses. */
    @Override
    public Map<String, Outcome> move(Map<String, Map<Integer, List<Integer>>> replicas) {
        var kept = new TreeMap<>(replicas);
        kept.entrySet().removeIf(wanted -> !partitions.keepsFactor(wanted.getKey(), wanted.getValue()));
        if (kept.size() < replicas.size() && !tellsOldFacts()) {
            alarm.accept("gives other numbers of replicas than there were: " + replicas);
        }
        var outcomes = new TreeMap<String, Outcome>();
        replicas.keySet().forEach(topic -> outcomes.put(topic, new Outcome.Retry("invalid replication factor")));
        kept.keySet().removeAll(topicsNotMoved);
        if (now >= refusesMovesUntil) {
            outcomes.putAll(reassign(kept));
        }
        return outcomes;
    }

    @Override
    public Map<String, Outcome> reassign(Map<String, Map<Integer, List<Integer>>> replicas) {
        ask();
        boolean copies = replicas.values().stream()
                .flatMap(wanted -> wanted.values().stream())
                .anyMatch(to -> !to.isEmpty());
        if (copies && !Throttle.isRateOurs(config.set())) {
            alarm.accept("moves replicas of " + replicas.keySet() + " with no limit");
        }
        return change(replicas, (topic, wanted) -> partitions.reassign(topic, wanted, this::mayGetReplicas));
    }

    /** Since 4.4 Kafka wants all that are to hold a partition uncordoned, even those that hold it already. */
    private boolean mayGetReplicas(int id) {
        return registered.containsKey(id) && !(isLedBy("4.4.0") && config.isCordoned(id));
    }

    private boolean isLedBy(String version) {
        return KafkaVersions.BY_NUMBER.compare(running.get(leader).version, version) >= 0;
    }

    @Override
    public Map<String, Outcome> elect(Map<String, List<Integer>> leaderless) {
        ask();
        return change(leaderless, partitions::elect);
    }

    /** One by one, so that the operator may die between any two. */
    private <T> Map<String, Outcome> change(Map<String, T> changes, BiFunction<String, T, Outcome> write) {
        mustHaveMajority();
        var outcomes = new TreeMap<String, Outcome>();
        for (var topic : new TreeSet<>(changes.keySet())) {
            beforeWrite.run();
            outcomes.put(topic, write.apply(topic, changes.get(topic)));
        }
        beforeWrite.run();
        return outcomes;
    }

    @Override
    public void unregisterBroker(int nodeId) {
        ask();
        mustHaveMajority();
        beforeWrite.run();
        if (isServing(nodeId)) {
            alarm.accept("broker " + nodeId + " is unregistered while it serves");
        }
        if (holdsAnything(nodeId)) {
            alarm.accept("broker " + nodeId + " is unregistered while it holds replicas");
        }
        registered.remove(nodeId);
        versions.remove(nodeId);
    }

    @Override
    public void unregisterController(int nodeId) {
        ask();
        mustHaveMajority();
        beforeWrite.run();
        if (KafkaVersions.BY_LEVEL.compare(metadataVersion, KafkaVersions.metadataVersion("4.4.0")) < 0) {
            throw new KafkaRejected("UnsupportedVersion", null);
        }
        boolean isRunning = running.containsKey(nodeId) && running.get(nodeId).controller;
        if (isRunning || voters.containsKey(nodeId)) {
            alarm.accept("controller " + nodeId + " is unregistered while it runs or votes");
        }
        controllers.remove(nodeId);
    }

    @Override
    public void removeVoter(int nodeId, String directoryId) {
        ask();
        if (!directoryId.equals(voters.get(nodeId))) {
            throw new KafkaRejected("VoterNotFound", null);
        }
        mustHaveMajority();
        mustTakeVoters();
        beforeWrite.run();
        if (runsOn(nodeId, directoryId) && !isToLeave.test(nodeId)) {
            alarm.accept("a voter was removed whose disk is in use: " + nodeId);
        }
        var leaving = voters.keySet().stream().filter(isToLeave::test).collect(Collectors.toSet());
        if (isAliveVoter(nodeId) && leaving.contains(nodeId) && soundVotersWithout(leaving) < toStay.getAsInt()) {
            alarm.accept("voter %d is removed before those vote that are to stay".formatted(nodeId));
        }
        if (soundVotersWithout(Set.of(nodeId)) <= (voters.size() - 1) / 2) {
            alarm.accept("the removal of voter " + nodeId + " leaves no majority");
        }
        if (2 * aliveVoters().stream().filter(id -> id != nodeId).count() <= voters.size() - 1) {
            throw new KafkaUnavailable("the removal does not commit: a voter has just died", null);
        }
        voters.remove(nodeId);
        if (nodeId == leader) {
            leader = -1; // it resigns, once the others have taken it in
        }
    }

    /** As Kafka does, it waits in vain for a new voter that does not catch up, or does not answer when its leader asks it. */
    @Override
    public void addVoter(int nodeId, String directoryId, String host, int port) {
        ask();
        if (voters.containsKey(nodeId)) {
            throw new KafkaRejected("DuplicateVoter", null);
        }
        mustHaveMajority();
        if (running.containsKey(nodeId) && !running.get(nodeId).controller) {
            alarm.accept("node " + nodeId + " is asked to vote, and is no controller");
        }
        if (now - caughtUp.getOrDefault(nodeId + ":" + directoryId, now) > NOTICED) {
            alarm.accept("controller " + nodeId + " is asked to vote, and has not been heard of for long");
        }
        if (!runsOn(nodeId, directoryId) || !isCaughtUp(nodeId)) {
            throw new KafkaUnavailable("the new voter has not caught up", null);
        }
        if (!resolves.test(host)) {
            throw new KafkaUnavailable("add voter " + nodeId + ": no answer in time", null);
        }
        mustTakeVoters();
        beforeWrite.run();
        voters.put(nodeId, directoryId);
        if (soundVotersWithout(Set.of()) <= voters.size() / 2) {
            alarm.accept("the addition of voter " + nodeId + " leaves no majority");
        }
    }

    /** Voters may have died without the leader having noticed; then nothing commits. */
    private void mustHaveMajority() {
        if (!hasMajority()) {
            throw new KafkaUnavailable("the change of voters does not commit", null);
        }
    }

    private boolean hasMajority() {
        return aliveVoters().size() > voters.size() / 2;
    }

    /** Whoever asks gets an answer. */
    public boolean answers() {
        return reachable && leader >= 0 && running.containsKey(leader) && isAnyInService();
    }

    private boolean isAnyInService() {
        for (int id : registered.keySet()) {
            if (isInService(id)) {
                return true;
            }
        }
        return false;
    }

    private void ask() {
        requests++;
        if (!reachable) {
            throw new KafkaUnavailable("timed out", null);
        }
        if (!answers()) {
            throw new KafkaUnavailable("no broker answers", null);
        }
    }
}
