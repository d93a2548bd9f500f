package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.observe.AskedInVain;
import dev.castellan.operator.cluster.observe.AskedInVain.Request;
import dev.castellan.operator.cluster.observe.AskedInVain.Request.Moves;
import dev.castellan.operator.cluster.observe.AskedInVain.Request.Vote;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedKafka.Reachable;
import dev.castellan.operator.cluster.plan.Step.AddVoter;
import dev.castellan.operator.cluster.plan.Step.MoveReplicas;
import dev.castellan.operator.cluster.plan.Step.RemoveVoter;
import dev.castellan.operator.cluster.plan.Step.Wait;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What Kafka was asked a moment ago and has not done is not asked again at once: the same step each time would keep all others from
 * being taken, and among those may be just what Kafka lacks.
 */
public final class LatelyRules {
    private static final Duration SOON = Duration.ofSeconds(1);

    private LatelyRules() {}

    /** Empty where nobody remembers that it was asked. */
    public static Optional<Request> request(Step step) {
        return switch (step) {
            case AddVoter add -> Optional.of(new Vote(add.nodeId(), add.directoryId(), true));
            case RemoveVoter remove -> Optional.of(new Vote(remove.nodeId(), remove.directoryId(), false));
            case MoveReplicas move -> Optional.of(new Moves(move.moves()));
            default -> Optional.empty();
        };
    }

    static boolean mayAsk(ObservedCluster observed, Step step) {
        return request(step)
                .filter(request -> observed.lately().stream()
                        .anyMatch(asked -> isOfAKind(request, asked.request()) && asked.holdsUpOthers(observed.now())))
                .isEmpty();
    }

    /** Where not one move could be begun, others are tried a moment later: it may be all of them that Kafka does not begin. */
    private static boolean isOfAKind(Request one, Request other) {
        return one.equals(other) || (one instanceof Moves && other instanceof Moves);
    }

    /** The first to be asked again; late, since it is nothing that the others wait for. */
    static Optional<Wait> tell(Intent intent, ObservedCluster observed) {
        var paused = observed.lately().stream()
                .filter(asked -> asked.isPaused(observed.now()) && isOpen(asked.request(), observed))
                .toList();
        return paused.stream()
                .sorted(Comparator.comparing(AskedInVain::again))
                .flatMap(asked -> words(asked, intent, observed).stream())
                .findFirst()
                .map(words -> new Wait(words, recheck(observed, paused)));
    }

    private static Optional<String> words(AskedInVain asked, Intent intent, ObservedCluster observed) {
        return switch (asked.request()) {
            case Vote vote ->
                Optional.of("controller %d %s"
                                .formatted(vote.nodeId(), vote.joins() ? "is to get a vote" : "is to lose its vote")
                        + answer(asked));
            case Moves moves ->
                Relocation.of(intent, observed)
                        .flatMap(relocation -> MovesInVain.of(observed).those(relocation.wanted()))
                        .map(refused -> "partitions are to be moved (%s)".formatted(Relocation.some(refused.names()))
                                + answer(refused.asked()));
        };
    }

    /** It may have been done after all, though nobody heard of it. */
    private static boolean isOpen(Request request, ObservedCluster observed) {
        return !(request instanceof Vote vote)
                || !(observed.kafka() instanceof Reachable kafka)
                || vote.joins()
                        == kafka.quorum().voters().stream()
                                .noneMatch(voter -> voter.nodeId() == vote.nodeId()
                                        && voter.directoryId().equals(vote.directoryId()));
    }

    /** Of a controller that has no vote yet, or still has one; for whoever waits for that ahead of all others. */
    static String answerOfVote(ObservedCluster observed, int controller) {
        return observed.lately().stream()
                .filter(asked -> asked.request() instanceof Vote vote && vote.nodeId() == controller)
                .findFirst()
                .map(LatelyRules::answer)
                .orElse("");
    }

    private static String answer(AskedInVain asked) {
        return ", which Kafka has not done: %s; it is asked again after %d s"
                .formatted(asked.answer(), asked.request().pause().toSeconds());
    }

    private static Duration recheck(ObservedCluster observed, List<AskedInVain> paused) {
        var next = paused.stream().map(asked -> asked.next(observed.now())).min(Comparator.naturalOrder());
        var left = Duration.between(observed.now(), next.orElseThrow());
        return left.compareTo(SOON) < 0 ? SOON : left;
    }
}
