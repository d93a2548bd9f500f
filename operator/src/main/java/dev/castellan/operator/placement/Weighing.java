package dev.castellan.operator.placement;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Lets brokers exchange replicas, large ones for small ones, until none of them holds a tenth more or less than the others do
 * on average. Counts stay as they are. An exchange copies both of its replicas, so that the smaller one should be small.
 */
final class Weighing {
    /** Of the average: what is nearer to it is let be, and what is not is brought nearer than it has to be, to stay there. */
    static final double TOLERANCE = 0.1;

    private static final double GOAL = 0.05;

    /** How far from what would be best an exchange may be to be taken for the smallness of what comes back. */
    private static final double GOOD = 0.25;

    /** What brings less than this part of what would be best is not worth the copies. */
    private static final double WORTH = 0.25;

    /** Of the replicas that could come back so many are looked at, the smallest: a larger one is copied for less. */
    private static final int CHOICE = 100;

    /** For each of them so many are looked at that are smaller than would be best, and as many that are larger. */
    private static final int NEAR = 4;

    private final Board board;
    private final int[] brokers;
    private final double mean;
    private final BySize[] bySize;

    /** Nobody exchanges anything with them, as far as this pass has seen. */
    private final boolean[] stuck;

    private Weighing(Board board, int[] brokers) {
        this.board = board;
        this.brokers = brokers;
        this.mean =
                Arrays.stream(brokers).mapToLong(b -> board.bytes[b]).average().orElse(0);
        this.bySize = new BySize[board.usable];
        this.stuck = new boolean[board.usable];
    }

    /** @param brokers among whom replicas may be exchanged */
    static void weigh(Board board, int[] brokers) {
        if (brokers.length > 1) {
            new Weighing(board, brokers).run();
        }
    }

    private void run() {
        if (Arrays.stream(brokers).allMatch(b -> isNear(b, TOLERANCE))) {
            return;
        }
        gather();
        boolean changed = true;
        while (changed) {
            Arrays.fill(stuck, false);
            changed = false;
            while (exchangeOnce()) {
                changed = true;
            }
        }
    }

    private boolean isNear(int broker, double tolerance) {
        return Math.abs(board.bytes[broker] - mean) <= tolerance * mean;
    }

    private void gather() {
        var onBroker = board.partitionsByBroker();
        for (int b : brokers) {
            bySize[b] = new BySize(board, onBroker[b]);
        }
    }

    /** Of the one that is furthest from the average, with the one that is furthest on the other side and can. */
    private boolean exchangeOnce() {
        var byBytes = IntStream.of(brokers)
                .boxed()
                .sorted(Comparator.comparingLong(b -> board.bytes[b]))
                .mapToInt(b -> b)
                .toArray();
        var far = IntStream.of(brokers)
                .filter(b -> !stuck[b] && !isNear(b, GOAL))
                .boxed()
                .sorted(Comparator.comparingDouble(b -> -Math.abs(board.bytes[b] - mean)))
                .toList();
        for (int broker : far) {
            if (board.bytes[broker] > mean ? fromHeavy(broker, byBytes) : toLight(broker, byBytes)) {
                return true;
            }
            stuck[broker] = true;
        }
        return false;
    }

    private boolean fromHeavy(int heavy, int[] byBytes) {
        return IntStream.of(byBytes)
                .takeWhile(light -> board.bytes[light] < mean)
                .anyMatch(light -> exchange(heavy, light));
    }

    private boolean toLight(int light, int[] byBytes) {
        return IntStream.iterate(byBytes.length - 1, i -> i >= 0 && board.bytes[byBytes[i]] > mean, i -> i - 1)
                .anyMatch(i -> exchange(byBytes[i], light));
    }

    private boolean exchange(int heavy, int light) {
        double surplus = board.bytes[heavy] - mean;
        double lack = mean - board.bytes[light];
        double best = Math.max(Math.min(surplus, lack), Math.max(surplus, lack) * GOAL);
        var found = find(heavy, light, best, (board.bytes[heavy] - board.bytes[light]) * (1 - GOAL));
        if (found == null) {
            return false;
        }
        board.replace(found[0], heavy, light);
        board.replace(found[1], light, heavy);
        bySize[heavy].remove(found[0]);
        bySize[heavy].add(found[1]);
        bySize[light].remove(found[1]);
        bySize[light].add(found[0]);
        return true;
    }

    /**
     * @param best by how much the one should be larger than the other
     * @param most by how much less it must be, or the two would only change their roles
     */
    private int[] find(int heavy, int light, double best, double most) {
        int[] found = null;
        double distance = Double.MAX_VALUE;
        int choice = CHOICE;
        for (int back : bySize[light].all()) {
            if (choice == 0 || distance <= GOOD * best) {
                break;
            }
            if (!board.mayMove(back, light, heavy)) {
                continue;
            }
            choice--;
            for (int large : bySize[heavy].near(board.size(back) + best, NEAR)) {
                double difference = board.size(large) - board.size(back);
                if (difference >= WORTH * best
                        && difference < most
                        && Math.abs(difference - best) < distance
                        && board.mayMove(large, heavy, light)) {
                    distance = Math.abs(difference - best);
                    found = new int[] {large, back};
                }
            }
        }
        return found;
    }
}
