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
 * @param holds a node that fails with what it is the first to try stays as it is
 * @param patience how long such a node may be without a place or an image
 */
public record Rollout(
        OptionalInt mostUnavailable,
        boolean paused,
        Duration minDelay,
        List<Window> windows,
        boolean needsApproval,
        Optional<String> approved,
        boolean holds,
        Duration patience) {
    /** As where nothing is declared. */
    public static final Rollout AT_ONCE = new Rollout(
            OptionalInt.empty(),
            false,
            Duration.ZERO,
            List.of(),
            false,
            Optional.empty(),
            false,
            Duration.ofMinutes(5));
}
