package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Names;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who is to vote in the quorum. Who founded it is on record for good and says nothing of later: dedicated controllers vote
 * as many as the spec has, and in a cluster without them its founders do.
 *
 * @param voting those that are to vote
 * @param leaving those that run and are to be gone: first their vote, then they
 */
public record WantedQuorum(List<Controller> voting, List<Controller> leaving) {

    /** A controller, and where the others reach it. */
    public record Controller(int nodeId, String host) {
        String endpoint() {
            return host + ":" + Ports.CONTROLLER;
        }
    }

    static WantedQuorum of(Identity identity, List<NodeSet> sets, String namespace) {
        var dedicated = sets.stream().filter(set -> !set.isBroker()).toList();
        return dedicated.isEmpty() || isCombined(identity, sets)
                ? founders(identity)
                : new WantedQuorum(
                        controllers(dedicated, namespace, set -> set.nodeIds().stream()
                                .filter(id -> !set.leaving().contains(id))
                                .toList()),
                        controllers(dedicated, namespace, NodeSet::leaving));
    }

    private static WantedQuorum founders(Identity identity) {
        return new WantedQuorum(
                identity.founders().stream()
                        .map(founder -> new Controller(founder.nodeId(), founder.host()))
                        .toList(),
                List.of());
    }

    /** Brokers vote: dedicated controllers beside them have been asked for later, which is not followed. */
    private static boolean isCombined(Identity identity, List<NodeSet> sets) {
        return identity.controllers().stream()
                .anyMatch(id -> sets.stream().anyMatch(set -> set.isBroker() && set.owns(id)));
    }

    private static List<Controller> controllers(
            List<NodeSet> sets, String namespace, Function<NodeSet, List<Integer>> ids) {
        return sets.stream()
                .flatMap(set -> ids.apply(set).stream()
                        .map(id -> new Controller(id, Names.nodeHost(set.podName(id), namespace))))
                .toList();
    }

    public List<Controller> all() {
        return Stream.concat(voting.stream(), leaving.stream()).toList();
    }

    public boolean votes(int nodeId) {
        return voting.stream().anyMatch(controller -> controller.nodeId() == nodeId);
    }

    /**
     * Whom a node asks for the leader when it starts: all that may vote now. A node without a vote asks nobody else, even if
     * it has known the voters before.
     */
    String bootstrap() {
        return all().stream().map(Controller::endpoint).collect(Collectors.joining(","));
    }
}
