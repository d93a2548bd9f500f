package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.ListenerSpec;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Ports;
import dev.castellan.operator.kube.Labels;
import dev.castellan.operator.kube.Names;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerBuilder;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.ContainerPortBuilder;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.EnvVarBuilder;
import java.util.ArrayList;
import java.util.List;

/** The only container of a node: one JVM, in which the launcher runs Kafka. */
final class NodeContainer {
    /** Read by the java command itself: there is no shell that would put a command line together. */
    static final String JVM_OPTIONS = "JDK_JAVA_OPTIONS";

    private NodeContainer() {}

    static Container of(ClusterSpec spec, NodeSet set, Installation installation) {
        return new ContainerBuilder()
                .withName(Names.CONTAINER)
                .withImage(installation.image(spec))
                .withImagePullPolicy(installation.imagePullPolicy())
                .withEnv(env(set))
                .withPorts(ports(spec, set))
                .withResources(set.resources())
                .withVolumeMounts(NodeVolumes.mounts(set))
                .withStartupProbe(Probes.startup())
                .withReadinessProbe(Probes.readiness())
                .withLivenessProbe(Probes.liveness())
                .withSecurityContext(SecurityContexts.container())
                .withTerminationMessagePath("/dev/termination-log")
                .withTerminationMessagePolicy("FallbackToLogsOnError")
                .build();
    }

    private static List<EnvVar> env(NodeSet set) {
        var env = new ArrayList<EnvVar>();
        env.add(fromField("POD_NAME", "metadata.name"));
        env.add(fromField("POD_NAMESPACE", "metadata.namespace"));
        env.add(fromField("NODE_ID", "metadata.labels['" + Labels.POD_INDEX + "']"));
        env.add(fromField("HOST_IP", "status.hostIP"));
        env.add(new EnvVarBuilder()
                .withName(JVM_OPTIONS)
                .withValue(JvmOptions.of(set.jvm(), set.resources()))
                .build());
        env.addAll(set.template().env());
        return env;
    }

    private static EnvVar fromField(String name, String path) {
        return new EnvVarBuilder()
                .withName(name)
                .withNewValueFrom()
                .withNewFieldRef()
                .withApiVersion("v1")
                .withFieldPath(path)
                .endFieldRef()
                .endValueFrom()
                .build();
    }

    private static List<ContainerPort> ports(ClusterSpec spec, NodeSet set) {
        var ports = new ArrayList<ContainerPort>();
        ports.add(port("agent", Ports.AGENT));
        ports.add(port("controller", Ports.CONTROLLER));
        if (set.isBroker()) {
            ports.add(port("peer", Ports.PEER));
            for (ListenerSpec listener : spec.listeners()) {
                ports.add(port(listener.name(), listener.port()));
            }
        }
        return ports;
    }

    private static ContainerPort port(String name, int port) {
        return new ContainerPortBuilder()
                .withName(name)
                .withContainerPort(port)
                .withProtocol("TCP")
                .build();
    }
}
