package dev.castellan.operator.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Of what goes from one broker to another, which: a replica that nobody has copied yet stays where it is, and another goes in its place, as
 * long as that brings bytes nearer to where they should be. Not a copy more is made by it, and counts stay as even as they are.
 */
final class Choosing {
    /** Of the average: what brings less is let be. */
    private static final double WORTH = 0.001;

    /** So many that are smaller than would be best are looked at, and as many that are larger. */
    private static final int CHOICE = 8;

    /** What is left of an exchange's worth if one of the two leads and the other follows. */
    private static final double OTHER_ROLE = 0.5;

    private final Board board;
    private final Shares shares;
    private final BySize[] bySize;

    /** A replica on its way: the place that it has among its partition's, and who gives it. */
    private record Copy(int partition, int place, int from) {}

    private Choosing(Board board, Shares shares) {
        this.board = board;
        this.shares = shares;
        var onBroker = board.partitionsByBroker();
        this.bySize = new BySize[board.usable];
        Arrays.setAll(bySize, b -> new BySize(board, onBroker[b]));
    }

    static void choose(Board board, Shares shares) {
        var copies = shares.mean() > 0 ? copies(board) : List.<Copy>of();
        if (!copies.isEmpty()) {
            new Choosing(board, shares).run(copies);
        }
    }

    private static List<Copy> copies(Board board) {
        var copies = new ArrayList<Copy>();
        for (int p = 0; p < board.size(); p++) {
            for (int place = 0; place < board.replicas(p).length; place++) {
                int from = board.movedFrom(p, place);
                if (from >= 0) {
                    copies.add(new Copy(p, place, from));
                }
            }
        }
        return copies;
    }

    private void run(List<Copy> copies) {
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = 0; i < copies.size(); i++) {
                var instead = better(copies.get(i));
                if (instead != null) {
                    exchange(copies.get(i), instead);
                    copies.set(i, instead);
                    changed = true;
                }
            }
        }
    }

    private int receiver(Copy copy) {
        return board.replicas(copy.partition)[copy.place];
    }

    /** Of the same broker, or of one that has a replica more; null: nothing is worth it. */
    private Copy better(Copy copy) {
        int to = receiver(copy);
        if (!board.mayMoveBack(copy.partition, to, copy.from)) {
            return null;
        }
        Copy best = null;
        double most = 2 * Math.pow(WORTH * shares.mean(), 2);
        for (int from : IntStream.of(copy.from, fullestOfOneMore(copy.from, to)).distinct().toArray()) {
            double size = board.size(copy.partition);
            double surplus = over(from) + (from == copy.from ? size : 0);
            for (int partition : bySize[from].near((surplus - over(to) + size) / 2, CHOICE)) {
                int place = board.place(partition, from);
                double worth = gain(copy, from, board.size(partition), to)
                        * ((place == 0) == (copy.place == 0) ? 1 : OTHER_ROLE);
                if (worth > most && board.mayMove(partition, from, to) && board.hadIt(partition, from)) {
                    most = worth;
                    best = new Copy(partition, place, from);
                }
            }
        }
        return best;
    }

    private int fullestOfOneMore(int broker, int to) {
        int fullest = broker;
        for (int b = 0; b < board.usable; b++) {
            if (b != to
                    && board.rack[b] == board.rack[broker]
                    && board.count[b] == board.count[broker] + 1
                    && over(b) > over(fullest)) {
                fullest = b;
            }
        }
        return fullest;
    }

    /** By how much less bytes are off, if the other goes. */
    private double gain(Copy copy, int from, double size, int to) {
        double back = board.size(copy.partition);
        if (from == copy.from) {
            return off(from, 0) + off(to, 0) - off(from, back - size) - off(to, size - back);
        }
        return off(from, 0)
                + off(copy.from, 0)
                + off(to, 0)
                - off(from, -size)
                - off(copy.from, back)
                - off(to, size - back);
    }

    private double off(int broker, double more) {
        return shares.off(broker, board.bytes[broker] + more);
    }

    private double over(int broker) {
        return board.bytes[broker] - shares.due()[broker];
    }

    private void exchange(Copy copy, Copy instead) {
        int to = receiver(copy);
        board.replace(copy.partition, to, copy.from);
        board.replace(instead.partition, instead.from, to);
        bySize[copy.from].add(copy.partition);
        bySize[instead.from].remove(instead.partition);
    }
}
