package dev.castellan.api.v1beta1;

import java.util.List;

/** The brokers: one unnamed pool, and further named ones that override what they declare. */
public class Brokers extends NodeTemplate {
    /** Number of brokers in the default pool. The scale subresource's path. Default 3. */
    public Integer replicas;

    /** Further groups of brokers; what one leaves unset it takes from brokers. */
    public List<BrokerPool> pools;
}
