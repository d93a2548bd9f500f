package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.DynamicKeys;
import dev.castellan.operator.cluster.plan.ThreadSteps.Broker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Kafka is still to be told while it runs. What a user takes away goes back to Kafka's own default: it is set in its
 * place while any node has the old value in its file, and nothing is set once none has.
 */
final class DynamicChanges {

    private final DynamicConfig wanted;
    private final Map<String, String> actual;
    private final List<NodeFile> files;
    private final SortedMap<String, String> declared;
    private final List<Broker> brokers;
    private final boolean isAnyAway;
    private final SortedMap<String, String> set = new TreeMap<>();

    /** Numbers of threads, which come there by steps. */
    private final SortedMap<String, Integer> goals = new TreeMap<>();

    private final ThreadSteps threads;
    private final boolean isPostponed;
    private final boolean isTrial;
    private final SortedSet<String> unset = new TreeSet<>();
    private final SortedSet<String> claimed;
    private final SortedSet<String> owned;

    /**
     * What a node was started with; the version is empty where nobody knows it.
     *
     * @param isAsked it is a broker that runs, so that Kafka may ask it whether it takes a value
     */
    record NodeFile(boolean isAsked, String version, Map<String, String> properties) {}

    private DynamicChanges(
            DynamicConfig wanted,
            Map<String, String> actual,
            List<NodeFile> files,
            List<Broker> brokers,
            boolean isAnyAway) {
        this.wanted = wanted;
        this.actual = actual;
        this.files = files;
        this.brokers = brokers;
        this.isAnyAway = isAnyAway;
        this.declared = wanted.declared();
        this.claimed = new TreeSet<>(wanted.owned());
        this.owned = new TreeSet<>(wanted.owned());
        var keys = new TreeSet<>(wanted.owned());
        keys.addAll(declared.keySet());
        files.forEach(file -> keys.addAll(file.properties().keySet()));
        keys.stream().filter(this::isKnownToAll).forEach(this::decide);
        this.threads = new ThreadSteps(goals, actual, brokers);
        this.isPostponed = threads.isRefused() && !(set.isEmpty() && unset.isEmpty());
        if (isPostponed) {
            postpone();
        }
        // What not every broker takes comes last and by itself: nobody would know what it is that is refused.
        if (!threads.isTrial(threads.next()) || !hasChanges()) {
            set.putAll(threads.next());
        }
        this.isTrial = threads.isTrial(set);
    }

    /** A broker that refuses what is set now would refuse this too, whatever it is, and may be the one that is asked. */
    private void postpone() {
        set.clear();
        owned.addAll(unset);
        unset.clear();
    }

    /**
     * @param actual what is set in Kafka for the whole cluster
     * @param brokers those in service, and how many threads each works with
     * @param isAnyAway some broker is not among them, and may come back with what it worked with before
     */
    static DynamicChanges of(
            DynamicConfig wanted,
            Map<String, String> actual,
            List<NodeFile> files,
            List<Broker> brokers,
            boolean isAnyAway) {
        return new DynamicChanges(wanted, actual, files, brokers, isAnyAway);
    }

    /** While versions differ, what only the newer knows comes with the file of each node. */
    private boolean isKnownToAll(String key) {
        return DynamicKeys.isDynamic(wanted.version(), key)
                && files.stream().allMatch(file -> DynamicKeys.isDynamic(file.version(), key));
    }

    private void decide(String key) {
        if (declared.containsKey(key)) {
            claimed.add(key);
            owned.add(key);
            if (actual.containsKey(key) || !standsInAllFiles(key) || !isWorkedWith(key, declared.get(key))) {
                change(key, declared.get(key));
            }
        } else if (isToBeOverruled(key)) {
            claimed.add(key);
            owned.add(key);
            change(key, DynamicKeys.defaultOf(key).orElseThrow());
        } else if (wanted.owned().contains(key) && !waitsForRestart(key)) {
            giveBack(key);
        }
    }

