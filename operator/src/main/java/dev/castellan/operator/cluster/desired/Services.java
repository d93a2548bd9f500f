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
import io.fabric8.kubernetes.api.model.ServicePort;
import io.fabric8.kubernetes.api.model.ServiceSpec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;

/** The Services of a cluster: names for its nodes, and the ways in for clients. */
final class Services {
    private Services() {}

    static List<Service> of(ClusterSpec spec, Layout layout) {
        var services = new ArrayList<Service>();
        var ports = ports(spec);
        services.add(nodes(spec, ports));
        forEachNode(layout.sets(), (set, id) -> services.add(node(spec, set, id, ports)));
        var internal = spec.listeners().stream()
                .filter(ListenerSpec.Internal.class::isInstance)
                .toList();
        if (!internal.isEmpty()) {
            services.add(bootstrap(spec, internal));
        }
        var brokers = layout.sets().stream().filter(NodeSet::isBroker).toList();
        for (ListenerSpec listener : spec.listeners()) {
            if (listener instanceof ListenerSpec.NodePort nodePort) {
                services.add(bootstrap(spec, nodePort));
                forEachNode(brokers, (set, id) -> services.add(broker(spec, nodePort, set, id)));
            }
        }
        return services;
    }

    private static void forEachNode(List<NodeSet> sets, BiConsumer<NodeSet, Integer> action) {
        sets.forEach(set -> set.nodeIds().forEach(id -> action.accept(set, id)));
    }

    /** One name for whoever wants any of them, ready or not. */
    private static Service nodes(ClusterSpec spec, List<ServicePort> ports) {
        var nodes = clusterIp(spec, Names.nodes(spec.name()), Labels.pods(spec.name()), ports);
        nodes.getSpec().setClusterIP("None");
        nodes.getSpec().setPublishNotReadyAddresses(true);
        return nodes;
    }

    /**
     * Where a node is found by the others and by clients: an address that stays, for what is remembered of a pod's own (by
     * DNS for up to half a minute) leads nowhere once the pod is replaced; here, whoever comes meanwhile is refused at
     * once. Ready or not: nodes must find each other before any can be ready, and whether a broker serves a partition is
     * for Kafka to say.
     */
    private static Service node(ClusterSpec spec, NodeSet set, int nodeId, List<ServicePort> ports) {
        var node = clusterIp(spec, Names.node(set.podName(nodeId)), pod(spec, set, nodeId), ports);
        node.getSpec().setPublishNotReadyAddresses(true);
        return node;
    }

    private static List<ServicePort> ports(ClusterSpec spec) {
        var ports = new ArrayList<ServicePort>();
        ports.add(port("agent", Ports.AGENT));
        ports.add(port("controller", Ports.CONTROLLER));
        ports.add(port("peer", Ports.PEER));
        spec.listeners().forEach(listener -> ports.add(port(listener.name(), listener.port())));
        return ports;
    }

    private static Map<String, String> pod(ClusterSpec spec, NodeSet set, int nodeId) {
        return Map.of(Labels.CLUSTER, spec.name(), Labels.POD_NAME, set.podName(nodeId));
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
                pod(spec, set, nodeId),
                nodePort(listener, listener.nodePortOf(nodeId)),
                true);
    }

    private static Service clusterIp(
            ClusterSpec spec, String name, Map<String, String> selector, List<ServicePort> ports) {
        return service(spec, name, "ClusterIP", selector, ports);
    }

    /** No builder, which copies what it is given: there is one of these for each node. */
    private static Service service(
            ClusterSpec spec, String name, String type, Map<String, String> selector, List<ServicePort> ports) {
        var service = new Service();
        service.setMetadata(Metadata.of(spec, name));
        service.setSpec(new ServiceSpec());
        service.getSpec().setType(type);
        service.getSpec().setSelector(selector);
        service.getSpec().setPorts(ports);
        return service;
    }

    private static Service nodePort(
            ClusterSpec spec, String name, Map<String, String> selector, ServicePort port, boolean ifNotReady) {
        var service = service(spec, name, "NodePort", selector, List.of(port));
        // Any Kubernetes node's port leads to the broker, wherever it runs.
        service.getSpec().setExternalTrafficPolicy("Cluster");
        service.getSpec().setPublishNotReadyAddresses(ifNotReady ? true : null);
        return service;
    }

    private static ServicePort port(String name, int port) {
        var servicePort = new ServicePort();
        servicePort.setName(name);
        servicePort.setPort(port);
        servicePort.setTargetPort(new IntOrString(port));
        servicePort.setProtocol("TCP");
        return servicePort;
    }

    private static ServicePort nodePort(ListenerSpec.NodePort listener, int nodePort) {
        var port = port(listener.name(), listener.port());
        port.setNodePort(nodePort);
        return port;
    }
}
