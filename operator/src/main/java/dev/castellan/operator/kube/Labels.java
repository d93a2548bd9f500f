package dev.castellan.operator.kube;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** Every label that the operator sets or selects by. */
public final class Labels {
    public static final String NAME = "app.kubernetes.io/name";
    public static final String INSTANCE = "app.kubernetes.io/instance";
    public static final String MANAGED_BY = "app.kubernetes.io/managed-by";

    /** Prefix of the operator's own labels and annotations. */
    public static final String PREFIX = "castellan.dev/";

    /** On pods: the Kafka version that they run. */
    public static final String VERSION = "app.kubernetes.io/version";

    /** The KafkaCluster that an object belongs to. */
    public static final String CLUSTER = PREFIX + "cluster";

    public static final String POOL = PREFIX + "pool";
    public static final String ZONE = PREFIX + "zone";

    /** The StatefulSet of a pod or a claim: what its selector goes by. */
    public static final String SET = PREFIX + "set";

    /** On broker pods, which may be controllers too. */
    public static final String BROKER = PREFIX + "broker";

    /** On dedicated controllers. */
    public static final String CONTROLLER = PREFIX + "controller";

    /** On claims: start of the node ids of their set, which a set made again takes over. */
    public static final String FIRST_NODE_ID = PREFIX + "first-node-id";

    /** Kubernetes' own label of a node's zone. */
    public static final String TOPOLOGY_ZONE = "topology.kubernetes.io/zone";

    /** Kubernetes' own label of a node's name. */
    public static final String TOPOLOGY_HOST = "kubernetes.io/hostname";

    /** Kubernetes' own label of a StatefulSet's pod: its name. */
    public static final String POD_NAME = "statefulset.kubernetes.io/pod-name";

    /** Kubernetes' own label of a StatefulSet's pod: its ordinal, which is the node id. */
    public static final String POD_INDEX = "apps.kubernetes.io/pod-index";

    /** Kubernetes' own label of a namespace: its name. */
    public static final String NAMESPACE_NAME = "kubernetes.io/metadata.name";

    /** What managed-by says of our objects. */
    public static final String CASTELLAN = "castellan";

    public static final String TRUE = "true";

    private Labels() {}

    /** The labels that all objects of a cluster carry. */
    public static SortedMap<String, String> of(String cluster) {
        var labels = new TreeMap<String, String>();
        labels.put(NAME, "kafka");
        labels.put(INSTANCE, cluster);
        labels.put(MANAGED_BY, CASTELLAN);
        labels.put(CLUSTER, cluster);
        return labels;
    }

    /** Selects all pods of a cluster. */
    public static Map<String, String> pods(String cluster) {
        return Map.of(CLUSTER, cluster);
    }

    /** Selects the broker pods of a cluster. */
    public static Map<String, String> brokers(String cluster) {
        return Map.of(CLUSTER, cluster, BROKER, TRUE);
    }

    /** Selects the pods of a cluster's dedicated controllers. */
    public static Map<String, String> controllers(String cluster) {
        return Map.of(CLUSTER, cluster, CONTROLLER, TRUE);
    }

    /** Selects the pods of one StatefulSet. */
    public static Map<String, String> set(String cluster, String set) {
        return Map.of(CLUSTER, cluster, SET, set);
    }
}
