package dev.castellan.operator.placement;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateTest {
    private static final long MEBI = 1024 * 1024;
    private static final Pace PACE = pace(50 * MEBI, 150 * MEBI);

    @Test
    void isDoubledUpToTheMost() {
        var rates = Stream.iterate(Rate.of(PACE), Rate::raised).limit(4).toList();

        assertThat(rates)
                .extracting(Rate::bytesPerSecond)
                .containsExactly(50 * MEBI, 100 * MEBI, 150 * MEBI, 150 * MEBI);
        assertThat(rates).extracting(Rate::isAtMost).containsExactly(false, false, true, true);
        assertThat(rates).extracting(Rate::digits).containsExactly("52424711", "104854712", "157284723", "157284723");
    }

    @ParameterizedTest
    @ValueSource(longs = {65_536, 70_000, 100_000, 1_000_000, 52_428_800, 1L << 40})
    void isNeverSetHigherThanItMayBeAndIsKnownAgain(long most) {
        for (long base = 65_536; base <= most; base *= 3) {
            var pace = pace(base, most);
            for (var rate = Rate.of(pace); !rate.isAtMost(); rate = rate.raised()) {
                assertThat(Long.parseLong(rate.raised().digits())).isBetween(rate.bytesPerSecond() - 20_000, most);
                assertThat(Rate.of(pace, rate.digits())).contains(rate);
                assertThat(Rate.of(pace, rate.raised().digits())).contains(rate.raised());
            }
        }
    }

    @Test
    void isOfOnePaceOnly() {
        var digits = Rate.of(PACE).raised().digits();

        assertThat(Rate.of(pace(50 * MEBI, 400 * MEBI), digits))
                .map(Rate::doublings)
                .contains(1);
        assertThat(Rate.of(pace(40 * MEBI, 400 * MEBI), digits)).isEmpty();
        assertThat(Rate.of(pace(100 * MEBI, 400 * MEBI), digits)).isEmpty();
    }

    @Test
    void oneThatWasCutShortGoesOnWhereMoreIsAllowed() {
        var digits = Rate.of(PACE).raised().raised().digits();

        assertThat(Rate.of(pace(50 * MEBI, 400 * MEBI), digits))
                .map(Rate::bytesPerSecond)
                .contains(200 * MEBI);
        assertThat(Rate.of(pace(20 * MEBI, 400 * MEBI), digits)).isEmpty();
        assertThat(Rate.of(pace(150 * MEBI, 400 * MEBI), digits)).isEmpty();
    }

    @Test
    void oneThatIsTooFastIsCutShort() {
        var digits =
                Rate.of(pace(50 * MEBI, 400 * MEBI)).raised().raised().raised().digits();

        assertThat(Rate.of(pace(50 * MEBI, 80 * MEBI), digits)).contains(new Rate(50 * MEBI, 80 * MEBI, 1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "-4711", "1000", "104720", "104721", "104730", "104710", "1e4711", "99999999999999994711"})
    void othersAreNotOurs(String digits) {
        assertThat(Rate.isSigned(digits)).isFalse();
        assertThat(Rate.of(PACE, digits)).isEmpty();
        assertThat(Throttle.isRateOfOthers(Map.of("leader.replication.throttled.rate", digits)))
                .isTrue();
    }

    @Test
    void whatCannotBeDoubledIsNot() {
        var rate = new Rate(Long.MAX_VALUE / 3, Long.MAX_VALUE, 2);

        assertThat(rate.bytesPerSecond()).isEqualTo(Long.MAX_VALUE);
        assertThat(rate.isAtMost()).isTrue();
    }

    private static Pace pace(long throttle, long most) {
        return new Pace(throttle, most, true, Optional.empty(), Optional.empty());
    }
}
