package dev.castellan.operator.cluster;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** Times at which restarts may begin: from each moment that a cron expression names, for the duration. */
public record Window(ExecutionTime starts, Duration duration, ZoneId zone) {
    private static final CronParser PARSER = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(CronType.UNIX));

    /** @throws IllegalArgumentException if the expression is none; the message says why */
    public static Window of(String cron, Duration duration, String zone) {
        var starts = ExecutionTime.forCron(PARSER.parse(cron).validate());
        try {
            return new Window(starts, duration, ZoneId.of(zone));
        } catch (DateTimeException e) {
            throw new IllegalArgumentException("unknown time zone " + zone, e);
        }
    }

    public boolean isOpen(Instant now) {
        return starts.lastExecution(now.plusSeconds(1).atZone(zone)) // strictly before that
                .filter(start -> start.toInstant().plus(duration).isAfter(now))
                .isPresent();
    }

    public Optional<Instant> nextOpening(Instant now) {
        return starts.nextExecution(now.atZone(zone)).map(start -> start.toInstant());
    }
}
