package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.NonDeletingOperation;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What one class of tests works in: a namespace, and the traffic through each of its Kafka clusters. */
public final class Scene {
    private final Suite suite;
    private final Suites suites;
    private final String namespace;
    private final Set<String> neighbours = new TreeSet<>();
    private final Map<String, Traffic> traffics = new LinkedHashMap<>();

    Scene(Suite suite, Suites suites, String namespace) {
        this.suite = suite;
        this.suites = suites;
        this.namespace = namespace;
    }

    public String namespace() {
        return namespace;
    }

    /** A second namespace, which goes with this one. */
    public String neighbour() {
        var name = namespace + "-neighbour";
        suite.client
                .resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(name)
                        .addToLabels("castellan.dev/e2e", "true")
                        .endMetadata()
                        .build())
                .createOr(NonDeletingOperation::update);
        neighbours.add(name);
        return name;
    }

    public KubernetesClient client() {
        return suite.client;
    }

    /** Of every Kubernetes that classes of this run have used. */
    public List<KubernetesClient> clientsOfAll() {
        return suites.clients();
    }

    /** The pod with Kafka clients, for what neither traffic nor a cluster has a question for. */
    public ClientPod clients() {
        return suite.clients;
    }

    public Operator operator() {
        return suite.operator;
    }

    /** Brings other versions of Kafka than the one under test to the nodes. */
    public void bring(String... kafkaVersions) {
        suite.kubernetes.load(Stream.of(kafkaVersions).map(Setting::kafkaImage).toList());
    }

    /** A KafkaCluster of this name, whether it is there yet or not. */
    public Kafka kafka(String name) {
        return new Kafka(suite.client, suite.clients, namespace, name);
    }

    /** The traffic through this cluster, from now on, to the end of the class; it is verified after each test. */
    public Traffic trafficThrough(Kafka kafka) {
        return traffics.computeIfAbsent(
                kafka.name(),
                name -> Traffic.start(suite.clients, namespace + "/" + name, kafka.bootstrap(), suite.totals));
    }

    /** The same over so many partitions, with records of so many bytes, of which there are a hundred a second. */
    public Traffic trafficThrough(Kafka kafka, int partitions, int size) {
        return traffics.computeIfAbsent(
                kafka.name(),
                name -> Traffic.start(
                        suite.clients, namespace + "/" + name, kafka.bootstrap(), suite.totals, partitions, size));
    }

    /** Transactions through this cluster, beside the traffic, and verified with it. */
    public Traffic transactionsThrough(Kafka kafka) {
        return traffics.computeIfAbsent(
                kafka.name() + " in transactions",
                name -> Traffic.startTransactions(
                        suite.clients, namespace + "/" + name, kafka.bootstrap(), suite.totals));
    }

    /** Node ports as programs on this machine reach them; empty if by the nodes' addresses. */
    public Optional<Outside> outside() {
        return suite.kubernetes.outside();
    }

    /** Kubernetes nodes that may be killed; none where they are somebody else's. */
    public List<String> mortalHosts() {
        return suite.kubernetes.mortalHosts();
    }

    /** Kubernetes nodes that may be given disks; none where they are somebody else's. */
    public List<String> ownHosts() {
        return suite.kubernetes.ownHosts();
    }

    /** A disk in a Kubernetes node, for local volumes. */
    public Disk disk(String host, String name) {
        return Disk.in(suite.kubernetes, host, name);
    }

    /** The same, of which the room can be made larger. */
    public Disk growingDisk(String host, String name, long bytes) {
        return Disk.growing(suite.kubernetes, host, name, bytes);
    }

    public void kill(String host) {
        suite.kubernetes.kill(host);
    }

    /** Ends when Kubernetes has seen it. */
    public void revive(String host) {
        suite.kubernetes.revive(host);
        awaitHost(host);
    }

    /** The process of a broker or controller is told to shut down, and Kubernetes is not. */
    public void endProcess(Pod pod) {
        signal(pod, "TERM");
    }

    /** It is there and does nothing, until it may go on. */
    public void holdProcess(Pod pod) {
        signal(pod, "STOP");
    }

    public void releaseProcess(Pod pod) {
        signal(pod, "CONT");
    }

    private void signal(Pod pod, String signal) {
        suite.kubernetes.run(
                pod.getSpec().getNodeName(), """
                for process in /proc/[0-9]*; do
                  if tr '\\0' '\\n' <$process/environ | grep -qx POD_NAME=%s; then kill -%s ${process#/proc/}; fi
                done 2>/dev/null
                """.formatted(pod.getMetadata().getName(), signal));
    }

    /** All that runs there runs on, and nothing reaches anybody else. */
    public void cutOff(String host) {
        suite.kubernetes.run(host, dropAll("-I"));
    }

    /** Ends when Kubernetes has heard of it. */
    public void reconnect(String host) {
        suite.kubernetes.run(host, dropAll("-D"));
        awaitHost(host);
    }

    private static String dropAll(String act) {
        return Stream.of("INPUT -i", "OUTPUT -o", "FORWARD -i", "FORWARD -o")
                .map(way -> "iptables " + act + " " + way + " eth0 -j DROP")
                .collect(Collectors.joining(" && "));
    }

    private void awaitHost(String host) {
        Await.until(
                suite.client.nodes().withName(host),
                "Kubernetes node " + host + " ready",
                Kafka.PATIENCE,
                Readiness::isNodeReady);
    }

    void verifyTraffic() {
        traffics.values().stream()
                .filter(traffic -> !traffic.isStopped() && !traffic.isPaused())
                .forEach(Traffic::checkpoint);
    }

    Path gatherEvidence(String test) {
        return Evidence.gather(suite.client, suite.clients, namespace, test);
    }

    void end() {
        traffics.values().forEach(Traffic::stop);
        suite.client.namespaces().withName(namespace).delete();
        neighbours.forEach(name -> suite.client.namespaces().withName(name).delete());
    }
}
