package dev.castellan.operator.cluster.observe;

/**
 * A broker that was asked to take no new replicas, or to take them again.
 *
 * @param closed it is to take none
 */
public record AskedCordon(int broker, boolean closed) {}
