package dev.castellan.operator.placement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Moves replicas from full brokers to empty ones until no two differ by more than one, or racks forbid the rest. */
final class Levelling {
    /** A part of the average size. */
    private static final int ABOUT = 10;

    /** Of so many that could go the best is taken: there may be thousands. */
    private static final int CHOICE = 200;

    private final Board board;
    private final int total;
    private final int low;
    private final int high;
    private final int leadersDue;
    private final Shares shares;

    /** Sizes that differ by less are about the same. */
    private final double step;

    private int[][] onBroker;
    private int[] next;

    private Levelling(Board board, Shares shares) {
        this.board = board;
        this.shares = shares;
        this.total = Arrays.stream(board.count, 0, board.usable).sum();
        this.low = total / board.usable;
        this.high = low + (total % board.usable == 0 ? 0 : 1);
        this.leadersDue = board.size() / board.usable;
        this.step = Math.max(1, shares.mean() * board.usable / Math.max(1, total) / ABOUT);
    }

    static void level(Board board, Shares shares) {
        if (board.usable > 1) {
            new Levelling(board, shares).run();
        }
    }

    private void run() {
        onBroker = board.partitionsByBroker();
        for (int to = 0; to < board.usable; to++) {
            fillUp(to);
        }
        for (int from = 0; from < board.usable; from++) {
            drainDown(from);
        }
        for (int to = 0; to < board.usable; to++) {
            evenOut(to);
        }
    }

    /** Where racks keep one broker above what is even for all, others are to be even among themselves all the same. */
    private void evenOut(int to) {
        next = new int[board.usable];
        boolean moved = true;
        while (moved) {
            moved = false;
            for (int from : fullestFirst(to)) {
                if (board.count[from] - board.count[to] > 1 && moveOne(from, to)) {
                    moved = true;
                }
            }
        }
    }

    /** From those first that have more than anybody needs, and only then from those that have no more than they may. */
    private void fillUp(int to) {
        takeDownTo(high, to);
        takeDownTo(low, to);
    }

    /** One from each that has more than that, the fullest first, and again. */
    private void takeDownTo(int level, int to) {
        next = new int[board.usable];
        boolean moved = true;
        while (moved && board.count[to] < low) {
            moved = false;
            for (int from : fullestFirst(to)) {
                if (board.count[to] < low && board.count[from] > level && moveOne(from, to)) {
                    moved = true;
                }
            }
        }
    }

    /** By count, and of those alike by bytes. */
    private Integer[] fullestFirst(int without) {
        return IntStream.range(0, board.usable)
                .filter(b -> b != without)
                .boxed()
                .sorted(Comparator.<Integer>comparingInt(b -> -board.count[b]).thenComparingLong(b -> -board.bytes[b]))
                .toArray(Integer[]::new);
    }

    private void drainDown(int from) {
        for (int to = 0; to < board.usable && board.count[from] > high; to++) {
            next = new int[board.usable];
            while (board.count[from] > high && board.count[to] < high && moveOne(from, to)) {
                continue;
            }
        }
    }

    /**
     * Of a size that brings the other to an average share, with as many replicas as it still lacks; and among those of about this
     * size the replica that leads goes where leaders are due, one that follows where they are not.
     */
    private boolean moveOne(int from, int to) {
        boolean leader = board.leaders[to] < leadersDue && board.leaders[from] > leadersDue;
        double size = (shares.due()[to] - board.bytes[to]) / Math.max(1, low - board.count[to]);
        int best = -1;
        long fit = Long.MAX_VALUE;
        int choice = CHOICE;
        for (int i = next[from]; i < onBroker[from].length && fit > 0 && choice > 0; i++) {
            int partition = onBroker[from][i];
            if (!board.mayMove(partition, from, to)) {
                if (i == next[from]) {
                    next[from]++;
                }
                continue;
            }
            choice -= shares.mean() > 0 ? 1 : 0;
            long off = (long) (Math.abs(board.size(partition) - size) / step);
            long misfit = 2 * off + ((board.replicas(partition)[0] == from) == leader ? 0 : 1);
            if (misfit < fit) {
                fit = misfit;
                best = partition;
            }
        }
        if (best >= 0) {
            board.replace(best, from, to);
        }
        return best >= 0;
    }
}
