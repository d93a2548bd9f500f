package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.TopicPartitions;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * The rounds of a roll: sets of brokers that may be down together so that every partition keeps min.insync.replicas. Pure;
 * the same placement gives the same sets, whichever of the brokers are restarted already, so that a roll needs no memory
 * and never more rounds than it began with.
 *
 * @param batches disjoint, every broker that the roll is about in one of them
 * @param strays partitions for whose sake there are more rounds than zones
 */
public record RollBatches(List<SortedSet<Integer>> batches, List<Stray> strays) {
    private static final int THIRD = 3;

    /** A partition that has more replicas in one zone than may be away at a time. */
    public record Stray(String topic, int partition, String zone, SortedSet<Integer> brokers) {
        @Override
        public String toString() {
            return "%s-%d (brokers %s in %s)"
                    .formatted(
                            topic,
                            partition,
                            brokers.stream().map(String::valueOf).collect(Collectors.joining(" and ")),
                            zone);
        }
    }

    /**
     * @param zones of all brokers by id, the empty name for none
     * @param concerned the brokers that the roll is about, restarted already or not
     * @param voters of the quorum
     * @param most brokers that may be down together; empty: what the others can carry
     */
    public static RollBatches of(
            SortedMap<Integer, String> zones,
            Set<Integer> concerned,
            Set<Integer> voters,
            OptionalInt most,
            List<TopicPartitions> topics) {
        var conflicts = Conflicts.of(List.copyOf(zones.keySet()), voters, topics);
        int largest = most.orElseGet(() -> affordable(zones));
        var racks = racks(zones);
        var sets = fewest(conflicts, racks.values(), largest);
        var batches = merged(conflicts, restricted(sets, conflicts, concerned), largest);
        boolean costRounds = racks.size() > 1 && batches.size() > racks.size();
        return new RollBatches(
                batches.stream().map(batch -> ids(conflicts, batch)).toList(),
                costRounds ? strays(zones, topics) : List.of());
    }

    /**
     * The others must carry the load of those that are down: a zone is what a cluster can do without, else a third; and
     * most brokers stay in service in any case.
     */
    private static int affordable(SortedMap<Integer, String> zones) {
        long largestZone =
                zones.values().stream()
                        .collect(Collectors.groupingBy(zone -> zone, Collectors.counting()))
                        .values()
                        .stream()
                        .max(Comparator.naturalOrder())
                        .orElse(0L);
        boolean hasZones = zones.values().stream().distinct().count() > 1;
        int third = (zones.size() + THIRD - 1) / THIRD;
        int wanted = hasZones ? Math.max(third, (int) largestZone) : third;
        return Math.max(1, Math.min(wanted, (zones.size() - 1) / 2));
    }

    private static Map<String, BitSet> racks(SortedMap<Integer, String> zones) {
        var racks = new TreeMap<String, BitSet>();
        int index = 0;
        for (var zone : zones.values()) {
            racks.computeIfAbsent(zone, name -> new BitSet()).set(index++);
        }
        return racks;
    }

    /** Rack by rack, or without regard to racks, whichever needs fewer. */
    private static List<BitSet> fewest(Conflicts conflicts, Iterable<BitSet> racks, int largest) {
        var byRack = new ArrayList<BitSet>();
        racks.forEach(rack -> byRack.addAll(Dsatur.sets(conflicts, rack, largest)));
        var together = merged(conflicts, byRack, largest);
        var all = new BitSet();
        all.set(0, conflicts.ids.size());
        var atLarge = Dsatur.sets(conflicts, all, largest);
        return together.size() <= atLarge.size() ? together : atLarge;
    }

    private static List<BitSet> restricted(List<BitSet> sets, Conflicts conflicts, Set<Integer> concerned) {
        var wanted = new BitSet();
        IntStream.range(0, conflicts.ids.size())
                .filter(index -> concerned.contains(conflicts.ids.get(index)))
                .forEach(wanted::set);
        return sets.stream()
                .map(set -> {
                    var rest = (BitSet) set.clone();
                    rest.and(wanted);
                    return rest;
                })
                .filter(set -> !set.isEmpty())
                .toList();
    }

    /** Each set takes in the later ones that may go with it; only whole sets, so that no round is left half done. */
    private static List<BitSet> merged(Conflicts conflicts, List<BitSet> sets, int largest) {
        var merged = new ArrayList<BitSet>();
        for (var set : sets) {
            var host = merged.stream()
                    .filter(candidate -> candidate.cardinality() + set.cardinality() <= largest)
                    .filter(candidate -> conflicts.allow(union(candidate, set)))
                    .findFirst();
            if (host.isPresent()) {
                host.get().or(set);
            } else {
                merged.add((BitSet) set.clone());
            }
        }
        return merged;
    }

    private static BitSet union(BitSet one, BitSet other) {
        var union = (BitSet) one.clone();
        union.or(other);
        return union;
    }

    private static SortedSet<Integer> ids(Conflicts conflicts, BitSet indices) {
        return indices.stream().mapToObj(conflicts.ids::get).collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<Stray> strays(SortedMap<Integer, String> zones, List<TopicPartitions> topics) {
        var strays = new ArrayList<Stray>();
        for (var topic : topics) {
            for (var partition : topic.partitions()) {
                var byZone = partition.replicas().stream()
                        .filter(zones::containsKey)
                        .collect(
                                Collectors.groupingBy(zones::get, TreeMap::new, Collectors.toCollection(TreeSet::new)));
                int members = byZone.values().stream().mapToInt(Set::size).sum();
                byZone.forEach((zone, brokers) -> {
                    if (brokers.size() > Spare.inHealth(topic, members)) {
                        strays.add(new Stray(topic.name(), partition.id(), zone, brokers));
                    }
                });
            }
        }
        return strays;
    }
}
