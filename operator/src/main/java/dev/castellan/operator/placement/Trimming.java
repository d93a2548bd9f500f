package dev.castellan.operator.placement;

/** Takes replicas away where there are too many: what is least missed goes first, the leader last. */
final class Trimming {
    private Trimming() {}

    static void trim(Board board, int partition) {
        while (board.wanted(partition) >= 0 && board.replicas(partition).length > board.wanted(partition)) {
            board.remove(partition, leastMissed(board, partition));
        }
    }

    private static int leastMissed(Board board, int partition) {
        int least = 0;
        for (int position = 1; position < board.replicas(partition).length; position++) {
            if (compare(board, partition, position, least) <= 0) {
                least = position;
            }
        }
        return least;
    }

    /** Below zero: the one is missed less than the other. */
    private static int compare(Board board, int partition, int one, int other) {
        int a = board.replicas(partition)[one];
        int b = board.replicas(partition)[other];
        int byRole = Integer.compare(worth(board, partition, one), worth(board, partition, other));
        if (byRole != 0) {
            return byRole;
        }
        int byRack =
                Integer.compare(board.inRack(partition, board.rack[b], -1), board.inRack(partition, board.rack[a], -1));
        return byRack != 0 ? byRack : Integer.compare(board.count[b], board.count[a]);
    }

    /** Whoever leads stays, and holds what was acknowledged; then those in sync; of these the preferred leader. */
    private static int worth(Board board, int partition, int position) {
        int broker = board.replicas(partition)[position];
        if (board.isLeader(partition, broker)) {
            return 3;
        }
        return board.isInSync(partition, broker) ? (position == 0 ? 2 : 1) : 0;
    }
}
