package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.Layout;
import dev.castellan.operator.cluster.ListenerSpec;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Ports;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceBuilder;
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServicePortBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The Services of a cluster: names for its nodes, and the ways in for clients. */
final class Services {
    private Services() {}

    static List<Service> of(ClusterSpec spec, Layout layout) {
        var services = new ArrayList<Service>();
        services.add(nodes(spec));
        var internal = spec.listeners().stream()
                .filter(ListenerSpec.Internal.class::isInstance)
                .toList();
        if (!internal.isEmpty()) {
            services.add(bootstrap(spec, internal));
        }
        for (ListenerSpec listener : spec.listeners()) {
            if (listener instanceof ListenerSpec.NodePort nodePort) {
                services.add(bootstrap(spec, nodePort));
                layout.sets().stream()
                        .filter(NodeSet::isBroker)
                        .flatMap(set -> set.nodeIds().stream().map(id -> broker(spec, nodePort, set, id)))
                        .forEach(services::add);
            }
        }
        return services;
    }

    /** Gives each pod its DNS name, ready or not: nodes must find each other before any can be ready. */
    private static Service nodes(ClusterSpec spec) {
        var ports = new ArrayList<ServicePort>();
        ports.add(port("agent", Ports.AGENT));
        ports.add(port("controller", Ports.CONTROLLER));
        ports.add(port("peer", Ports.PEER));
        spec.listeners().forEach(listener -> ports.add(port(listener.name(), listener.port())));
        return new ServiceBuilder()
                .withMetadata(Metadata.of(spec, Names.nodes(spec.name())))
                .withNewSpec()
                .withType("ClusterIP")
                .withClusterIP("None")
                .withPublishNotReadyAddresses(true)
                .withSelector(Labels.pods(spec.name()))
                .withPorts(ports)
                .endSpec()
                .build();
    }

    private static Service bootstrap(ClusterSpec spec, List<ListenerSpec> listeners) {
        var ports = listeners.stream()
                .map(listener -> port(listener.name(), listener.port()))
                .toList();
        return clusterIp(spec, Names.bootstrap(spec.name()), Labels.brokers(spec.name()), ports);
    }

    private static Service bootstrap(ClusterSpec spec, ListenerSpec.NodePort listener) {
        return nodePort(
                spec,
                Names.listenerBootstrap(spec.name(), listener.name()),
                Labels.brokers(spec.name()),
                nodePort(listener, listener.nodePort()),
                false);
    }

    /** Ready or not: whether a broker serves a partition is for Kafka to say, which tells clients where to go. */
    private static Service broker(ClusterSpec spec, ListenerSpec.NodePort listener, NodeSet set, int nodeId) {
        return nodePort(
                spec,
                Names.listenerBroker(spec.name(), listener.name(), nodeId),
                Map.of(Labels.CLUSTER, spec.name(), Labels.POD_NAME, set.podName(nodeId)),
                nodePort(listener, listener.nodePortOf(nodeId)),
                true);
    }

    private static Service clusterIp(
            ClusterSpec spec, String name, Map<String, String> selector, List<ServicePort> ports) {
        return new ServiceBuilder()
                .withMetadata(Metadata.of(spec, name))
                .withNewSpec()
                .withType("ClusterIP")
                .withSelector(selector)
                .withPorts(ports)
                .endSpec()
                .build();
    }

    private static Service nodePort(
            ClusterSpec spec, String name, Map<String, String> selector, ServicePort port, boolean ifNotReady) {
        return new ServiceBuilder()
                .withMetadata(Metadata.of(spec, name))
                .withNewSpec()
                .withType("NodePort")
                // Any Kubernetes node's port leads to the broker, wherever it runs.
                .withExternalTrafficPolicy("Cluster")
                .withPublishNotReadyAddresses(ifNotReady ? true : null)
                .withSelector(selector)
                .withPorts(port)
                .endSpec()
                .build();
    }

    private static ServicePort port(String name, int port) {
        return new ServicePortBuilder()
                .withName(name)
                .withPort(port)
                .withTargetPort(new IntOrString(port))
                .withProtocol("TCP")
                .build();
    }

    private static ServicePort nodePort(ListenerSpec.NodePort listener, int nodePort) {
        return new ServicePortBuilder(port(listener.name(), listener.port()))
                .withNodePort(nodePort)
                .build();
    }
}
