package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.Listener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What is wrong with the listeners: as far as it can be said before node ids are given, and with them. */
final class ListenerProblems {
    private static final int MAX_PORT = 65535;

    // The default range of kube-apiserver; a cluster with another one refuses Services by itself, and we tell that too.
    private static final int MAX_NODE_PORT = 32767;

    private static final Set<String> RESERVED_NAMES = Set.of("peer", "controller", "agent");

    private ListenerProblems() {}

    static List<Problem> of(List<Listener> listeners, List<NodePool> pools) {
        var problems = new ArrayList<Problem>();
        var names = new HashSet<String>();
        var ports = new HashSet<Integer>();
        var nodePorts = new HashMap<Integer, String>();
        var brokerIds = expectedBrokerIds(pools);
        for (Listener listener : listeners) {
            var path = "spec.listeners[" + listener.name + "]";
            if (RESERVED_NAMES.contains(listener.name) || !names.add(listener.name)) {
                problems.add(new Problem(path + ".name", listener.name, "taken already; choose another name"));
            }
            problems.addAll(portProblems(path, listener, ports));
            if (listener.type == Listener.Type.NODEPORT) {
                problems.addAll(nodePortProblems(path, listener, brokerIds, nodePorts));
            }
        }
        return problems;
    }

    /** Of sets that are still to be made: ids of those that have gone are kept with their disks. */
    static Optional<Problem> ofNew(ClusterSpec spec, List<NodeSet> sets) {
        return spec.listeners().stream()
                .filter(ListenerSpec.NodePort.class::isInstance)
                .map(ListenerSpec.NodePort.class::cast)
                .flatMap(listener -> sets.stream()
                        .filter(NodeSet::isBroker)
                        .flatMap(set -> set.nodeIds().stream())
                        .filter(id -> listener.nodePortOf(id) > MAX_NODE_PORT)
                        .map(id -> tooHigh(listener, id)))
                .findFirst();
    }

    private static Problem tooHigh(ListenerSpec.NodePort listener, int id) {
        return new Problem(
                "spec.listeners[" + listener.name() + "].nodePort",
                String.valueOf(listener.nodePort()),
                ("too high, broker %d would need node port %d, above %d, since each new zone and pool starts at the next thousand;"
                                + " set at most %d, or delete the volume claims of zones and pools that have gone, which keep"
                                + " their ids")
                        .formatted(id, listener.nodePortOf(id), MAX_NODE_PORT, MAX_NODE_PORT - 1 - id));
    }

    private static List<Problem> portProblems(String path, Listener listener, Set<Integer> ports) {
        var port = Optional.ofNullable(listener.port).orElse(0);
        if (port < 1 || port > MAX_PORT) {
            return List.of(new Problem(path + ".port", String.valueOf(listener.port), "not a port; set 1 to 65535"));
        }
        if (Ports.RESERVED.contains(port)) {
            return List.of(new Problem(
                    path + ".port",
                    port.toString(),
                    "used by the cluster itself (9091 between brokers, 9093 controllers, 8080 agent); set another"));
        }
        if (!ports.add(port)) {
            return List.of(new Problem(path + ".port", port.toString(), "another listener's too; set another"));
        }
        return List.of();
    }

    private static List<Problem> nodePortProblems(
            String path, Listener listener, List<Integer> brokerIds, Map<Integer, String> taken) {
        if (listener.nodePort == null) {
            return List.of(new Problem(
                    path + ".nodePort", "unset", "a listener of type nodeport needs it; set one, for example 30092"));
        }
        int highest = listener.nodePort + 1 + brokerIds.getLast();
        if (highest > MAX_NODE_PORT) {
            return List.of(new Problem(
                    path + ".nodePort",
                    listener.nodePort.toString(),
                    "too high, broker " + brokerIds.getLast() + " would need node port " + highest
                            + ", above " + MAX_NODE_PORT
                            + ", since each zone and pool starts at the next thousand; set at most "
                            + (MAX_NODE_PORT - 1 - brokerIds.getLast())));
        }
        var wanted =
                Stream.concat(Stream.of(listener.nodePort), brokerIds.stream().map(id -> listener.nodePort + 1 + id));
        return wanted.filter(port -> taken.putIfAbsent(port, listener.name) != null)
                .map(port -> new Problem(
                        path + ".nodePort",
                        listener.nodePort.toString(),
                        "node port " + port + " is needed by listener " + taken.get(port)
                                + " too; set them further apart than there are brokers"))
                .limit(1)
                .toList();
    }

    /** As they are given to a new cluster: a thousand for each pool in each zone. */
    private static List<Integer> expectedBrokerIds(List<NodePool> pools) {
        var ids = new ArrayList<Integer>();
        int first = 0;
        for (NodePool pool : pools) {
            for (int size :
                    Layout.spread(pool.replicas(), Math.max(1, pool.zones().size()))) {
                IntStream.range(first, first + size).forEach(ids::add);
                first += NodeSet.RANGE;
            }
        }
        return ids;
    }
}
