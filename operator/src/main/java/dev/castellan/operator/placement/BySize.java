package dev.castellan.operator.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;

/** The partitions that have a replica on a broker, the smallest first. */
final class BySize {
    private final Board board;
    private final Comparator<Integer> order;
    private final List<Integer> partitions;

    BySize(Board board, int[] partitions) {
        this.board = board;
        this.order = Comparator.<Integer>comparingLong(board::size).thenComparing(Comparator.naturalOrder());
        this.partitions = new ArrayList<>(Arrays.stream(partitions).boxed().toList());
        this.partitions.sort(order);
    }

    void add(int partition) {
        partitions.add(-1 - Collections.binarySearch(partitions, partition, order), partition);
    }

    void remove(int partition) {
        partitions.remove(Collections.binarySearch(partitions, partition, order));
    }

    List<Integer> all() {
        return partitions;
    }

    /** @param each so many that are smaller, and as many that are not */
    List<Integer> near(double size, int each) {
        int low = 0;
        int high = partitions.size();
        while (low < high) {
            int middle = (low + high) / 2;
            if (board.size(partitions.get(middle)) < size) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return partitions.subList(Math.max(0, low - each), Math.min(partitions.size(), low + each));
    }
}
