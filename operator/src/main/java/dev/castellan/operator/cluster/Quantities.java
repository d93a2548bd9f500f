package dev.castellan.operator.cluster;

import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Quantities in the one form in which the API server keeps them: 1024Mi is 1Gi, 0.5 is 500m. So that writing the same
 * amount otherwise is no change, and restarts nothing.
 */
public final class Quantities {
    private static final List<String> BINARY = List.of("", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei");
    private static final List<String> DECIMAL = List.of("n", "u", "m", "", "k", "M", "G", "T", "P", "E");
    private static final BigInteger KIBI = BigInteger.valueOf(1024);
    private static final BigInteger KILO = BigInteger.valueOf(1000);
    private static final int NANO_DIGITS = 9;

    private Quantities() {}

    static SortedMap<String, Quantity> canonical(Map<String, Quantity> quantities) {
        var canonical = new TreeMap<String, Quantity>();
        quantities.forEach((name, quantity) -> canonical.put(name, canonical(quantity)));
        return canonical;
    }

    public static Quantity canonical(Quantity quantity) {
        var amount = amount(quantity);
        boolean isBinary = quantity.getFormat() != null && quantity.getFormat().endsWith("i");
        if (isBinary && amount.stripTrailingZeros().scale() <= 0) {
            return shortest(amount.toBigInteger(), KIBI, BINARY);
        }
        return shortest(amount.movePointRight(NANO_DIGITS).toBigInteger(), KILO, DECIMAL);
    }

    public static boolean isLess(Quantity one, Quantity other) {
        return !isSame(one, other) && amount(one).compareTo(amount(other)) < 0;
    }

    /** To the letter, as nearly always: amounts are costly to work out. */
    private static boolean isSame(Quantity one, Quantity other) {
        return one.getAmount().equals(other.getAmount()) && Objects.equals(one.getFormat(), other.getFormat());
    }

    public static long bytes(Quantity quantity) {
        return amount(quantity).longValue();
    }

    /** Of bytes, for people: 1.4Gi. */
    public static String rounded(long bytes) {
        int suffix = 0;
        double amount = bytes;
        while (amount >= KIBI.intValue() && suffix < BINARY.size() - 1) {
            amount /= KIBI.intValue();
            suffix++;
        }
        return String.format(Locale.ROOT, amount < 10 && suffix > 0 ? "%.1f%s" : "%.0f%s", amount, BINARY.get(suffix));
    }

    static BigDecimal amount(Quantity quantity) {
        return Quantity.getAmountInBytes(quantity);
    }

    private static Quantity shortest(BigInteger amount, BigInteger step, List<String> suffixes) {
        int suffix = 0;
        while (amount.signum() != 0
                && suffix < suffixes.size() - 1
                && amount.mod(step).signum() == 0) {
            amount = amount.divide(step);
            suffix++;
        }
        return amount.signum() == 0 ? new Quantity("0") : new Quantity(amount.toString(), suffixes.get(suffix));
    }
}
