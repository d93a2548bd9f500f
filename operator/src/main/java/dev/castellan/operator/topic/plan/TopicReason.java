package dev.castellan.operator.topic.plan;

/** Reasons of a KafkaTopic's conditions. Public API: documented, and never renamed. */
public enum TopicReason {
    /** The topic is in Kafka as declared. */
    InSync,
    /** The topic is served, and declared properties that others have changed are left. */
    Drifted,
    /** The topic is only looked at. */
    Observed,
    /** The topic is about to be created. */
    Creating,
    /** Changes are on their way through Kafka. */
    Applying,
    /** Replicas are being added or taken away. */
    Reassigning,
    /** The KafkaCluster is not there, not ready, or does not answer. */
    WaitingForCluster,
    /** The topic that is only looked at does not exist. */
    NotFound,
    /** The topic cannot be deleted yet. */
    Deleting,
    /** The spec contradicts itself or the schema. */
    InvalidSpec,
    /** The name is one of Kafka's own topics. */
    InternalTopic,
    /** The cluster's owner does not take topics of this namespace, or of this name from it. */
    NotAllowed,
    /** The cluster's policy for topics forbids what is declared. */
    PolicyViolated,
    /** Another KafkaTopic, an older one, owns the topic. */
    ClaimedByAnother,
    /** The topic exists already, and spec.adoption says that it is not to be taken over. */
    AlreadyExists,
    /** The topic was deleted, or deleted and made anew, by somebody else. */
    TopicLost,
    /** The topic has more partitions than declared. */
    PartitionsDiffer,
    /** The topic has another replication factor than declared, and cannot have the declared one. */
    ReplicationFactorDiffers,
    /** Kafka refuses; the message is its own. */
    KafkaRefused
}
