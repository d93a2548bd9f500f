package dev.castellan.api.v1beta1;

/** A named group of brokers; what it leaves unset it takes from the default pool. */
public class BrokerPool extends NodeTemplate {
    /** Name of the pool, part of its pods' names; `brokers` and `controllers` are taken. */
    public String name;

    public Integer replicas;
}
