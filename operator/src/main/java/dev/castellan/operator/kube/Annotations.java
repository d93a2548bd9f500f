package dev.castellan.operator.kube;

/** Every annotation that the operator sets or reads. */
public final class Annotations {
    /** On a KafkaCluster, by the user: "true" stops all acts of the operator. */
    public static final String PAUSE = Labels.PREFIX + "pause";

    /** On StatefulSets and claims: Kafka's id of the cluster. Evidence, should the identity be lost. */
    public static final String CLUSTER_ID = Labels.PREFIX + "cluster-id";

    /** On StatefulSets and claims: the founders of the quorum. Evidence, should the identity be lost. */
    public static final String CONTROLLERS = Labels.PREFIX + "controllers";

    /** On StatefulSets and claims: "true" once a quorum was seen. Evidence, should the identity be lost. */
    public static final String FORMED = Labels.PREFIX + "formed";

    /**
     * On the identity's ConfigMap and on claims: the newest metadata.version that Kafka begins with, was seen at or is told to
     * take. Versions of Kafka that do not read it are never started.
     */
    public static final String METADATA_VERSION = Labels.PREFIX + "metadata-version";

    /** On pods and pod templates: the revision that they were made from, as JSON, for naming what differs. */
    public static final String POD_SPEC = Labels.PREFIX + "pod-spec";

    /** On StatefulSets: hash of what the user declared of them, without their size. */
    public static final String SPEC_HASH = Labels.PREFIX + "spec-hash";

    /** On StatefulSets: the Kafka properties that the operator may have set while Kafka runs, separated by commas. */
    public static final String DYNAMIC_CONFIG = Labels.PREFIX + "dynamic-config";

    /** On StatefulSets: when it was last touched, only so that its controller looks at it. */
    public static final String WOKEN = Labels.PREFIX + "woken";

    /**
     * On StatefulSets, while no node has been well with what they say now: the spec's hash and the revision that the last of
     * them were well with, separated by a space; empty: there is none.
     */
    public static final String LAST_GOOD = Labels.PREFIX + "last-good";

    /** On StatefulSets: what failed with a node of theirs, so that it is not tried again. */
    public static final String FAILED_TRIAL = Labels.PREFIX + "failed-trial";

    /** On StatefulSets: when nodes that are to go were seen to hold nothing, after the generation, and how many nodes stay. */
    public static final String DRAINED = Labels.PREFIX + "drained";

    /** On StatefulSets: controllers that have gone, or are brokers only, and that Kafka may still know, separated by commas. */
    public static final String DEPARTED = Labels.PREFIX + "departed";

    /** On StatefulSets of brokers: those that were controllers too and are no more, separated by commas. */
    public static final String RELIEVED = Labels.PREFIX + "relieved";

    /**
     * On StatefulSets: nodes without their share of the replicas, since nodes have come or gone, separated by commas; or
     * "all", since their user has asked for it.
     */
    public static final String SHARELESS = Labels.PREFIX + "shareless";

    /** On StatefulSets of brokers: the last spec.rebalance.request that has been heard. */
    public static final String REBALANCE_REQUEST = Labels.PREFIX + "rebalance-request";

    /** On StatefulSets of a cluster that hibernates: how many nodes it had, and is to have again. */
    public static final String STOPPED = Labels.PREFIX + "stopped";

    private Annotations() {}
}
