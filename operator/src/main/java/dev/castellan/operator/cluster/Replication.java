package dev.castellan.operator.cluster;

/** How many copies of data a cluster of so many brokers can hold, and how many of them must acknowledge. */
public record Replication(int factor, int minInSync) {
    private static final int FULL = 3;

    public static Replication of(int brokers) {
        int factor = Math.max(1, Math.min(FULL, brokers));
        // With two copies a minimum of two would stop all writers at each restart of a broker.
        return new Replication(factor, factor == FULL ? 2 : 1);
    }
}
