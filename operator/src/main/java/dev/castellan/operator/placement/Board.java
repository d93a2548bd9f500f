package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.placement.Reassignment.Aim;
import dev.castellan.operator.placement.Reassignment.Move;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;

/** Replicas while they are being placed, in arrays of numbers: there may be millions. Brokers go by their index here. */
final class Board {
    /** Brokers that may hold replicas come first; those that may not follow. */
    final int[] ids;

    final int usable;
    final int[] rack;
    final int racks;
    final int[] count;
    final int[] leaders;

    /** On each broker, as far as sizes are known. */
    final long[] bytes;

    private final long[] sizes;
    private final boolean[] closed;

    private final List<String> topics = new ArrayList<>();
    private final List<Partition> before = new ArrayList<>();
    private final int[][] replicas;
    private final int[] kept;
    private final int[] wanted;

    static Board of(List<TopicPartitions> topics, Aim aim) {
        return new Board(topics, aim);
    }

    private Board(List<TopicPartitions> from, Aim aim) {
        var gone = new TreeSet<Integer>();
        for (var topic : from) {
            for (var partition : topic.partitions()) {
                topics.add(topic.name());
                before.add(partition);
                gone.addAll(partition.replicas());
            }
        }
        gone.removeAll(aim.racks().keySet());
        usable = aim.racks().size();
        ids = IntStream.concat(
                        aim.racks().keySet().stream().mapToInt(id -> id),
                        gone.stream().mapToInt(id -> id))
                .toArray();
        var names = new TreeMap<String, Integer>();
        aim.racks().values().forEach(name -> names.putIfAbsent(name, names.size()));
        racks = names.size();
        rack = IntStream.range(0, usable)
                .map(b -> names.get(aim.racks().get(ids[b])))
                .toArray();
        count = new int[ids.length];
        leaders = new int[ids.length];
        bytes = new long[ids.length];
        sizes = new long[before.size()];
        closed = new boolean[ids.length];
        for (int b = 0; b < ids.length; b++) {
            closed[b] = aim.closed().contains(ids[b]);
        }
        replicas = new int[before.size()][];
        kept = new int[before.size()];
        wanted = new int[before.size()];
        place(aim);
    }

    private void place(Aim aim) {
        var index = new HashMap<Integer, Integer>();
        for (int b = 0; b < ids.length; b++) {
            index.put(ids[b], b);
        }
        for (int p = 0; p < replicas.length; p++) {
            var partition = before.get(p);
            replicas[p] = partition.replicas().stream().mapToInt(index::get).toArray();
            wanted[p] = aim.factors().getOrDefault(topics.get(p), replicas[p].length);
            if (canHave(wanted[p], replicas[p])) {
                replicas[p] = Arrays.stream(replicas[p]).filter(b -> b < usable).toArray();
            } else {
                wanted[p] = -1;
            }
            kept[p] = replicas[p].length;
            sizes[p] = aim.sizes().of(topics.get(p), partition.id());
            for (int b : replicas[p]) {
                count[b]++;
                bytes[b] += sizes[p];
            }
            if (kept[p] > 0) {
                leaders[replicas[p][0]]++;
            }
        }
    }

    private boolean canHave(int wantedReplicas, int[] now) {
        long stay = Arrays.stream(now).filter(b -> b < usable).count();
        long more = IntStream.range(0, usable)
                .filter(b -> !closed[b] && Arrays.stream(now).noneMatch(one -> one == b))
                .count();
        return wantedReplicas <= stay + more;
    }

    /** Whether the broker may get a replica of the partition: it is open, and has none. */
    boolean mayGet(int partition, int broker) {
        return !closed[broker] && !holds(partition, broker);
    }

    /** Whether the one may get it from the other, and the partition is in no fewer racks for it. */
    boolean mayMove(int partition, int from, int to) {
        return !closed[to] && mayMoveBack(partition, from, to);
    }

    /** The same where the one had it before, and may have it again even if it gets no more. */
    boolean mayMoveBack(int partition, int from, int to) {
        return wanted[partition] >= 0
                && holds(partition, from)
                && !holds(partition, to)
                && inRack(partition, rack[to], from) <= inRack(partition, rack[from], from);
    }

    /** Whether the broker has held the partition from the beginning. */
    boolean hadIt(int partition, int broker) {
        return before.get(partition).replicas().contains(ids[broker]);
    }

    /** Who had the replica that is on its way to another broker at this place; -1: it is not, or there is nobody to have it. */
    int movedFrom(int partition, int place) {
        var had = before.get(partition).replicas();
        if (hadIt(partition, replicas[partition][place]) || had.size() != replicas[partition].length) {
            return -1;
        }
        return Arrays.binarySearch(ids, 0, usable, had.get(place));
    }

    int size() {
        return replicas.length;
    }

    /** Those of them that may get replicas. */
    int[] open(Set<Integer> brokers) {
        return IntStream.range(0, usable)
                .filter(b -> !closed[b] && brokers.contains(ids[b]))
                .toArray();
    }

