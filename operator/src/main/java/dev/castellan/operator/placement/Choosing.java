package dev.castellan.operator.placement;

import static java.util.stream.Collectors.groupingBy;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
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

    /** Looks at so many at most for the sake of two that go together: a second's worth. */
    private static final long BUDGET = 5_000_000;

    /** So many times that is what it costs if one of the two leads and the other follows. */
    private static final double OTHER_ROLE = 10;

    private final Board board;
    private final Shares shares;
    private final double worth;
    private final BySize[] bySize;
    private long looked;

    /** A replica on its way: the place that it has among its partition's, and who gives it. */
    private record Copy(int partition, int place, int from) {}

    private Choosing(Board board, Shares shares) {
        this.board = board;
        this.shares = shares;
        this.worth = 2 * Math.pow(WORTH * shares.mean(), 2);
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
        do {
            while (anyAlone(copies)) {
                continue;
            }
        } while (anyTwo(copies));
    }

    private boolean anyAlone(List<Copy> copies) {
        boolean changed = false;
        for (int i = 0; i < copies.size(); i++) {
            var copy = copies.get(i);
            var instead = better(copy, worth, copy.from, fullestOfMore(copy));
            if (instead != null) {
                change(copies, i, instead);
                changed = true;
            }
        }
        return changed;
    }

    /** Two that are of worth together only: one broker gives more, so that another may give less. */
    private boolean anyTwo(List<Copy> copies) {
        var byGiver = IntStream.range(0, copies.size()).boxed().collect(groupingBy(i -> copies.get(i).from));
        var givers = byGiver.keySet().stream()
                .sorted(Comparator.comparingDouble(b -> -over(b)))
                .toList();
        for (int more : givers) {
            for (int less : givers.reversed()) {
                if (over(more) - over(less) > 2 * WORTH * shares.mean()
                        && anyTwo(copies, byGiver.get(more), byGiver.get(less))) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean anyTwo(List<Copy> copies, List<Integer> ofMore, List<Integer> ofLess) {
        int less = copies.get(ofLess.getFirst()).from;
        for (int i : ofMore) {
            var copy = copies.get(i);
            int more = copy.from;
            if (looked > BUDGET || !board.mayMoveBack(copy.partition, receiver(copy), more)) {
                continue;
            }
            // The same from the other: a counterpart from this one has to go for it.
            if (board.rack[less] == board.rack[more]
                    && holdsFromTheBeginning(copy.partition, less)
                    && withAnother(copies, i, copy(copy.partition, less), ofLess, more)) {
                return true;
            }
            double size = board.size(copy.partition) + over(more);
            for (int partition : List.copyOf(bySize[more].near(size, CHOICE))) {
                if (mayGo(partition, more, receiver(copy))
                        && withAnother(copies, i, copy(partition, more), ofLess, less)) {
                    return true;
                }
            }
        }
        return false;
    }

    private boolean holdsFromTheBeginning(int partition, int broker) {
        return board.holds(partition, broker) && board.hadIt(partition, broker);
    }

    /** Changes the one if there is another, of that giver, that makes it worth it; and that too. */
    private boolean withAnother(List<Copy> copies, int i, Copy instead, List<Integer> others, int giver) {
        var copy = copies.get(i);
        int to = receiver(copy);
        var touched = IntStream.of(copy.from, instead.from, to).distinct().toArray();
        double before = IntStream.of(touched).mapToDouble(b -> off(b, 0)).sum();
        change(copies, i, instead);
        double gain = before - IntStream.of(touched).mapToDouble(b -> off(b, 0)).sum();
        for (int j : others) {
            var other = receiver(copies.get(j)) == to ? better(copies.get(j), worth - gain, giver) : null;
            if (other != null) {
                change(copies, j, other);
                return true;
            }
        }
        change(copies, i, copy);
        return false;
    }

    private int receiver(Copy copy) {
        return board.replicas(copy.partition)[copy.place];
    }

    private Copy copy(int partition, int from) {
        return new Copy(partition, board.place(partition, from), from);
    }

    private boolean mayGo(int partition, int from, int to) {
        return board.mayMove(partition, from, to) && board.hadIt(partition, from);
    }

    /** Of one of these brokers; null: nothing brings more than that. */
    private Copy better(Copy copy, double than, int... givers) {
        int to = receiver(copy);
        if (!board.mayMoveBack(copy.partition, to, copy.from)) {
            return null;
        }
        Copy best = null;
        double most = than;
        double before = off(copy.from, 0) + off(to, 0);
        board.replace(copy.partition, to, copy.from);
        for (int from : givers) {
            double others = from == copy.from ? 0 : off(copy.from, 0) - off(from, 0);
            for (int partition : bySize[from].near((over(from) - over(to)) / 2, CHOICE)) {
                looked++;
                long other = board.size(partition);
                double gain = before - others - off(from, -other) - off(to, other);
                boolean sameRole = (board.place(partition, from) == 0) == (copy.place == 0);
                gain -= sameRole ? 0 : OTHER_ROLE * worth;
                if (gain > most && mayGo(partition, from, to)) {
                    most = gain;
                    best = copy(partition, from);
                }
            }
        }
        board.replace(copy.partition, copy.from, to);
        return best;
    }

    /** Of those that have a replica more than who gives the one, or who gives it. */
    private int fullestOfMore(Copy copy) {
        int fullest = copy.from;
        for (int b = 0; b < board.usable; b++) {
            if (b != receiver(copy)
                    && board.rack[b] == board.rack[copy.from]
                    && board.count[b] > board.count[copy.from]
                    && over(b) > over(fullest)) {
                fullest = b;
            }
        }
        return fullest;
    }

    private double off(int broker, double more) {
        return shares.off(broker, board.bytes[broker] + more);
    }

    private double over(int broker) {
        return board.bytes[broker] - shares.due()[broker];
    }

    private void change(List<Copy> copies, int i, Copy instead) {
        var copy = copies.set(i, instead);
        int to = receiver(copy);
        board.replace(copy.partition, to, copy.from);
        board.replace(instead.partition, instead.from, to);
        bySize[copy.from].add(copy.partition);
        bySize[instead.from].remove(instead.partition);
    }
}
