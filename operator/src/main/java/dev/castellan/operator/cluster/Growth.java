package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.AutoGrow;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Optional;

/**
 * How volumes grow by themselves: by a quarter, since clouds let a volume grow only a few times a day, and no file system is
 * ever made smaller again.
 *
 * @param at in percent of a volume's size
 */
public record Growth(Quantity max, int at) {
    private static final int DEFAULT_AT = 80;
    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);
    private static final BigDecimal QUARTER_MORE = new BigDecimal("1.25");
    private static final BigDecimal MIB = BigDecimal.valueOf(1L << 20);
    private static final BigDecimal GIB = BigDecimal.valueOf(1L << 30);

    /** From where on a size is a whole number of Gi. */
    private static final BigDecimal LARGE = GIB.multiply(BigDecimal.valueOf(4));

    static Growth of(AutoGrow autoGrow) {
        return new Growth(Quantities.canonical(autoGrow.max), autoGrow.at == null ? DEFAULT_AT : autoGrow.at);
    }

    /** The size that it is to have; empty: it has room enough, or may not grow any further. */
    public Optional<Quantity> next(Quantity size, long used) {
        return isDue(size, used) && !isAtMost(size) ? Optional.of(larger(size)) : Optional.empty();
    }

    /** It would grow if it were allowed to. */
    public boolean isStuck(Quantity size, long used) {
        return isDue(size, used) && isAtMost(size);
    }

    private boolean isDue(Quantity size, long used) {
        var due = Quantities.amount(size).multiply(BigDecimal.valueOf(at));
        return BigDecimal.valueOf(used).multiply(HUNDRED).compareTo(due) >= 0;
    }

    private boolean isAtMost(Quantity size) {
        return !Quantities.isLess(size, max);
    }

    private Quantity larger(Quantity size) {
        var grown = Quantities.amount(size).multiply(QUARTER_MORE);
        var unit = grown.compareTo(LARGE) < 0 ? MIB : GIB;
        var whole = grown.divide(unit, 0, RoundingMode.CEILING);
        var larger = Quantities.canonical(new Quantity(whole.toPlainString(), unit.equals(MIB) ? "Mi" : "Gi"));
        return Quantities.isLess(max, larger) ? max : larger;
    }
}