    /** In bytes. */
    long size(int partition) {
        return sizes[partition];
    }

    int[] replicas(int partition) {
        return replicas[partition];
    }

    /** Which partitions have a replica on each of the brokers that may hold any. */
    int[][] partitionsByBroker() {
        var sizes = new int[usable];
        for (var ofPartition : replicas) {
            for (int b : ofPartition) {
                if (b < usable) {
                    sizes[b]++;
                }
            }
        }
        var found = new int[usable][];
        Arrays.setAll(found, b -> new int[sizes[b]]);
        for (int p = 0; p < replicas.length; p++) {
            for (int b : replicas[p]) {
                if (b < usable) {
                    found[b][--sizes[b]] = p;
                }
            }
        }
        return found;
    }

    /** How many of the replicas were there before: the first ones. */
    int kept(int partition) {
        return kept[partition];
    }

    /** Replicas that it should have; -1: there are too few brokers for it, it stays as it is. */
    int wanted(int partition) {
        return wanted[partition];
    }

    boolean isInSync(int partition, int broker) {
        return before.get(partition).inSync().contains(ids[broker]);
    }

    boolean isLeader(int partition, int broker) {
        return before.get(partition).leader() == ids[broker];
    }

    boolean holds(int partition, int broker) {
        return place(partition, broker) >= 0;
    }

    /** Where among the partition's replicas the broker's is, the preferred leader's is the first; -1: it has none. */
    int place(int partition, int broker) {
        for (int i = 0; i < replicas[partition].length; i++) {
            if (replicas[partition][i] == broker) {
                return i;
            }
        }
        return -1;
    }

    /** Replicas of the partition in the rack, not counting that of one broker. */
    int inRack(int partition, int ofRack, int without) {
        int found = 0;
        for (int b : replicas[partition]) {
            found += b != without && b < usable && rack[b] == ofRack ? 1 : 0;
        }
        return found;
    }

    void remove(int partition, int position) {
        var was = replicas[partition];
        var now = new int[was.length - 1];
        for (int i = 0; i < now.length; i++) {
            now[i] = was[i < position ? i : i + 1];
        }
        setReplicas(partition, now);
        kept[partition]--;
        count[was[position]]--;
        bytes[was[position]] -= sizes[partition];
    }

    void add(int partition, int broker) {
        var now = Arrays.copyOf(replicas[partition], replicas[partition].length + 1);
        now[now.length - 1] = broker;
        setReplicas(partition, now);
        count[broker]++;
        bytes[broker] += sizes[partition];
    }

    /** The other broker takes the replica's place, first or not. */
    void replace(int partition, int broker, int by) {
        var now = replicas[partition].clone();
        for (int i = 0; i < now.length; i++) {
            now[i] = now[i] == broker ? by : now[i];
        }
        setReplicas(partition, now);
        count[broker]--;
        count[by]++;
        bytes[broker] -= sizes[partition];
        bytes[by] += sizes[partition];
    }

    private void setReplicas(int partition, int[] now) {
        if (replicas[partition].length > 0) {
            leaders[replicas[partition][0]]--;
        }
        replicas[partition] = now;
        if (now.length > 0) {
            leaders[now[0]]++;
        }
    }

    /** To the front, and so the preferred leader. */
    void prefer(int partition, int broker) {
        var rest = Arrays.stream(replicas[partition]).filter(b -> b != broker);
        setReplicas(partition, IntStream.concat(IntStream.of(broker), rest).toArray());
    }

    /** Whether the broker that is first in Kafka may not hold replicas any more. */
    boolean lostItsFirst(int partition) {
        var first = before.get(partition).replicas();
        return !first.isEmpty() && replicas[partition].length > 0 && ids[replicas[partition][0]] != first.getFirst();
    }

    String topic(int partition) {
        return topics.get(partition);
    }

    int copies(int partition) {
        int copies = 0;
        for (int b : replicas[partition]) {
            copies += before.get(partition).replicas().contains(ids[b]) ? 0 : 1;
        }
        return copies;
    }

    List<Move> moves() {
        var moves = new ArrayList<Move>();
        for (int p = 0; p < replicas.length; p++) {
            var to = Arrays.stream(replicas[p]).map(b -> ids[b]).boxed().toList();
            if (!to.equals(before.get(p).replicas())) {
                moves.add(new Move(
                        topics.get(p), before.get(p).id(), before.get(p).replicas(), to));
            }
        }
        return List.copyOf(moves);
    }

    Map<String, int[]> countsByTopic() {
        var counts = new HashMap<String, int[]>();
        for (int p = 0; p < replicas.length; p++) {
            if (wanted[p] > kept[p]) {
                counts.computeIfAbsent(topics.get(p), name -> new int[ids.length]);
            }
        }
        for (int p = 0; p < replicas.length; p++) {
            var ofTopic = counts.get(topics.get(p));
            for (int b : ofTopic == null ? new int[0] : replicas[p]) {
                ofTopic[b]++;
            }
        }
        return counts;
    }
}
