package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaClusterStatus.ListenerStatus;
import dev.castellan.api.v1beta1.Listener;
import dev.castellan.operator.kube.Names;
import java.util.List;

/** Where clients connect. */
final class ListenerAddresses {
    private ListenerAddresses() {}

    static List<ListenerStatus> of(ClusterSpec spec) {
        return spec.listeners().stream()
                .map(listener -> address(spec, listener))
                .toList();
    }

    private static ListenerStatus address(ClusterSpec spec, ListenerSpec listener) {
        var status = new ListenerStatus();
        status.name = listener.name();
        switch (listener) {
            case ListenerSpec.Internal internal -> {
                status.type = Listener.Type.INTERNAL;
                status.bootstrap =
                        Names.serviceHost(Names.bootstrap(spec.name()), spec.namespace()) + ":" + internal.port();
            }
            case ListenerSpec.NodePort nodePort -> {
                status.type = Listener.Type.NODEPORT;
                status.bootstrap =
                        nodePort.host().orElse("<address of any Kubernetes node>") + ":" + nodePort.advertisedPort();
            }
        }
        return status;
    }
}
