package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.observe.Inventory;

/** From what the user declares and what stands, to what should stand. Pure, but for the ids of a new cluster. */
@FunctionalInterface
public interface Blueprint {
    Intent of(KafkaCluster cluster, Inventory inventory);
}
