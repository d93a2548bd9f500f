package dev.castellan.operator.cluster;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * When and how fast restarts may go on, as the user wants it, with defaults applied.
 *
 * @param mostUnavailable empty: as many as placement allows
 * @param windows empty: at any time
 * @param approved hash of the plan that the user has approved
 */
public record Rollout(
        OptionalInt mostUnavailable,
        boolean paused,
        Duration minDelay,
        List<Window> windows,
        boolean needsApproval,
        Optional<String> approved) {
    /** As where nothing is declared. */
    public static final Rollout AT_ONCE =
            new Rollout(OptionalInt.empty(), false, Duration.ZERO, List.of(), false, Optional.empty());
}
