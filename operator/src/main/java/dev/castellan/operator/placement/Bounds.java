package dev.castellan.operator.placement;

import dev.castellan.operator.placement.Reassignment.Figures;
import java.util.Arrays;

/** What no plan can do better, whatever it does about racks; taken when replicas that must go are gone. */
record Bounds(int copies, int most, long bytes) {
    /** @param filling those that are to get their share */
    static Bounds of(Board board, boolean level, int[] filling) {
        int missing = 0;
        long bytes = 0;
        for (int p = 0; p < board.size(); p++) {
            int more = Math.max(0, board.wanted(p) - board.replicas(p).length);
            missing += more;
            bytes += more * board.size(p);
        }
        var counts = Arrays.copyOf(board.count, board.usable);
        return level
                ? levelled(counts, missing, Math.max(bytes, (long) lack(board, bytes, filling)))
                : new Bounds(missing, waterLevel(counts, missing), bytes);
    }

    /** An average share for those that are to get theirs; where all are, nobody needs more than what is taken for even. */
    private static double lack(Board board, long missing, int[] filling) {
        var bytes = Arrays.copyOf(board.bytes, board.usable);
        double share = (double) (Arrays.stream(bytes).sum() + missing) / Math.max(1, bytes.length);
        double least = filling.length < bytes.length ? share : (1 - Weighing.TOLERANCE) * share;
        return Arrays.stream(filling)
                .mapToDouble(b -> Math.max(0, least - bytes[b]))
                .sum();
    }

    /** Whatever lies above the level must be copied, and whatever is missing from it. */
    private static Bounds levelled(int[] counts, int missing, long bytes) {
        int total = Arrays.stream(counts).sum() + missing;
        int low = counts.length == 0 ? 0 : total / counts.length;
        int high = counts.length == 0 || total % counts.length == 0 ? low : low + 1;
        int above =
                Arrays.stream(counts).map(count -> Math.max(0, count - high)).sum();
        int below = Arrays.stream(counts).map(count -> Math.max(0, low - count)).sum();
        return new Bounds(Math.max(missing + above, below), high, bytes);
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
        long copied = 0;
        for (int p = 0; p < board.size(); p++) {
            int ofThis = board.copies(p);
            made += ofThis;
            copied += ofThis * board.size(p);
            unplaced += board.wanted(p) < 0 ? 1 : 0;
        }
        return new Figures(
                made,
                copies,
                Arrays.stream(board.count, 0, board.usable).max().orElse(0),
                most,
                Arrays.stream(board.leaders, 0, board.usable).max().orElse(0),
                unplaced,
                copied,
                bytes);
    }
}
