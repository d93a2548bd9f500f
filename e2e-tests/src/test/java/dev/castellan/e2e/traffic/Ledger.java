package dev.castellan.e2e.traffic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * Remembers every record that a producer was promised and every record that a consumer saw, and tells where they differ.
 * A record is a partition and its sequence number in it.
 */
final class Ledger extends Findings {
    private final Map<Integer, Page> pages = new HashMap<>();
    private long acknowledged;
    private long read;

    /** The broker promised to keep this record, at this offset. */
    synchronized void acknowledged(int partition, long sequence, long offset) {
        var page = page(partition);
        var before = page.promised.floorEntry(sequence - 1);
        if (before != null && before.getValue() >= offset) {
            problem(
                    "partition %d: record %d was acknowledged at offset %d, but record %d before it at %d",
                    partition, sequence, offset, before.getKey(), before.getValue());
        }
        page.promised.put(sequence, offset);
        acknowledged++;
        notifyAll();
    }

    /** A consumer saw this record; it may see one again, as consumers do after a rebalance, but only at the same offset. */
    synchronized void read(int partition, long sequence, long offset) {
        var page = page(partition);
        var seen = page.seen.get(offset);
        if (seen != null) {
            if (seen != sequence) {
                problem("partition %d: offset %d held record %d, now it holds %d", partition, offset, seen, sequence);
            }
            return;
        }
        var before = page.seen.lowerEntry(offset);
        var after = page.seen.higherEntry(offset);
        var promised = page.promised.get(sequence);
        if (before != null && before.getValue() == sequence || after != null && after.getValue() == sequence) {
            problem("partition %d: record %d is there twice, again at offset %d", partition, sequence, offset);
        } else if (before != null && before.getValue() > sequence || after != null && after.getValue() < sequence) {
            problem("partition %d: record %d at offset %d is out of order", partition, sequence, offset);
        } else if (promised != null && promised != offset) {
            problem(
                    "partition %d: record %d was acknowledged at offset %d but read at %d",
                    partition, sequence, promised, offset);
        }
        page.seen.put(offset, sequence);
        read++;
        notifyAll();
    }

    /** The last offset promised of each partition: a consumer that has passed them has had the chance to see everything. */
    synchronized Map<Integer, Long> promisedOffsets() {
        var ends = new HashMap<Integer, Long>();
        pages.forEach((partition, page) -> {
            if (!page.promised.isEmpty()) {
                ends.put(partition, page.promised.lastEntry().getValue());
            }
        });
        return ends;
    }

    synchronized boolean hasReadUpTo(Map<Integer, Long> offsets) {
        return offsets.entrySet().stream().allMatch(end -> {
            var seen = page(end.getKey()).seen;
            return !seen.isEmpty() && seen.lastKey() >= end.getValue();
        });
    }

    /** What is wrong, with the promised records up to these offsets that nobody has read counted as lost. */
    synchronized List<String> problemsUpTo(Map<Integer, Long> offsets) {
        var all = new ArrayList<>(problems());
        offsets.forEach((partition, end) -> {
            var page = page(partition);
            var lost = page.promised.entrySet().stream()
                    .filter(record -> record.getValue() <= end && !page.seen.containsKey(record.getValue()))
                    .toList();
            if (!lost.isEmpty()) {
                all.add("partition %d: %d acknowledged records LOST, the first is record %d at offset %d"
                        .formatted(
                                partition,
                                lost.size(),
                                lost.getFirst().getKey(),
                                lost.getFirst().getValue()));
            }
        });
        return all;
    }

    /** The same promises, and nothing read yet: for a second reading of everything. */
    synchronized Ledger unread() {
        var other = new Ledger();
        pages.forEach((partition, page) -> other.page(partition).promised.putAll(page.promised));
        return other;
    }

    synchronized long acknowledged() {
        return acknowledged;
    }

    synchronized int acknowledgedIn(int partition) {
        return page(partition).promised.size();
    }

    synchronized long read() {
        return read;
    }

    private Page page(int partition) {
        return pages.computeIfAbsent(partition, p -> new Page());
    }

    private static final class Page {
        final NavigableMap<Long, Long> promised = new TreeMap<>(); // sequence → offset
        final NavigableMap<Long, Long> seen = new TreeMap<>(); // offset → sequence
    }
}
