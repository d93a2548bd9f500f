package dev.castellan.operator.cluster.plan;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.cluster.Departed;
import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.MetadataRecord;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Successor;
import dev.castellan.operator.cluster.WantedQuorum.Controller;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.observe.ObservedNode.Duty;
import dev.castellan.operator.cluster.plan.Step.AddVoter;
import dev.castellan.operator.cluster.plan.Step.MarkRelieved;
import dev.castellan.operator.cluster.plan.Step.RemoveVoter;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.cluster.plan.Step.UnregisterController;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.kafka.Quorum;
import dev.castellan.operator.kafka.Quorum.Replica;
import dev.castellan.operator.placement.CaughtUp;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The quorum becomes what it is to be, by one voter at a time, each only while a majority carries it (KIP-853). A new
 * controller follows as an observer until it has caught up, and so does one that lost its disk: it comes back under a new
 * directory id, and its old entry goes first. One that is to leave gives up its vote while it runs.
 */
final class VoterRules {
    private static final Duration RECHECK = Duration.ofSeconds(1);

    private VoterRules() {}

    static Optional<AddVoter> addVoter(Intent intent, ObservedCluster observed) {
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return Optional.empty();
        }
        var quorum = kafka.quorum();
        return ready(intent, observed, quorum).stream()
                .filter(joining -> hasMajority(quorum, quorum.voters().size() + 1, 1))
                .filter(joining -> !isHalfAStep(intent, observed, quorum))
                .map(joining -> new AddVoter(
                        joining.controller().nodeId(),
                        joining.replica().directoryId(),
                        joining.controller().host(),
                        "controller %d has caught up and joins the quorum, as one of %d voters"
                                .formatted(
                                        joining.controller().nodeId(),
                                        quorum.voters().size() + 1)))
                .filter(add -> LatelyRules.mayAsk(observed, add))
                .findFirst();
    }

    static Optional<RemoveVoter> removeLostVoter(Intent intent, ObservedCluster observed) {
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return Optional.empty();
        }
        var quorum = kafka.quorum();
        return intent.quorum().voting().stream()
                .filter(controller -> returned(quorum, controller).isPresent())
                .flatMap(controller -> voter(quorum, controller).stream())
                .filter(voter -> isGone(quorum, voter))
                .filter(voter -> hasMajority(quorum, quorum.voters().size() - 1, 0))
                .map(voter -> new RemoveVoter(
                        voter.nodeId(),
                        voter.directoryId(),
                        "controller %d came back with a new disk; its old entry %s leaves the quorum"
                                .formatted(voter.nodeId(), voter.directoryId())))
                .filter(remove -> LatelyRules.mayAsk(observed, remove))
                .findFirst();
    }

    /** The leader last, so that leadership goes no more than once: it resigns when those that stay have taken it in. */
    static Optional<RemoveVoter> removeLeaving(Intent intent, ObservedCluster observed) {
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return Optional.empty();
        }
        var quorum = kafka.quorum();
        return leaving(intent, quorum)
                .filter(voter -> canForget(kafka) || !CaughtUp.isAlive(voter))
                .filter(voter ->
                        unaware(intent, observed).isEmpty() || !CaughtUp.isAlive(voter)) // a dead one tells nobody
                .filter(voter -> mayLeave(intent, observed, quorum, voter))
                .min(Comparator.comparing((Replica voter) -> voter.nodeId() == quorum.leaderId())
                        .thenComparing(Replica::nodeId, Comparator.reverseOrder()))
                .map(voter -> new RemoveVoter(
                        voter.nodeId(),
                        voter.directoryId(),
                        "%s gives up its vote, which leaves %s"
                                .formatted(
                                        observed.isBroker(voter.nodeId())
                                                ? "broker " + voter.nodeId() + " is to be no controller any more and"
                                                : "controller " + voter.nodeId() + " is to go and",
                                        quorum.voters().size() == 2
                                                ? "one voter"
                                                : quorum.voters().size() - 1 + " voters")))
                .filter(remove -> LatelyRules.mayAsk(observed, remove));
    }

    /**
     * A broker without a vote is a controller for nothing. From when this is on record, its next start may be as a broker alone;
     * so it has to be gone from there before it ever gets a vote again.
     */
    static Optional<MarkRelieved> relieve(Intent intent, ObservedCluster observed) {
        var brokers = intent.quorum().leaving().stream()
                .map(Controller::nodeId)
                .filter(id -> observed.node(id)
                        .filter(ObservedNode::isBroker)
                        .filter(node -> isStanding(observed, node.set()))
                        .isPresent())
                .toList();
        return brokers.isEmpty()
                        || !(observed.kafka() instanceof Reachable kafka)
                        || !canForget(kafka)
                        || isAnyVoting(kafka.quorum(), brokers)
                        || !intent.quorum().voting().stream().allMatch(stays -> isVoting(kafka.quorum(), stays))
                ? Optional.empty()
                : Optional.of(new MarkRelieved(
                        bySet(intent, brokers),
                        Relocation.names(brokers)
                                + (brokers.size() == 1 ? " has" : " have")
                                + " no vote any more, and a broker's role alone from the next start on"));
    }

    /** Otherwise there is nothing that could be noted on, nor would remember. */
    private static boolean isStanding(ObservedCluster observed, NodeSet set) {
        return observed.inventory()
                .statefulSet(set.name())
                .filter(live -> !Successor.isAbsent(live))
                .isPresent();
    }

    private static boolean isAnyVoting(Quorum quorum, List<Integer> nodes) {
        return quorum.voters().stream().anyMatch(voter -> nodes.contains(voter.nodeId()));
    }

    private static SortedMap<String, List<Integer>> bySet(Intent intent, List<Integer> nodes) {
        var bySet = new TreeMap<String, List<Integer>>();
        for (var set : intent.sets()) {
            var own = nodes.stream().filter(set::owns).toList();
            if (!own.isEmpty()) {
                bySet.put(set.name(), own);
            }
        }
        return bySet;
    }

    /**
     * Brokers that run and were told of none of those that stay, when the quorum moves between brokers and dedicated controllers.
     * Kafka reads whom to ask only at its start, and a node without a vote that loses sight of the leader asks nobody else, even
     * those whom it knows as voters: it would be lost until its next start.
     */
    private static List<ObservedNode> unaware(Intent intent, ObservedCluster observed) {
        boolean toDedicated = leavesAny(intent, observed::isBroker);
        boolean toBrokers = intent.quorum().voting().stream().anyMatch(stays -> observed.isBroker(stays.nodeId()))
                && leavesAny(intent, id -> !observed.isBroker(id));
        return observed.nodes().stream()
                .filter(node -> node.isBroker() && node.pod().isPresent())
                .filter(node -> node.asksDedicated() ? toBrokers : toDedicated)
                .toList();
    }

    private static boolean leavesAny(Intent intent, IntPredicate kind) {
        return intent.quorum().leaving().stream().mapToInt(Controller::nodeId).anyMatch(kind);
    }

    /** Kafka has no events. */
    static Optional<Wait> awaitLeaving(Intent intent, ObservedCluster observed) {
        if (!(observed.kafka() instanceof Reachable kafka)) {
            return Optional.empty();
        }
        var left = leaving(intent, kafka.quorum()).map(Replica::nodeId).toList();
        return left.isEmpty() || !canForget(kafka) || !unaware(intent, observed).isEmpty()
                ? Optional.empty()
                : Optional.of(new Wait(
                        "%s to give up %s: the voters that stay must be a majority without them"
                                .formatted(
                                        names(left) + (left.size() == 1 ? " is" : " are"),
                                        left.size() == 1 ? "its vote" : "their votes"),
                        RECHECK));
    }

    /**
     * What it remembers must know each new feature that is to be finalised: a controller that went before could never be
     * forgotten, and no upgrade would come to its end.
     */
    static boolean canForget(Reachable kafka) {
        return KafkaVersions.isLevel(kafka.metadataVersion())
                && KafkaVersions.BY_LEVEL.compare(kafka.metadataVersion(), MetadataRecord.FORGETTING) >= 0;
    }

    static Optional<Stall> refuseLeaving(Intent intent, ObservedCluster observed) {
        var leaving = intent.quorum().leaving().stream().map(Controller::nodeId).toList();
        return leaving.isEmpty() || !(observed.kafka() instanceof Reachable kafka) || canForget(kafka)
                ? Optional.empty()
                : Optional.of(new Stall(
                        StallReason.ScaleDownNotSupported,
                        ("%s cannot go: at metadata.version %s Kafka never forgets a controller, and what it remembers keeps"
                                        + " upgrades from being finalised; upgrade to %s first, or set the number back")
                                .formatted(names(leaving), kafka.metadataVersion(), MetadataRecord.FORGETTING)));
    }

    static Optional<Step> unregister(Intent intent, ObservedCluster observed) {
        return observed.kafka() instanceof Reachable kafka && canForget(kafka)
                ? observed.inventory().statefulSets().stream()
                        .flatMap(live -> departed(intent, observed, kafka, live).stream())
                        .findFirst()
                : Optional.empty();
    }

    /** Its pod's end wakes us; but whose host is gone with it may never end. */
    static Optional<Wait> awaitEnd(Intent intent, ObservedCluster observed) {
        return observed.inventory().statefulSets().stream()
                .flatMap(live -> Departed.of(live).stream())
                .filter(id -> intent.sets().stream()
                        .filter(set -> set.hasLost(id))
                        .flatMap(set -> observed.inventory().pod(set.podName(id)).stream())
                        .anyMatch(pod -> !ObservedNode.isOverdueToEnd(pod, observed.now())))
                .findFirst()
                .map(id -> new Wait("controller " + id + " is shutting down for good", RECHECK));
    }

    private static Optional<Step> departed(Intent intent, ObservedCluster observed, Reachable kafka, StatefulSet live) {
        var known = Departed.of(live);
        return known.stream()
                .filter(id -> isGone(intent, observed, id) || isBrokerAlone(observed, id))
                .filter(id -> kafka.quorum().voters().stream().noneMatch(voter -> voter.nodeId() == id))
                .findFirst()
                .map(id -> new UnregisterController(
                        id,
                        live.getMetadata().getName(),
                        Departed.mark(known.stream()
                                .filter(other -> !other.equals(id))
                                .toList()),
                        observed.isBroker(id)
                                ? "broker " + id + " is no controller any more: Kafka forgets that it was"
                                : "controller " + id + " is gone and has no vote: Kafka forgets it"));
    }

    private static boolean isGone(Intent intent, ObservedCluster observed, int id) {
        return intent.sets().stream()
                .anyMatch(set -> set.hasLost(id)
                        && observed.inventory().pod(set.podName(id)).isEmpty());
    }

    /** As a controller it would only register again. */
    private static boolean isBrokerAlone(ObservedCluster observed, int id) {
        return observed.node(id)
                .filter(node -> node.isBroker() && node.pod().isPresent() && node.duty() == Duty.none)
                .isPresent();
    }

    static String names(Collection<Integer> ids) {
        return (ids.size() == 1 ? "controller " : "controllers ")
                + ids.stream().map(String::valueOf).collect(Collectors.joining(", "));
    }

    /** A controller that is to vote and does not, and why. */
    record Missing(int nodeId, String problem) {}

    /** The first of them. */
    static Optional<Missing> missing(Intent intent, ObservedCluster observed, Quorum quorum) {
        return intent.quorum().voting().stream()
                .filter(controller -> !isVoting(quorum, controller))
                .findFirst()
                .map(controller -> new Missing(
                        controller.nodeId(),
                        isReady(quorum, controller) && isHalfAStep(intent, observed, quorum)
                                ? "has caught up, and gets its vote when the next has too: an even number of voters would"
                                        + " bear the loss of no more than one less"
                                : "has no vote in the quorum that is up to date"
                                        + LatelyRules.answerOfVote(observed, controller.nodeId())));
    }

    /** An observer that has caught up, and is to vote. */
    private record Joining(Controller controller, Replica replica) {}

    private static List<Joining> ready(Intent intent, ObservedCluster observed, Quorum quorum) {
        return intent.quorum().voting().stream()
                .filter(controller -> voter(quorum, controller).isEmpty())
                .filter(controller -> isAble(observed, controller))
                .filter(controller -> !isToGoFirst(intent, observed, controller))
                .flatMap(controller ->
                        returned(quorum, controller).stream().map(replica -> new Joining(controller, replica)))
                .toList();
    }

    /**
     * A broker follows as an observer whether it is a controller or not. What runs now is one only when it is ready, and what
     * comes next only when Kubernetes has taken in that it is.
     */
    private static boolean isAble(ObservedCluster observed, Controller controller) {
        return observed.node(controller.nodeId())
                .filter(ObservedNode::isBroker)
                .map(node -> node.isReady()
                        && node.duty() == Duty.controller
                        && observed.inventory()
                                .statefulSet(node.set().name())
                                .filter(Outdated::isTakenIn)
                                .isPresent())
                .orElse(true);
    }

    /** The leader goes on listing who has just been taken down, for some seconds as one that follows. */
    private static boolean isToGoFirst(Intent intent, ObservedCluster observed, Controller controller) {
        return observed.node(controller.nodeId())
                .filter(node -> node.pod().isEmpty()
                        || node.isTerminating()
                        || DiskRules.isReplacedAheadOfVote(intent, observed, node))
                .isPresent();
    }

    static boolean isToGetVote(Intent intent, Quorum quorum, int node) {
        return intent.quorum().voting().stream()
                .anyMatch(controller ->
                        controller.nodeId() == node && voter(quorum, controller).isEmpty());
    }

    private static boolean isReady(Quorum quorum, Controller controller) {
        return voter(quorum, controller).isEmpty()
                && returned(quorum, controller).isPresent();
    }

    /**
     * The voters would be even in number, for as long as nobody knows. Two bear less than one does, and four no more than
     * three: that is only passed through, when the next to join or to leave is there.
     */
    private static boolean isHalfAStep(Intent intent, ObservedCluster observed, Quorum quorum) {
        long missing = intent.quorum().voting().stream()
                .filter(controller -> voter(quorum, controller).isEmpty())
                .count();
        return quorum.voters().size() % 2 == 1
                && missing > 1
                && ready(intent, observed, quorum).size() < 2;
    }

    private static Stream<Replica> leaving(Intent intent, Quorum quorum) {
        return intent.quorum().leaving().stream()
                .flatMap(controller -> quorum.voters().stream().filter(voter -> voter.nodeId() == controller.nodeId()));
    }

    /** Those that stay are all there; or it is gone anyhow, and the others decide more easily without it. */
    private static boolean mayLeave(Intent intent, ObservedCluster observed, Quorum quorum, Replica leaving) {
        long staying = quorum.voters().stream()
                .filter(voter -> voter != leaving)
                .filter(CaughtUp::isAlive)
                .count();
        boolean areWell = intent.quorum().voting().stream()
                .allMatch(controller -> isVoting(quorum, controller)
                        && observed.node(controller.nodeId())
                                .filter(ObservedNode::isReady)
                                .isPresent());
        return staying >= CaughtUp.majorityOf(quorum.voters().size() - 1) && (areWell || hasEnded(observed, leaving));
    }

    /** A leader that has just been elected knows nothing of voters that run and are well. */
    private static boolean hasEnded(ObservedCluster observed, Replica voter) {
        return !CaughtUp.isAlive(voter)
                && observed.node(voter.nodeId())
                        .filter(node ->
                                node.isTerminating() || node.runningSince().isPresent())
                        .isEmpty();
    }

    private static boolean isVoting(Quorum quorum, Controller controller) {
        return voter(quorum, controller).filter(CaughtUp::isAlive).isPresent();
    }

    private static Optional<Replica> voter(Quorum quorum, Controller controller) {
        for (var voter : quorum.voters()) {
            if (voter.nodeId() == controller.nodeId()) {
                return Optional.of(voter);
            }
        }
        return Optional.empty();
    }

    /** The node's one live observer; a leader lists observers for minutes after they are gone, and does not miss them at once. */
    private static Optional<Replica> returned(Quorum quorum, Controller controller) {
        return quorum.observers().stream()
                .filter(observer -> observer.nodeId() == controller.nodeId())
                .filter(CaughtUp::isAlive)
                .min(Comparator.comparingLong(Replica::behindMillis));
    }

    /** A voter that still fetches is on a disk that is still there, whatever else the list says. */
    private static boolean isGone(Quorum quorum, Replica voter) {
        return voter.nodeId() != quorum.leaderId() && !CaughtUp.isAlive(voter);
    }

    private static boolean hasMajority(Quorum quorum, int voters, int joining) {
        return CaughtUp.aliveVoters(quorum) + joining >= CaughtUp.majorityOf(voters);
    }
}
