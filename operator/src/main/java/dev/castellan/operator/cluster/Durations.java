package dev.castellan.operator.cluster;

import java.time.DateTimeException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Durations as people write them: 24h, 90m, 1h30m. */
final class Durations {
    private Durations() {}

    /** Zero, and a problem, of what is none. */
    static Duration parse(String field, String text, List<Problem> problems) {
        try {
            return Duration.parse("PT" + text.toUpperCase(Locale.ROOT));
        } catch (DateTimeException e) {
            problems.add(new Problem(field, text, "write hours, minutes and seconds, such as 1h30m"));
            return Duration.ZERO;
        }
    }
}
