package dev.castellan.operator.cluster.plan;

import dev.castellan.operator.cluster.Intent;
import dev.castellan.operator.cluster.Rollout;
import dev.castellan.operator.cluster.observe.ObservedCluster;
import dev.castellan.operator.cluster.observe.ObservedNode;
import dev.castellan.operator.cluster.plan.Step.Held;
import dev.castellan.operator.cluster.plan.Step.HeldReason;
import dev.castellan.operator.cluster.plan.Step.Wait;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the user's rollout settings hold back: every restart but that of what is down already. */
final class RolloutRules {
    private static final Duration LONG = Duration.ofMinutes(1);

    private RolloutRules() {}

    /** Ahead of a roll, and one of the last rules: whatever else there is to do goes on. */
    static Optional<Held> held(Intent intent, ObservedCluster observed) {
        var outdated = Outdated.nodes(observed);
        if (outdated.isEmpty()) {
            return Optional.empty();
        }
        var rollout = intent.rollout();
        var waiting = "restarts of " + outdated.size() + (outdated.size() == 1 ? " node wait" : " nodes wait");
        if (rollout.paused()) {
            return Optional.of(
                    new Held(HeldReason.RolloutPaused, waiting + " until spec.rollout.paused is false", LONG));
        }
        if (rollout.needsApproval() && !rollout.approved().equals(observed.planHash())) {
            return Optional.of(new Held(
                    HeldReason.AwaitingApproval,
                    "%s for approval: set spec.rollout.approve to %s"
                            .formatted(waiting, observed.planHash().orElseThrow()),
                    LONG));
        }
        return closed(rollout, observed.now())
                .map(opening ->
                        new Held(HeldReason.OutsideWindow, waiting + opening.words(), opening.recheck(observed.now())));
    }

    /** With what else of the spec waits for its user. */
    static Optional<Held> tell(Intent intent, ObservedCluster observed) {
        return held(intent, observed)
                .map(held -> new Held(held.why(), held.reason() + MoveRules.besides(intent, observed), held.recheck()));
    }

    private static Optional<Opening> closed(Rollout rollout, Instant now) {
        if (rollout.windows().isEmpty() || rollout.windows().stream().anyMatch(window -> window.isOpen(now))) {
            return Optional.empty();
        }
        return Optional.of(new Opening(rollout.windows().stream()
                .flatMap(window -> window.nextOpening(now).stream())
                .min(Comparator.naturalOrder())));
    }

    /** Empty: none of the windows ever opens. */
    private record Opening(Optional<Instant> at) {
        String words() {
            return at.map(time -> " for the window that opens at " + time)
                    .orElse(" for a window, but none of spec.rollout.windows ever opens");
        }

        Duration recheck(Instant now) {
            return at.map(time -> Duration.between(now, time))
                    .filter(wait -> wait.compareTo(LONG) < 0)
                    .map(wait -> wait.plusSeconds(1))
                    .orElse(LONG);
        }
    }

    /** Between one round and the next, from when the last of those restarted was ready. */
    static Optional<Wait> delay(Intent intent, ObservedCluster observed) {
        var delay = intent.rollout().minDelay();
        if (delay.isZero()) {
            return Optional.empty();
        }
        var pools =
                Outdated.nodes(observed).stream().map(node -> node.set().pool()).collect(Collectors.toSet());
        List<ObservedNode> restarted = observed.nodes().stream()
                .filter(node -> pools.contains(node.set().pool()) && !node.isOutdated())
                .toList();
        return restarted.stream()
                .flatMap(node -> node.readySince().stream())
                .max(Comparator.naturalOrder())
                .map(ready -> ready.plus(delay).truncatedTo(ChronoUnit.SECONDS))
                .filter(until -> until.isAfter(observed.now()))
                .map(until -> new Wait(
                        "the next round begins at %s, as spec.rollout.minDelay says".formatted(until),
                        Duration.between(observed.now(), until).plusMillis(100)));
    }
}
