package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.ListenerSpec;
import dev.castellan.operator.cluster.Ports;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.LabelSelector;
import io.fabric8.kubernetes.api.model.LabelSelectorBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeer;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPeerBuilder;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPort;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicyPortBuilder;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Who may reach the nodes: what brokers and controllers say to each other is for them and the operator alone. */
final class NodesNetworkPolicy {
    private NodesNetworkPolicy() {}

    static NetworkPolicy of(ClusterSpec spec, Installation installation) {
        return new NetworkPolicyBuilder()
                .withMetadata(Metadata.of(spec, Names.networkPolicy(spec.name())))
                .withNewSpec()
                .withPodSelector(select(Labels.pods(spec.name())))
                .withPolicyTypes("Ingress")
                .addNewIngress()
                .withPorts(port(Ports.PEER), port(Ports.CONTROLLER))
                .withFrom(nodes(spec), operator(installation))
                .endIngress()
                .addNewIngress()
                .withPorts(openPorts(spec))
                .endIngress()
                .endSpec()
                .build();
    }

    /** For clients, and the agent's for probes and metrics. */
    private static List<NetworkPolicyPort> openPorts(ClusterSpec spec) {
        return Stream.concat(Stream.of(Ports.AGENT), spec.listeners().stream().map(ListenerSpec::port))
                .map(NodesNetworkPolicy::port)
                .toList();
    }

    private static NetworkPolicyPeer nodes(ClusterSpec spec) {
        return new NetworkPolicyPeerBuilder()
                .withPodSelector(select(Labels.pods(spec.name())))
                .build();
    }

    private static NetworkPolicyPeer operator(Installation installation) {
        var namespace = installation
                .operatorNamespace()
                .map(name -> select(Map.of(Labels.NAMESPACE_NAME, name)))
                .orElseGet(LabelSelector::new);
        return new NetworkPolicyPeerBuilder()
                .withNamespaceSelector(namespace)
                .withPodSelector(select(Map.of(Labels.NAME, Labels.CASTELLAN)))
                .build();
    }

    private static LabelSelector select(Map<String, String> labels) {
        return new LabelSelectorBuilder().withMatchLabels(labels).build();
    }

    private static NetworkPolicyPort port(int port) {
        return new NetworkPolicyPortBuilder()
                .withProtocol("TCP")
                .withPort(new IntOrString(port))
                .build();
    }
}
