package dev.castellan.operator.placement;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * The bytes that each broker should hold: an average share those that are to get theirs, and what these lack comes from the fullest of all
 * others, down to where they are alike. Who holds less than that keeps it.
 */
record Shares(double mean, double[] due, boolean[] filling) {
    /** Who is to get an average share gets no more for the sake of others, if it can be helped: all of it is copied. */
    private static final double MORE = 4;

    static Shares of(Board board, int[] toFill) {
        var filling = new boolean[board.usable];
        for (int b : toFill) {
            filling[b] = true;
        }
        double mean = IntStream.range(0, board.usable)
                .mapToDouble(b -> board.bytes[b])
                .average()
                .orElse(0);
        double lack =
                IntStream.of(toFill).mapToDouble(b -> mean - board.bytes[b]).sum();
        double level = level(
                IntStream.range(0, board.usable)
                        .filter(b -> !filling[b])
                        .mapToLong(b -> board.bytes[b])
                        .sorted()
                        .toArray(),
                lack);
        var due = new double[board.usable];
        Arrays.setAll(due, b -> filling[b] ? mean : Math.min(board.bytes[b], level));
        return new Shares(mean, due, filling);
    }

    /** What lies above it is as much as is taken: of no number of the fullest is the average, once they have given that, above it. */
    private static double level(long[] rising, double taken) {
        double level = 0;
        double held = 0;
        for (int i = rising.length - 1; i >= 0; i--) {
            held += rising[i];
            level = Math.max(level, (held - taken) / (rising.length - i));
        }
        return level;
    }

    /** How bad it is that the broker holds so much: whoever is furthest off counts most, and what is no longer even for more. */
    double off(int broker, double bytes) {
        double over = bytes - due[broker];
        double uneven = over / (Weighing.TOLERANCE * mean);
        return over * over * (1 + uneven * uneven) * (over > 0 && filling[broker] ? MORE : 1);
    }
}
