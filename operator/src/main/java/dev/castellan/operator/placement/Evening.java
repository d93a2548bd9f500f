package dev.castellan.operator.placement;

import java.util.ArrayDeque;
import java.util.Arrays;

/**
 * Evens out what the first choice of brokers left uneven, without a copy more: new replicas, which nobody has copied yet,
 * change places along the shortest chain from a full broker to an emptier one. With one new replica a partition this is
 * the shortest augmenting path of a minimum-cost flow, and what it ends with is the best there is.
 */
final class Evening {
    /** Looks at so many (replica, broker) pairs at most: two seconds' worth. What is left uneven then is in the gap. */
    private static final long BUDGET = 400_000_000L;

    private final Board board;
    private final int[] from;
    private final int[] via;
    private long looked;
    private int[][] fresh;

    Evening(Board board) {
        this.board = board;
        this.from = new int[board.usable];
        this.via = new int[board.usable];
    }

    void run() {
        boolean changed = true;
        while (changed && looked < BUDGET) {
            changed = false;
            gather();
            for (int source : byFullness()) {
                if (looked < BUDGET && relieve(source)) {
                    changed = true;
                    gather();
                }
            }
        }
    }

    private Integer[] byFullness() {
        var brokers = new Integer[board.usable];
        Arrays.setAll(brokers, b -> b);
        Arrays.sort(brokers, (a, b) -> Integer.compare(board.count[b], board.count[a]));
        return brokers;
    }

    private void gather() {
        var sizes = new int[board.usable];
        each((partition, broker) -> sizes[broker]++);
        fresh = new int[board.usable][];
        Arrays.setAll(fresh, b -> new int[sizes[b]]);
        each((partition, broker) -> fresh[broker][--sizes[broker]] = partition);
    }

    private interface Fresh {
        void is(int partition, int broker);
    }

    private void each(Fresh visit) {
        for (int p = 0; p < board.size(); p++) {
            var replicas = board.replicas(p);
            for (int i = board.kept(p); i < replicas.length; i++) {
                visit.is(p, replicas[i]);
            }
        }
        looked += board.size();
    }

    /** Breadth first, to the nearest broker that has two replicas less. */
    private boolean relieve(int source) {
        Arrays.fill(from, -1);
        from[source] = source;
        var queue = new ArrayDeque<Integer>();
        queue.add(source);
        while (!queue.isEmpty() && looked < BUDGET) {
            int broker = queue.poll();
            for (int partition : fresh[broker]) {
                for (int other = 0; other < board.usable; other++) {
                    if (from[other] < 0 && mayGo(partition, broker, other)) {
                        from[other] = broker;
                        via[other] = partition;
                        if (board.count[other] <= board.count[source] - 2) {
                            shift(source, other);
                            return true;
                        }
                        queue.add(other);
                    }
                }
                looked += board.usable;
            }
        }
        return false;
    }

    private boolean mayGo(int partition, int broker, int other) {
        if (!board.mayGet(partition, other)) {
            return false;
        }
        return board.inRack(partition, board.rack[other], broker)
                <= board.inRack(partition, board.rack[broker], broker);
    }

    /** From the end of the chain, so that each link holds as it was found; none may use a partition twice. */
    private void shift(int source, int end) {
        for (int to = end; to != source; to = from[to]) {
            if (board.holds(via[to], from[to]) && mayGo(via[to], from[to], to)) {
                board.replace(via[to], from[to], to);
            }
        }
    }
}
