package dev.castellan.operator.placement;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/**
 * Few sets of brokers that may be down together, and every broker in one of them: Brélaz's colouring by saturation, which
 * takes first whoever has the fewest sets left to go to. Deterministic; not always the fewest sets, which nobody can
 * compute, but close in practice.
 */
final class Dsatur {
    private static final int NONE = -1;

    private final Conflicts conflicts;
    private final int largest;
    private final int[] colour;
    private final List<BitSet> forbidden = new ArrayList<>();
    private final List<BitSet> sets = new ArrayList<>();
    private final BitSet left;

    private Dsatur(Conflicts conflicts, BitSet brokers, int largest) {
        this.conflicts = conflicts;
        this.largest = largest;
        this.left = (BitSet) brokers.clone();
        this.colour = new int[conflicts.ids.size()];
        Arrays.fill(colour, NONE);
        conflicts.ids.forEach(id -> forbidden.add(new BitSet()));
    }

    /** @param largest size of a set */
    static List<BitSet> sets(Conflicts conflicts, BitSet brokers, int largest) {
        var search = new Dsatur(conflicts, brokers, largest);
        while (!search.left.isEmpty()) {
            search.place(search.mostConstrained());
        }
        return search.sets;
    }

    private int mostConstrained() {
        int best = NONE;
        for (int broker = left.nextSetBit(0); broker >= 0; broker = left.nextSetBit(broker + 1)) {
            if (best == NONE || rank(broker) > rank(best)) {
                best = broker;
            }
        }
        return best;
    }

    /** Saturation first, then degree. */
    private long rank(int broker) {
        return ((long) forbidden.get(broker).cardinality() << 32)
                + conflicts.pairs.get(broker).cardinality()
                + conflicts.crowds.get(broker).size();
    }

    private void place(int broker) {
        int set = forbidden.get(broker).nextClearBit(0);
        if (set == sets.size()) {
            sets.add(new BitSet());
        }
        sets.get(set).set(broker);
        colour[broker] = set;
        left.clear(broker);
        conflicts.pairs.get(broker).stream()
                .forEach(other -> forbidden.get(other).set(set));
        conflicts.crowds.get(broker).forEach(crowd -> closeIfFull(crowd, set));
        if (sets.get(set).cardinality() >= largest) {
            left.stream().forEach(other -> forbidden.get(other).set(set));
        }
    }

    private void closeIfFull(Conflicts.Crowd crowd, int set) {
        long there =
                crowd.members().stream().filter(member -> colour[member] == set).count();
        if (there >= crowd.spare()) {
            crowd.members().forEach(member -> forbidden.get(member).set(set));
        }
    }
}
