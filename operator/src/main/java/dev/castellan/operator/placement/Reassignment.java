package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.TopicPartitions;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;

/**
 * Where replicas should lie instead: the fewest copies that do it, spread over racks, an equal number on each broker.
 * Deterministic: the same input gives the same plan. What is asked for decides what is touched:
 *
 * <ul>
 *   <li>a replication factor: replicas are added to, or taken from, the partitions of that topic only;
 *   <li>a broker that is not among those that may hold replicas: each of its replicas gets another place;
 *   <li>levelling: replicas go from the fullest brokers to the emptiest, until their counts differ by one at most; and
 *       where sizes are known they are chosen so that bytes are even too, of who gets them and of who gives them. Those that
 *       are to get their share exchange some as far as that is not enough.
 * </ul>
 *
 * Replicas that stay keep their order, so that preferred leaders do.
 *
 * @param moves only partitions that change
 */
public record Reassignment(List<Move> moves, Figures figures) {
    /** Partitions of a cluster whose replicas are being changed at a time: what is taken back is never more. */
    public static final int AT_A_TIME = 100;

    /**
     * What is wanted.
     *
     * @param racks of the brokers that may hold replicas; an empty rack is one like any other
     * @param closed those of them that keep what they hold and get no more, such as one that is away for a while
     * @param factors of topics that get another replication factor
     * @param level replicas may be moved for the sake of equal counts alone
     * @param filling brokers that are to get an average share of bytes, and may exchange replicas among themselves for that alone
     * @param sizes of the partitions
     */
    public record Aim(
            SortedMap<Integer, String> racks,
            Set<Integer> closed,
            Map<String, Integer> factors,
            boolean level,
            Set<Integer> filling,
            Sizes sizes) {
        public Aim(SortedMap<Integer, String> racks, Set<Integer> closed, Map<String, Integer> factors, boolean level) {
            this(racks, closed, factors, level, Set.of(), Sizes.UNKNOWN);
        }

        public Aim(SortedMap<Integer, String> racks, Map<String, Integer> factors, boolean level) {
            this(racks, Set.of(), factors, level);
        }
    }

    /** The replicas that a partition gets, the preferred leader first. */
    public record Move(String topic, int partition, List<Integer> from, List<Integer> to) {}

    /**
     * How good the plan is: each figure beside the lowest that any plan could have, whatever racks allow.
     *
     * @param copies replicas that have to be copied
     * @param most replicas on the fullest broker
     * @param leaders preferred leaders on the broker with most of them; told, not promised
     * @param unplaced partitions that ask for more replicas than there are brokers, and stay as they are
     * @param bytes to be copied, as far as sizes are known
     */
    public record Figures(
            int copies,
            int fewestCopies,
            int most,
            int lowestMost,
            int leaders,
            int unplaced,
            long bytes,
            long fewestBytes) {
        public int gap() {
            return copies - fewestCopies + most - lowestMost;
        }

        @Override
        public String toString() {
            var counts = "%d copies (bound %d), %d replicas on the fullest broker (bound %d), gap %d"
                    .formatted(copies, fewestCopies, most, lowestMost, gap());
            return bytes == 0 ? counts : counts + ", %d bytes (bound %d)".formatted(bytes, fewestBytes);
        }
    }

    public static Reassignment of(List<TopicPartitions> topics, Aim aim) {
        var board = Board.of(topics, aim);
        for (int partition = 0; partition < board.size(); partition++) {
            Trimming.trim(board, partition);
        }
        var filling = board.open(aim.filling());
        var bounds = Bounds.of(board, aim.level(), filling);
        Filling.fill(board);
        if (aim.level()) {
            var shares = Shares.of(board, filling);
            Levelling.level(board, shares);
            Choosing.choose(board, shares);
            Weighing.weigh(board, filling);
        }
        return new Reassignment(board.moves(), bounds.figures(board));
    }
}
