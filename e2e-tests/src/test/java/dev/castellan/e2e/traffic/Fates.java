package dev.castellan.e2e.traffic;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Remembers how each transaction ended, as its producer was told, and where a reader of what is committed saw it. Each puts one
 * record into each partition, and they follow each other.
 */
final class Fates extends Findings {
    private final int partitions;
    private final BitSet committed = new BitSet();
    private final BitSet aborted = new BitSet();

    /** By partition: the transaction of the record at an offset. */
    private final List<NavigableMap<Long, Integer>> seen = new ArrayList<>();

    Fates(int partitions) {
        this.partitions = partitions;
        for (int partition = 0; partition < partitions; partition++) {
            seen.add(new TreeMap<>());
        }
    }

    synchronized void committed(int transaction) {
        committed.set(transaction);
        notifyAll();
    }

    synchronized void aborted(int transaction) {
        aborted.set(transaction);
        notifyAll();
    }

    /** The same offset may be read again. */
    synchronized void read(int partition, long offset, int transaction) {
        var page = seen.get(partition);
        var before = page.lowerEntry(offset);
        var there = page.put(offset, transaction);
        if (there != null && there != transaction) {
            problem(
                    "partition %d: offset %d was of transaction %d, now it is of %d",
                    partition, offset, there, transaction);
        } else if (before != null && before.getValue() >= transaction) {
            problem(
                    "partition %d: transaction %d at offset %d comes after %d: twice, or out of order",
                    partition, transaction, offset, before.getValue());
        }
        notifyAll();
    }

    synchronized int lastCommitted() {
        return committed.length() - 1;
    }

    synchronized int countCommitted() {
        return committed.cardinality();
    }

    synchronized boolean hasReadUpTo(int transaction) {
        return seen.stream()
                .allMatch(page -> !page.isEmpty() && page.lastEntry().getValue() >= transaction);
    }

    /** Of those up to this one: what is not there whole, or there though it was given up. Nobody knows of the others, but they are whole. */
    synchronized List<String> problemsUpTo(int last) {
        var all = new ArrayList<>(problems());
        var in = new int[last + 1];
        seen.forEach(page -> page.values().stream()
                .distinct()
                .filter(transaction -> transaction <= last)
                .forEach(transaction -> in[transaction]++));
        for (int transaction = 0; transaction <= last && all.size() < MOST_PROBLEMS; transaction++) {
            if (aborted.get(transaction) && in[transaction] > 0) {
                all.add("transaction %d was given up, and is read in %d partitions"
                        .formatted(transaction, in[transaction]));
            } else if (committed.get(transaction) && in[transaction] < partitions) {
                all.add("committed transaction %d is LOST in %d partitions of %d"
                        .formatted(transaction, partitions - in[transaction], partitions));
            } else if (in[transaction] > 0 && in[transaction] < partitions) {
                all.add("transaction %d, of which nobody knows how it ended, is read in %d partitions of %d"
                        .formatted(transaction, in[transaction], partitions));
            }
        }
        return all;
    }

    /** The same promises, and nothing read yet. */
    synchronized Fates unread() {
        var other = new Fates(partitions);
        other.committed.or(committed);
        other.aborted.or(aborted);
        return other;
    }
}
