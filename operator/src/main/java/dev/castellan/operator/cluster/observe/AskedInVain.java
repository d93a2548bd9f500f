package dev.castellan.operator.cluster.observe;

import dev.castellan.operator.placement.Reassignment.Move;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * What Kafka was asked a moment ago, and has not done.
 *
 * @param answer its own words, or that there was none
 * @param again from then on it is asked again
 */
public record AskedInVain(Request request, String answer, Instant again) {

    /** What makes one request the same as another, whatever was the reason. */
    public sealed interface Request {
        /** For so long it is not made again. */
        Duration pause();

        /** @param joins otherwise it is to leave */
        record Vote(int nodeId, String directoryId, boolean joins) implements Request {
            @Override
            public Duration pause() {
                return Duration.ofSeconds(5);
            }
        }

        record Moves(List<Move> moves) implements Request {
            @Override
            public Duration pause() {
                return Duration.ofSeconds(25);
            }
        }
    }
}
