package dev.castellan.operator.cluster;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What is decided once in the life of a Kafka cluster and must never change with a later decision: its id, which nodes
 * found its quorum, and on which disks they start. Who votes later is another matter, see {@link WantedQuorum}.
 *
 * @param formed true as soon as a quorum leader was seen: from then on a new disk never founds anything (KIP-853)
 */
public record Identity(String clusterId, boolean formed, List<Founder> founders) {
    /** Keys of the identity's ConfigMap, which the launcher reads. */
    public static final String CLUSTER_ID = "cluster.id";

    public static final String FORMED = "formed";
    public static final String CONTROLLERS = "controllers";
    public static final String INITIAL_CONTROLLERS = "initial.controllers";

    /** Not of the identity, but beside it for whoever starts: where to ask for the leader. It follows the spec. */
    public static final String BOOTSTRAP = "bootstrap.servers";

    private static final int MOST_COMBINED = 3;

    /** A controller of the first quorum and the id of its metadata directory. */
    public record Founder(int nodeId, String host, String directoryId) {
        private static final Pattern FORM = Pattern.compile("(\\d+)@([^:]+):(\\d+):([A-Za-z0-9_-]{22})");

        /** As Kafka's StorageTool takes it: id@host:port:directoryId. */
        @Override
        public String toString() {
            return nodeId + "@" + endpoint() + ":" + directoryId;
        }

        public String endpoint() {
            return host + ":" + Ports.CONTROLLER;
        }

        static Founder parse(String text) {
            var matcher = FORM.matcher(text.strip());
            if (!matcher.matches()) {
                throw new IllegalArgumentException("not of the form id@host:port:directoryId: " + text);
            }
            return new Founder(Integer.parseInt(matcher.group(1)), matcher.group(2), matcher.group(4));
        }
    }

    /**
     * A new cluster's. Controllers are the dedicated ones; without those the brokers, up to three and an odd number of
     * them, in different zones as far as there are.
     *
     * @param ids each call a new random id in Kafka's base64 form
     */
    public static Identity founded(ClusterSpec spec, Layout layout, Supplier<String> ids) {
        var clusterId = ids.get();
        var founders = founders(layout).entrySet().stream()
                .map(node ->
                        new Founder(node.getKey(), spec.hostOf(node.getValue().podName(node.getKey())), ids.get()))
                .toList();
        return new Identity(clusterId, false, founders);
    }

    public Identity asFormed() {
        return new Identity(clusterId, true, founders);
    }

    /** Who is to vote beside or instead of the founders. */
    public WantedQuorum quorum(List<NodeSet> sets, String namespace) {
        return WantedQuorum.of(this, sets, namespace);
    }

    /** The founders' ids. */
    public List<Integer> controllers() {
        return founders.stream().map(Founder::nodeId).toList();
    }

    /** What Kafka calls initial controllers: all founders, in the one form that all must be formatted with. */
    public String initialControllers() {
        return founders.stream().map(Founder::toString).collect(Collectors.joining(","));
    }

    /** What the identity's ConfigMap holds. */
    public SortedMap<String, String> data(WantedQuorum quorum) {
        return new TreeMap<>(Map.of(
                CLUSTER_ID, clusterId,
                FORMED, String.valueOf(formed),
                CONTROLLERS, controllers().stream().map(String::valueOf).collect(Collectors.joining(",")),
                INITIAL_CONTROLLERS, initialControllers(),
                BOOTSTRAP, quorum.bootstrap()));
    }

    static List<Founder> parseFounders(String initialControllers) {
        return Stream.of(initialControllers.split(",")).map(Founder::parse).toList();
    }

    /** Node ids and their sets. */
    private static Map<Integer, NodeSet> founders(Layout layout) {
        var dedicated = layout.sets().stream().filter(set -> !set.isBroker()).toList();
        if (!dedicated.isEmpty()) {
            return dedicated.stream()
                    .flatMap(set -> set.nodeIds().stream().map(id -> Map.entry(id, set)))
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (a, b) -> a, TreeMap::new));
        }
        int brokers = layout.brokers();
        int wanted = brokers < MOST_COMBINED ? 1 : MOST_COMBINED;
        var chosen = new TreeMap<Integer, NodeSet>();
        inTurnByZone(layout).stream().limit(wanted).forEach(node -> chosen.put(node.getKey(), node.getValue()));
        return chosen;
    }

    /** All brokers: the first of each zone, then the second of each, and so on. */
    private static List<Map.Entry<Integer, NodeSet>> inTurnByZone(Layout layout) {
        var zones = new LinkedHashMap<String, List<Map.Entry<Integer, NodeSet>>>();
        for (NodeSet set : layout.sets()) {
            var zone = zones.computeIfAbsent(set.zone().orElse(""), z -> new ArrayList<>());
            set.nodeIds().forEach(id -> zone.add(Map.entry(id, set)));
        }
        var turns = new ArrayList<Map.Entry<Integer, NodeSet>>();
        int longest = zones.values().stream().mapToInt(List::size).max().orElse(0);
        for (int turn = 0; turn < longest; turn++) {
            for (var zone : zones.values()) {
                if (turn < zone.size()) {
                    turns.add(zone.get(turn));
                }
            }
        }
        return turns;
    }
}
