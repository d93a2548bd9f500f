package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class WindowTest {
    private static final Window SATURDAYS = Window.of("0 2 * * 6", Duration.ofHours(4), "Europe/Berlin");

    @Test
    void isOpenFromItsStartForItsDuration() {
        // In winter Berlin is an hour ahead of UTC.
        assertThat(SATURDAYS.isOpen(Instant.parse("2026-01-03T00:59:59Z"))).isFalse();
        assertThat(SATURDAYS.isOpen(Instant.parse("2026-01-03T01:00:00Z"))).isTrue();
        assertThat(SATURDAYS.isOpen(Instant.parse("2026-01-03T04:59:59Z"))).isTrue();
        assertThat(SATURDAYS.isOpen(Instant.parse("2026-01-03T05:00:00Z"))).isFalse();
    }

    @Test
    void goesByTheClockOfItsZoneInSummerToo() {
        assertThat(SATURDAYS.isOpen(Instant.parse("2026-07-04T00:00:00Z"))).isTrue();
        assertThat(SATURDAYS.isOpen(Instant.parse("2026-07-04T04:00:00Z"))).isFalse();
    }

    @Test
    void knowsWhenItOpensNext() {
        assertThat(SATURDAYS.nextOpening(Instant.parse("2026-01-01T00:00:00Z")))
                .contains(Instant.parse("2026-01-03T01:00:00Z"));
    }

    @Test
    void maySpanMidnight() {
        var nights = Window.of("30 23 * * *", Duration.ofHours(2), "UTC");
        assertThat(nights.isOpen(Instant.parse("2026-01-02T00:15:00Z"))).isTrue();
        assertThat(nights.isOpen(Instant.parse("2026-01-02T01:30:00Z"))).isFalse();
    }

    @Test
    void refusesWhatIsNoCronExpressionOrTimeZone() {
        assertThatThrownBy(() -> Window.of("0 25 * * *", Duration.ofHours(1), "UTC"))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> Window.of("0 2 * * *", Duration.ofHours(1), "Mars/Olympus"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("Mars/Olympus");
    }
}
