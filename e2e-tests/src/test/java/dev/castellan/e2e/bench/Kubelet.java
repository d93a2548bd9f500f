package dev.castellan.e2e.bench;

import com.fasterxml.jackson.databind.JsonNode;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.utils.Serialization;

/** What the kubelet measures of a pod, which is what `kubectl top` shows: the pod's cgroup. */
record Kubelet(KubernetesClient client) {
    private static final double MEGABYTE = 1e6;
    private static final double NANOS = 1e9;

    /**
     * @param workingSet all that is charged to the cgroup but what the kernel could drop at once, in MB
     * @param rss what is the process's own, not backed by a file, in MB
     */
    record Memory(double workingSet, double rss) {}

    Memory memory(Pod pod) {
        var memory = container(pod).get("memory");
        return new Memory(
                memory.get("workingSetBytes").asLong() / MEGABYTE,
                memory.get("rssBytes").asLong() / MEGABYTE);
    }

    /** Processor time of the pod's container so far, in seconds. */
    double cpu(Pod pod) {
        return container(pod).at("/cpu/usageCoreNanoSeconds").asLong() / NANOS;
    }

    private JsonNode container(Pod pod) {
        var summary = Serialization.unmarshal(
                client.raw("/api/v1/nodes/%s/proxy/stats/summary"
                        .formatted(pod.getSpec().getNodeName())),
                JsonNode.class);
        for (var stats : summary.get("pods")) {
            if (stats.at("/podRef/uid").asText().equals(pod.getMetadata().getUid())) {
                return stats.at("/containers/0");
            }
        }
        throw new IllegalStateException(
                "the kubelet does not know " + pod.getMetadata().getName());
    }
}
