package dev.castellan.operator.placement;

import java.util.Map;

/** Gives each missing replica a broker: in the rack that has fewest of the partition, and there on the emptiest. */
final class Filling {
    private Filling() {}

    static void fill(Board board) {
        var byTopic = board.countsByTopic();
        for (int partition = 0; partition < board.size(); partition++) {
            while (board.wanted(partition) > board.replicas(partition).length) {
                place(board, partition, byTopic);
            }
        }
        new Evening(board).run();
        for (int partition = 0; partition < board.size(); partition++) {
            lead(board, partition);
        }
    }

    private static void place(Board board, int partition, Map<String, int[]> byTopic) {
        var ofTopic = byTopic.get(board.topic(partition));
        var inRack = new int[board.racks];
        for (int b : board.replicas(partition)) {
            inRack[board.rack[b]]++;
        }
        int best = -1;
        for (int b = 0; b < board.usable; b++) {
            if (board.mayGet(partition, b) && (best < 0 || isBetter(board, b, best, inRack, ofTopic))) {
                best = b;
            }
        }
        board.add(partition, best);
        ofTopic[best]++;
    }

    private static boolean isBetter(Board board, int one, int other, int[] inRack, int[] ofTopic) {
        int byRack = Integer.compare(inRack[board.rack[one]], inRack[board.rack[other]]);
        if (byRack != 0) {
            return byRack < 0;
        }
        int byCount = Integer.compare(board.count[one], board.count[other]);
        return byCount != 0 ? byCount < 0 : ofTopic[one] < ofTopic[other];
    }

    /** A partition whose preferred leader had to go: who leads now goes on, else who has fewest to lead. */
    private static void lead(Board board, int partition) {
        if (!board.lostItsFirst(partition)) {
            return;
        }
        var replicas = board.replicas(partition);
        int candidates = Math.max(1, board.kept(partition));
        int best = replicas[0];
        for (int i = 0; i < candidates; i++) {
            if (board.isLeader(partition, replicas[i])) {
                best = replicas[i];
                break;
            }
            // The one at the front is counted among those that it leads.
            int led = board.leaders[replicas[i]] - (i == 0 ? 1 : 0);
            int bestLed = board.leaders[best] - (best == replicas[0] ? 1 : 0);
            best = led < bestLed ? replicas[i] : best;
        }
        if (best != replicas[0]) {
            board.prefer(partition, best);
        }
    }
}
