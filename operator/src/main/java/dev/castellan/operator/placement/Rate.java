package dev.castellan.operator.placement;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How fast each broker may copy: what its user says, doubled as often as copies did not gain on what is produced. How often
 * that was is told by the last digits, as it stands in Kafka, so that whoever comes after a crash goes on with it.
 *
 * @param base bytes a second that are begun with
 * @param most bytes a second that are never exceeded
 */
public record Rate(long base, long most, int doublings) {
    private static final long DIGITS = 10_000;

    /** The last digits of a rate of ours, with one more for each doubling. */
    private static final long SIGN = 4_711;

    /** And with so many more where the last doubling was cut short: from such a one alone its base cannot be worked out. */
    private static final long CUT = 10;

    private static final int MOST_DOUBLINGS = 8;
    private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");

    public static Rate of(Pace pace) {
        return new Rate(pace.bytesPerSecond(), pace.maxBytesPerSecond(), 0);
    }

    /** What was set by us; any number of others has other last digits. */
    static boolean isSigned(String digits) {
        if (digits == null || !NUMBER.matcher(digits).matches()) {
            return false;
        }
        long sign = Long.parseLong(digits) % DIGITS - SIGN;
        return sign >= 0 && sign % CUT <= MOST_DOUBLINGS && sign <= CUT + MOST_DOUBLINGS && sign != CUT;
    }

    /** Empty unless it was set by us and for this pace; what is too fast for it is cut short. */
    static Optional<Rate> of(Pace pace, String digits) {
        if (!isSigned(digits)) {
            return Optional.empty();
        }
        long set = Long.parseLong(digits);
        int doublings = (int) ((set % DIGITS - SIGN) % CUT);
        boolean wasCut = set % DIGITS - SIGN > CUT;
        var whole = whole(pace, doublings);
        boolean isOfPace = wasCut
                ? set < whole.bytesPerSecond()
                        && set > Long.parseLong(whole(pace, doublings - 1).digits())
                : whole.digits().equals(digits);
        return isOfPace ? Optional.of(Rate.of(pace).raised(doublings)) : Optional.empty();
    }

    /** Not cut short by anything. */
    private static Rate whole(Pace pace, int doublings) {
        return new Rate(pace.bytesPerSecond(), Long.MAX_VALUE, doublings);
    }

    public long bytesPerSecond() {
        return Math.min(doubled(doublings), most);
    }

    public boolean isAtMost() {
        return doublings == MOST_DOUBLINGS || bytesPerSecond() == most;
    }

    public Rate raised() {
        return isAtMost() ? this : new Rate(base, most, doublings + 1);
    }

    private Rate raised(int times) {
        var rate = this;
        for (int i = 0; i < times; i++) {
            rate = rate.raised();
        }
        return rate;
    }

    /** As it stands in Kafka: the next lower one that bears our sign. */
    String digits() {
        long sign = SIGN + doublings + (doubled(doublings) > most ? CUT : 0);
        return String.valueOf((bytesPerSecond() - sign) / DIGITS * DIGITS + sign);
    }

    private long doubled(int times) {
        return base > Long.MAX_VALUE >> times ? Long.MAX_VALUE : base << times;
    }
}
