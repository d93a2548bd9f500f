package dev.castellan.api.v1beta1;

/**
 * Parts of rules that several types share. What is absent is written as has(x) ? x : default, not as x.orValue(default):
 * the API server bounds the cost of a rule before it takes it, and only of the former does it know the size.
 */
final class Rules {
    static final String ZONES = "(has(self.zones) ? self.zones : [])";

    /** Of the whole spec. */
    static final String CONTROLLER_ZONES = "(has(self.controllers.zones) ? self.controllers.zones"
            + " : has(self.brokers.zones) ? self.brokers.zones : [])";

    static final String OLD_CONTROLLER_ZONES = "(has(oldSelf.controllers.zones) ? oldSelf.controllers.zones"
            + " : has(oldSelf.brokers.zones) ? oldSelf.brokers.zones : [])";

    static final String SIZE = "(has(self.storage) && has(self.storage.size) ? self.storage.size : '10Gi')";
    static final String OLD_SIZE =
            "(has(oldSelf.storage) && has(oldSelf.storage.size) ? oldSelf.storage.size : '10Gi')";

    static final String CLASS =
            "(has(self.storage) && has(self.storage.storageClass) ? self.storage.storageClass : '')";
    static final String OLD_CLASS =
            "(has(oldSelf.storage) && has(oldSelf.storage.storageClass) ? oldSelf.storage.storageClass : '')";

    static final String EPHEMERAL = "(has(self.storage) && has(self.storage.ephemeral) && self.storage.ephemeral)";
    static final String OLD_EPHEMERAL =
            "(has(oldSelf.storage) && has(oldSelf.storage.ephemeral) && oldSelf.storage.ephemeral)";

    /** Of the whole spec: brokers of any pool. */
    static final String EPHEMERAL_BROKERS =
            "(has(self.brokers.storage) && has(self.brokers.storage.ephemeral) && self.brokers.storage.ephemeral)"
                    + " || (has(self.brokers.pools) && self.brokers.pools.exists(p,"
                    + " has(p.storage) && has(p.storage.ephemeral) && p.storage.ephemeral))";

    /** Of the whole spec. */
    static final String EPHEMERAL_CONTROLLERS = "(has(self.controllers) && has(self.controllers.storage)"
            + " && has(self.controllers.storage.ephemeral) && self.controllers.storage.ephemeral)";

    static final String JBOD = "(has(self.storage) && has(self.storage.volumes))";
    static final String OLD_JBOD = "(has(oldSelf.storage) && has(oldSelf.storage.volumes))";

    /** Of controllers. */
    static final String CONTROLLERS = "(has(self.replicas) ? self.replicas : 3)";

    /** Of the whole KafkaTopic: the topic's name in Kafka. */
    static final String TOPIC = "(has(self.spec.topicName) ? self.spec.topicName : self.metadata.name)";

    static final String OLD_TOPIC = "(has(oldSelf.spec.topicName) ? oldSelf.spec.topicName : oldSelf.metadata.name)";

    private Rules() {}
}
