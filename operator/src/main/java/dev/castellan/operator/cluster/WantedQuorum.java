package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Names;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Who is to vote in the quorum. Who founded it is on record for good and says nothing of later: dedicated controllers vote
 * as many as the spec has, and in a cluster without them its founders do.
 *
 * @param voting those that are to vote
 * @param leaving those that run and are to be gone, or brokers only: first their vote, then they or their role
 */
public record WantedQuorum(List<Controller> voting, List<Controller> leaving) {

    /** A controller, and where the others reach it. */
    public record Controller(int nodeId, String host) {
        String endpoint() {
            return host + ":" + Ports.CONTROLLER;
        }
    }

    static WantedQuorum of(Identity identity, List<NodeSet> sets, String namespace) {
        var combined = combined(identity, sets);
        var staying = dedicated(sets, namespace, set -> set.nodeIds().stream()
                .filter(id -> !set.leaving().contains(id))
                .toList());
        var leaving = dedicated(sets, namespace, NodeSet::leaving);
        if (!staying.isEmpty()) {
            return new WantedQuorum(staying, and(leaving, combined));
        }
        return new WantedQuorum(combined.isEmpty() ? founders(identity) : combined, leaving);
    }

    /** Where the spec cannot be followed: all that may vote keep their votes, be they on the way to others or not. */
    static WantedQuorum asItStands(Identity identity, List<NodeSet> sets, String namespace) {
        var all = and(combined(identity, sets), dedicated(sets, namespace, NodeSet::nodeIds));
        return new WantedQuorum(all.isEmpty() ? founders(identity) : all, List.of());
    }

    private static List<Controller> founders(Identity identity) {
        return identity.founders().stream()
                .map(founder -> new Controller(founder.nodeId(), founder.host()))
                .toList();
    }

    /** Brokers that are controllers too. */
    private static List<Controller> combined(Identity identity, List<NodeSet> sets) {
        return founders(identity).stream()
                .filter(founder -> sets.stream()
                        .anyMatch(set -> set.isBroker()
                                && set.owns(founder.nodeId())
                                && !set.relieved().contains(founder.nodeId())))
                .toList();
    }

    private static List<Controller> dedicated(
            List<NodeSet> sets, String namespace, Function<NodeSet, List<Integer>> ids) {
        return sets.stream()
                .filter(set -> !set.isBroker())
                .flatMap(set -> ids.apply(set).stream()
                        .map(id -> new Controller(id, Names.nodeHost(set.podName(id), namespace))))
                .toList();
    }

    private static List<Controller> and(List<Controller> some, List<Controller> others) {
        return Stream.concat(some.stream(), others.stream()).toList();
    }

    /**
     * What of it can be as roles are now: brokers that are to vote all run as controllers first, and until then it is
     * dedicated controllers who do, all of them.
     *
     * @param isAble whether it runs as a controller, and would again
     * @param isBroker whether it is a broker, a controller too or not
     */
    WantedQuorum asRolesAllow(IntPredicate isAble, IntPredicate isBroker) {
        return voting.stream().allMatch(controller -> isAble.test(controller.nodeId()))
                ? this
                : new WantedQuorum(
                        all().stream()
                                .filter(controller -> !isBroker.test(controller.nodeId()))
                                .toList(),
                        List.of());
    }

    public List<Controller> all() {
        return and(voting, leaving);
    }

    public boolean votes(int nodeId) {
        for (var controller : voting) {
            if (controller.nodeId() == nodeId) {
                return true;
            }
        }
        return false;
    }

    /** It is to vote, or it may still. */
    public boolean mayVote(int nodeId) {
        return all().stream().anyMatch(controller -> controller.nodeId() == nodeId);
    }

    /**
     * Whom a node asks for the leader when it starts: all that may vote now. A node without a vote asks nobody else, even if
     * it has known the voters before.
     */
    String bootstrap() {
        return all().stream().map(Controller::endpoint).collect(Collectors.joining(","));
    }
}
