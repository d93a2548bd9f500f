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

    public boolean isPaused(Instant now) {
        return again.isAfter(now);
    }

    /** Whether others of its kind have to wait too. */
    public boolean holdsUpOthers(Instant now) {
        return othersAgain().isAfter(now);
    }

    /** When something may be asked for after that: others of its kind first, and then itself. */
    public Instant next(Instant now) {
        return holdsUpOthers(now) ? othersAgain() : again;
    }

    private Instant othersAgain() {
        return again.minus(request.pause()).plus(request.pauseOfOthers());
    }

    /** What makes one request the same as another, whatever was the reason. */
    public sealed interface Request {
        /** For so long it is not made again. */
        Duration pause();

        /** And for so long none is made of its kind, so that whatever else there is to be done has its turn. */
        default Duration pauseOfOthers() {
            return pause();
        }

        /** For so long after it may be made again it comes after others of its kind. */
        default Duration comesLast() {
            return Duration.ZERO;
        }

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

            @Override
            public Duration pauseOfOthers() {
                return Duration.ofSeconds(5);
            }

            @Override
            public Duration comesLast() {
                return Duration.ofMinutes(10);
            }
        }
    }
}
