package dev.castellan.operator.kube;

import java.util.Optional;

/**
 * The names of all objects of a KafkaCluster. Every one fits the 63 characters of a label and of a DNS name, as long as
 * the cluster's, the pools', the zones' and the listeners' names fit the CRD's limits.
 */
public final class Names {
    /** The only container of a node's pod. */
    public static final String CONTAINER = "kafka";

    /** What names of records of StatefulSets that are being replaced end in. */
    public static final String SUCCESSOR = "-successor";

    private Names() {}

    public static String statefulSet(String cluster, String pool, Optional<String> zone) {
        return cluster + "-" + pool + zone.map(z -> "-" + z).orElse("");
    }

    public static String pod(String statefulSet, int nodeId) {
        return statefulSet + "-" + nodeId;
    }

    /** Of a node, which its name ends in. */
    public static int nodeId(String pod) {
        return Integer.parseInt(pod.substring(pod.lastIndexOf('-') + 1));
    }

    /** The claim that the StatefulSet controller makes for a volume of a pod. */
    public static String claim(String volume, String pod) {
        return volume + "-" + pod;
    }

    public static String identity(String cluster) {
        return cluster + "-identity";
    }

    /** Versioned by content, so that a pod never sees a configuration that was not meant for it. */
    public static String nodeConfig(String statefulSet, String contentHash) {
        return statefulSet + "-" + contentHash;
    }

    public static String successor(String statefulSet) {
        return statefulSet + SUCCESSOR;
    }

    /** The headless Service, which resolves to all nodes. */
    public static String nodes(String cluster) {
        return cluster + "-nodes";
    }

    /** The Service of one node, which keeps its address as pods come and go. */
    public static String node(String pod) {
        return pod;
    }

    public static String bootstrap(String cluster) {
        return cluster + "-bootstrap";
    }

    public static String listenerBootstrap(String cluster, String listener) {
        return cluster + "-" + listener + "-bootstrap";
    }

    /** Not as {@link #node} would be called of a pool that has the listener's name. */
    public static String listenerBroker(String cluster, String listener, int nodeId) {
        return cluster + "-" + nodeId + "-" + listener;
    }

    public static String serviceAccount(String cluster) {
        return cluster;
    }

    public static String networkPolicy(String cluster) {
        return cluster;
    }

    public static String brokersBudget(String cluster) {
        return cluster;
    }

    public static String controllersBudget(String cluster) {
        return cluster + "-controllers";
    }

    /** Without the Kubernetes cluster's own DNS domain, which an operator need not know. */
    public static String serviceHost(String service, String namespace) {
        return service + "." + serviceDomain(namespace);
    }

    /** What the host names of all Services end in. */
    public static String serviceDomain(String namespace) {
        return namespace + ".svc";
    }

    public static String nodeHost(String pod, String namespace) {
        return serviceHost(node(pod), namespace);
    }
}
