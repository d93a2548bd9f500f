package dev.castellan.operator.placement;

import dev.castellan.operator.placement.Reassignment.Figures;
import java.util.Arrays;

/** What no plan can do better, whatever it does about racks; taken when replicas that must go are gone. */
record Bounds(int copies, int most) {
    static Bounds of(Board board, boolean level) {
        int missing = 0;
        for (int p = 0; p < board.size(); p++) {
            missing += Math.max(0, board.wanted(p) - board.replicas(p).length);
        }
        var counts = Arrays.copyOf(board.count, board.usable);
        return level ? levelled(counts, missing) : new Bounds(missing, waterLevel(counts, missing));
    }

    /** Whatever lies above the level must be copied, and whatever is missing from it. */
    private static Bounds levelled(int[] counts, int missing) {
        int total = Arrays.stream(counts).sum() + missing;
        int low = counts.length == 0 ? 0 : total / counts.length;
        int high = counts.length == 0 || total % counts.length == 0 ? low : low + 1;
        int above =
                Arrays.stream(counts).map(count -> Math.max(0, count - high)).sum();
        int below = Arrays.stream(counts).map(count -> Math.max(0, low - count)).sum();
        return new Bounds(Math.max(missing + above, below), high);
    }

    /** The lowest that the fullest broker can be when so many are poured onto the emptiest. */
    private static int waterLevel(int[] counts, int missing) {
        int low = Arrays.stream(counts).max().orElse(0);
        int high = low + missing;
        while (low < high) {
            int level = low + (high - low) / 2;
            long room = Arrays.stream(counts).mapToLong(count -> level - count).sum();
            if (room >= missing) {
                high = level;
            } else {
                low = level + 1;
            }
        }
        return low;
    }

    Figures figures(Board board) {
        int made = 0;
        int unplaced = 0;
        for (int p = 0; p < board.size(); p++) {
            made += board.copies(p);
            unplaced += board.wanted(p) < 0 ? 1 : 0;
        }
        return new Figures(
                made,
                copies,
                Arrays.stream(board.count, 0, board.usable).max().orElse(0),
                most,
                Arrays.stream(board.leaders, 0, board.usable).max().orElse(0),
                unplaced);
    }
}
