package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.DynamicKeys;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What Kafka is still to be told while it runs. What a user takes away goes back to Kafka's own default: it is set in its
 * place while any node has the old value in its file, and nothing is set once none has.
 */
final class DynamicChanges {
    private static final Pattern COUNT = Pattern.compile("[1-9]\\d{0,7}");

    private final DynamicConfig wanted;
    private final Map<String, String> actual;
    private final List<NodeFile> files;
    private final SortedMap<String, String> declared;
    private final SortedMap<String, String> set = new TreeMap<>();

    /** Of values so far apart from node to node that some refuse whatever is next: they come last, and by themselves. */
    private final SortedMap<String, String> apart = new TreeMap<>();

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

    private DynamicChanges(DynamicConfig wanted, Map<String, String> actual, List<NodeFile> files) {
        this.wanted = wanted;
        this.actual = actual;
        this.files = files;
        this.declared = wanted.declared();
        this.claimed = new TreeSet<>(wanted.owned());
        this.owned = new TreeSet<>(wanted.owned());
        var keys = new TreeSet<>(wanted.owned());
        keys.addAll(declared.keySet());
        files.forEach(file -> keys.addAll(file.properties().keySet()));
        keys.stream().filter(this::isKnownToAll).forEach(this::decide);
        this.isTrial = !isPending() && !apart.isEmpty();
        if (isTrial) {
            set.putAll(apart);
        }
    }

    /** @param actual what is set in Kafka for the whole cluster */
    static DynamicChanges of(DynamicConfig wanted, Map<String, String> actual, List<NodeFile> files) {
        return new DynamicChanges(wanted, actual, files);
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
            if (actual.containsKey(key) || !standsInAllFiles(key)) {
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

    /** To what stands in the files, or is Kafka's default. Threads come there first, as far at a time as Kafka goes. */
    private void giveBack(String key) {
        var beneath = beneath(key).toList();
        if (DynamicKeys.isThreads(key)
                && actual.containsKey(key)
                && beneath.size() == 1
                && isCount(beneath.getFirst())
                && !actual.get(key).equals(beneath.getFirst())) {
            change(key, beneath.getFirst());
            return;
        }
        owned.remove(key);
        if (actual.containsKey(key)) {
            unset.add(key);
        }
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
        if (value.equals(actual.get(key))) {
            return;
        }
        if (DynamicKeys.isThreads(key)) {
            resize(key, value);
        } else {
            set.put(key, value);
        }
    }

    /** As far towards the value as Kafka goes at a time. */
    private void resize(String key, String value) {
        var counts = nows(key)
                .filter(DynamicChanges::isCount)
                .mapToInt(Integer::parseInt)
                .summaryStatistics();
        if (!isCount(value) || counts.getCount() == 0) {
            set.put(key, value);
            return;
        }
        int goal = Integer.parseInt(value);
        int least = counts.getMax() / 2;
        int most = counts.getMin() * 2;
        if (least <= most) {
            set.put(key, String.valueOf(Math.clamp(goal, least, most)));
        } else {
            // Those that are further from it come first, the others keep theirs.
            apart.put(key, String.valueOf(goal >= counts.getMax() ? most : least));
        }
    }

    private static boolean isCount(String value) {
        return COUNT.matcher(value).matches();
    }

    /** What the nodes work with now; their files may differ. */
    private Stream<String> nows(String key) {
        return actual.containsKey(key) ? Stream.of(actual.get(key)) : beneath(key);
    }

    /**
     * What they would work with if nothing were set. Only brokers that run are asked whether they take a value: a dedicated
     * controller for which it is too far keeps its threads until it restarts, and a broker that starts takes any.
     */
    private Stream<String> beneath(String key) {
        return files.stream()
                .filter(NodeFile::isAsked)
                .flatMap(file ->
                        Optional.ofNullable(file.properties().get(key)).or(() -> DynamicKeys.defaultOf(key)).stream())
                .distinct();
    }

    /** Kafka is to be told something. */
    boolean isPending() {
        return !set.isEmpty() || !unset.isEmpty();
    }

    Optional<Step.ReconfigureDynamically> step() {
        return !isPending() && claimed.equals(wanted.owned()) && owned.equals(wanted.owned())
                ? Optional.empty()
                : Optional.of(new Step.ReconfigureDynamically(set, unset, claimed, owned, isTrial, reason()));
    }

    private String reason() {
        var words = new ArrayList<String>();
        set.forEach((key, value) -> {
            var now = nows(key).collect(Collectors.joining("/"));
            var goal = declared.getOrDefault(key, value);
            words.add(key + " " + (now.isEmpty() ? "(none)" : now) + " → " + value
                    + (goal.equals(value) ? "" : " on the way to " + goal));
        });
        unset.forEach(key -> words.add(key + " " + actual.get(key) + " → Kafka's default"));
        return words.isEmpty()
                ? "on record which properties are set in Kafka: " + String.join(", ", owned)
                : "without a restart: " + String.join(", ", words);
    }
}
