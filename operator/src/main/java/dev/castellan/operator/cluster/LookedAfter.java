package dev.castellan.operator.cluster;

import dev.castellan.operator.kafka.ClusterKey;

/**
 * A KafkaCluster is about to be reconciled, by the replica of the operator that leads: fired each time, whatever comes of it, for
 * those who look after what belongs to a cluster even if nothing else ever wakes them.
 */
public record LookedAfter(ClusterKey cluster) {}
