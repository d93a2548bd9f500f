package dev.castellan.operator.cluster.report;

/** Reasons of conditions; public API, listed in the docs. Those of Stalled are Step.StallReason, those of Reconciling the kinds of Step. */
public enum Reason {
    /** Clients are served. */
    Serving,
    /** It has not served anybody yet. */
    Creating,
    /** It did serve, and does not any more. */
    NotServing,
    /** Brokers seem well, but do not answer the operator. */
    KafkaUnreachable,
    PartitionsOffline,
    PartitionsUnderMinIsr,
    DisksFailed,
    /** Their nodes are down, or do without them, until there is more room. */
    DisksFull,
    NodesDown,
    /** They do not answer, and may yet: nothing is done about it. */
    DisksHanging,
    PartitionsUnderReplicated,
    /** They would grow by themselves if they were allowed to be larger. */
    VolumesAlmostFull,
    /** Its nodes are being shut down, or are, as spec.hibernate says. */
    Hibernating,
    /** It has hibernated, and does not serve again yet. */
    Resuming,
    PausedByAnnotation,
    /** Kubernetes or the operator itself failed; it goes on trying. */
    ReconcileFailed
}