    /**
     * To what stands in the files, or is Kafka's default. Threads come there first, and stay ours until every broker says so:
     * nobody would look after one that comes back with another number.
     */
    private void giveBack(String key) {
        var beneath = beneath(key).toList();
        if (DynamicKeys.isThreads(key)
                && actual.containsKey(key)
                && beneath.size() == 1
                && ThreadSteps.isCount(beneath.getFirst())) {
            boolean isThere = beneath.getFirst().equals(actual.get(key)) && isWorkedWith(key, beneath.getFirst());
            if (!isThere) {
                change(key, beneath.getFirst());
            }
            if (!isThere || isAnyAway) {
                return;
            }
        }
        owned.remove(key);
        if (actual.containsKey(key)) {
            unset.add(key);
        }
    }

    /** By all brokers that say so. */
    private boolean isWorkedWith(String key, String value) {
        return brokers.stream()
                .flatMap(broker -> broker.works().stream())
                .allMatch(works -> works.getOrDefault(key, value).equals(value));
    }

    private boolean standsInAllFiles(String key) {
        return files.stream()
                .allMatch(file -> declared.get(key).equals(file.properties().get(key)));
    }

    /** Taken away by the user, but not by the files of the nodes. */
    private boolean isToBeOverruled(String key) {
        return isTakenAway(key) && DynamicKeys.defaultOf(key).isPresent();
    }

    /** There is no value that could be set in its place. */
    private boolean waitsForRestart(String key) {
        return isTakenAway(key) && DynamicKeys.defaultOf(key).isEmpty();
    }

    private boolean isTakenAway(String key) {
        return !wanted.properties().containsKey(key)
                && files.stream().anyMatch(file -> file.properties().containsKey(key));
    }

    private void change(String key, String value) {
        if (DynamicKeys.isThreads(key) && ThreadSteps.isCount(value)) {
            goals.put(key, Integer.valueOf(value));
        } else if (!value.equals(actual.get(key))) {
            set.put(key, value);
        }
    }

    /** What the nodes work with now, by their own word if they give it; their files may differ. */
    private Stream<String> nows(String key) {
        var told = brokers.stream()
                .flatMap(broker -> broker.works().stream())
                .flatMap(works -> Optional.ofNullable(works.get(key)).stream())
                .distinct()
                .toList();
        return !told.isEmpty() ? told.stream() : actual.containsKey(key) ? Stream.of(actual.get(key)) : beneath(key);
    }

    /**
     * What they would work with if nothing were set. Of brokers that run alone: a dedicated controller for which a
     * number of threads is too far keeps its own until it restarts.
     */
    private Stream<String> beneath(String key) {
        return files.stream()
                .filter(NodeFile::isAsked)
                .flatMap(file ->
                        Optional.ofNullable(file.properties().get(key)).or(() -> DynamicKeys.defaultOf(key)).stream())
                .distinct();
    }

    /** Kafka is to be told something, now or when it has taken in what it was told. */
    boolean isPending() {
        return hasChanges() || isPostponed || !threads.isAtGoal();
    }

    private boolean hasChanges() {
        return !set.isEmpty() || !unset.isEmpty();
    }

    Optional<Step.ReconfigureDynamically> step() {
        return !hasChanges() && claimed.equals(wanted.owned()) && owned.equals(wanted.owned())
                ? Optional.empty()
                : Optional.of(new Step.ReconfigureDynamically(set, unset, claimed, owned, isTrial, reason()));
    }

    /** For whom the next step has to wait, and what it lacks. */
    Optional<String> waitsFor() {
        return threads.waitsFor();
    }

    private String reason() {
        var words = new ArrayList<String>();
        set.forEach((key, value) -> {
            var now = nows(key).collect(Collectors.joining("/"));
            var goal = Optional.ofNullable(goals.get(key)).map(String::valueOf).orElse(value);
            words.add(key + " " + (now.isEmpty() ? "(none)" : now) + " → " + value
                    + (goal.equals(value) ? "" : " on the way to " + goal));
        });
        unset.forEach(key -> words.add(key + " " + actual.get(key) + " → Kafka's default"));
        return words.isEmpty()
                ? "on record which properties are set in Kafka: " + String.join(", ", owned)
                : "without a restart: " + String.join(", ", words);
    }
}
