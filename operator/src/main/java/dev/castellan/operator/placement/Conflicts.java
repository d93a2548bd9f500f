package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.TopicPartitions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which brokers must not be down together, by the replicas as they lie, in sync now or not: pairs, and crowds of which some
 * may go but not more. Brokers are indices into the list of ids.
 */
final class Conflicts {
    final List<Integer> ids;

    /** By broker: those that must not be down with it. */
    final List<BitSet> pairs = new ArrayList<>();

    /** By broker: the crowds that it is part of. */
    final List<List<Crowd>> crowds = new ArrayList<>();

    /** Brokers of which at most so many may be down together, two or more. */
    record Crowd(List<Integer> members, int spare) {}

    private Conflicts(List<Integer> ids) {
        this.ids = ids;
        ids.forEach(id -> {
            pairs.add(new BitSet());
            crowds.add(new ArrayList<>());
        });
    }

    /** @param voters of the quorum: two of them never go together */
    static Conflicts of(List<Integer> ids, Set<Integer> voters, List<TopicPartitions> topics) {
        var conflicts = new Conflicts(ids);
        var index = new HashMap<Integer, Integer>();
        ids.forEach(id -> index.put(id, index.size()));
        conflicts.addPairs(indices(index, voters));
        var found = new HashMap<List<Integer>, Integer>();
        for (var topic : topics) {
            for (var partition : topic.partitions()) {
                var members = indices(index, partition.replicas());
                conflicts.add(members, Spare.inHealth(topic, members.size()), found);
            }
        }
        found.forEach(conflicts::addCrowd);
        return conflicts;
    }

    private static List<Integer> indices(Map<Integer, Integer> index, Iterable<Integer> ids) {
        var indices = new ArrayList<Integer>();
        ids.forEach(id -> {
            if (index.containsKey(id)) {
                indices.add(index.get(id));
            }
        });
        indices.sort(null);
        return indices;
    }

    private void add(List<Integer> members, int spare, Map<List<Integer>, Integer> found) {
        if (spare == 1) {
            addPairs(members);
        } else if (members.size() > spare) {
            found.merge(members, spare, Math::min);
        }
    }

    private void addPairs(List<Integer> members) {
        for (int one : members) {
            for (int other : members) {
                if (one != other) {
                    pairs.get(one).set(other);
                }
            }
        }
    }

    private void addCrowd(List<Integer> members, int spare) {
        var crowd = new Crowd(members, spare);
        members.forEach(member -> crowds.get(member).add(crowd));
    }

    /** Whether all of these may be down together. */
    boolean allow(BitSet together) {
        return together.stream()
                .allMatch(broker -> !pairs.get(broker).intersects(together)
                        && crowds.get(broker).stream()
                                .allMatch(crowd -> crowd.members().stream()
                                                .filter(together::get)
                                                .count()
                                        <= crowd.spare()));
    }
}
