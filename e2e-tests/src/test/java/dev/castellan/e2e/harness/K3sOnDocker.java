package dev.castellan.e2e.harness;

import com.github.dockerjava.api.model.Bind;
import com.github.dockerjava.api.model.Volume;
import io.fabric8.kubernetes.client.Config;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.Network;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.lifecycle.Startables;
import org.testcontainers.utility.DockerImageName;

/** Three nodes in the zones z1 to z3, as containers of this machine, with the images of this build. */
final class K3sOnDocker implements TestKubernetes {
    /** Tells the containers of this working copy from those of others that test on the same machine. */
    private static final String LABEL = "castellan.dev/e2e";

    /** Long, for a loaded machine, on which others are started beside this one. */
    private static final Duration PATIENCE = Duration.ofMinutes(5);

    /** The command itself is patient: it is asked without a pause. */
    private static final String UNTIL_IT_TAKES_IMAGES = "until ctr version; do sleep 1; done";

    private static final int FIRST_NODE_PORT = 30092;
    private static final int NODE_PORTS = 4;

    /** First ports of others of this run. */
    private static final Set<Integer> TAKEN = new HashSet<>();

    private final K3sContainer server;
    private final List<GenericContainer<?>> agents;
    private final Network network;
    private final Outside outside;

    private K3sOnDocker(Network network, K3sContainer server, List<GenericContainer<?>> agents, Outside outside) {
        this.network = network;
        this.server = server;
        this.agents = agents;
        this.outside = outside;
    }

    static K3sOnDocker start() {
        var images = CompletableFuture.supplyAsync(() -> save(List.of(Setting.operatorImage(), Setting.kafkaImage())));
        var image = nodeImage();
        var labels = Map.of(LABEL, label());
        var network = Network.builder()
                .createNetworkCmdModifier(command -> command.withLabels(labels))
                .build();
        var outside = new Outside("localhost", freePorts(), FIRST_NODE_PORT);

        var server = new K3sContainer(DockerImageName.parse(image).asCompatibleSubstituteFor("rancher/k3s"));
        server.withNetwork(network)
                .withNetworkAliases("e2e-1")
                .withLabels(labels)
                .withEnv("K3S_TOKEN", "e2e")
                .withCreateContainerCmdModifier(command -> command.withHostName("e2e-1"))
                .withCommand(
                        "server",
                        "--disable=traefik",
                        "--disable=servicelb",
                        "--disable=metrics-server",
                        "--tls-san=" + server.getHost(),
                        "--node-label=topology.kubernetes.io/zone=z1")
                .withStartupTimeout(PATIENCE);
        server.setPortBindings(IntStream.range(0, NODE_PORTS)
                .mapToObj(i -> "127.0.0.1:%d:%d".formatted(outside.port() + i, outside.nodePort() + i))
                .toList());
        var agents = Stream.of(2, 3)
                .<GenericContainer<?>>map(i -> agent(image, i, network, labels))
                .toList();

        var cluster = new K3sOnDocker(network, server, agents, outside);
        Startables.deepStart(Stream.concat(Stream.of(server), agents.stream())).join();
        cluster.importFrom(images.join());
        return cluster;
    }

    @Override
    public Config config() {
        return Config.fromKubeconfig(server.getKubeConfigYaml());
    }

    @Override
    public Optional<Outside> outside() {
        return Optional.of(outside);
    }

    @Override
    public List<String> mortalHosts() {
        return agents.stream().map(K3sOnDocker::hostname).toList();
    }

    @Override
    public Optional<String> safeHost() {
        return Optional.of(hostname(server));
    }

    @Override
    public void kill(String host) {
        var agent = agent(host);
        agent.getDockerClient().killContainerCmd(agent.getContainerId()).exec();
    }

    @Override
    public void revive(String host) {
        var agent = agent(host);
        agent.getDockerClient().startContainerCmd(agent.getContainerId()).exec();
    }

    @Override
    public List<String> ownHosts() {
        return nodes().map(K3sOnDocker::hostname).toList();
    }

    private Stream<GenericContainer<?>> nodes() {
        return Stream.concat(Stream.of(server), agents.stream());
    }

    @Override
    public void run(String host, String script) {
        var node = nodes().filter(found -> hostname(found).equals(host))
                .findFirst()
                .orElseThrow();
        Shell.run(Setting.ROOT, Duration.ofMinutes(1), "docker", "exec", node.getContainerId(), "sh", "-ec", script);
    }

    private GenericContainer<?> agent(String host) {
        return agents.stream()
                .filter(agent -> hostname(agent).equals(host))
                .findFirst()
                .orElseThrow();
    }

    private static String hostname(GenericContainer<?> node) {
        return node.getContainerInfo().getConfig().getHostName();
    }

    @Override
    public void close() {
        agents.forEach(GenericContainer::stop);
        server.stop();
        network.close();
    }

    private static GenericContainer<?> agent(String image, int number, Network network, Map<String, String> labels) {
        var agent = new GenericContainer<>(DockerImageName.parse(image));
        agent.withNetwork(network)
                .withLabels(labels)
                .withEnv("K3S_URL", "https://e2e-1:6443")
                .withEnv("K3S_TOKEN", "e2e")
                .withPrivilegedMode(true)
                .withTmpFs(Map.of("/run", "rw", "/var/run", "rw"))
                .withCreateContainerCmdModifier(command -> {
                    command.withHostName("e2e-" + number);
                    command.getHostConfig()
                            .withCgroupnsMode("host")
                            .withBinds(new Bind("/sys/fs/cgroup", new Volume("/sys/fs/cgroup")));
                })
                .withCommand("agent", "--node-label=topology.kubernetes.io/zone=z" + number)
                .waitingFor(Wait.forSuccessfulCommand(UNTIL_IT_TAKES_IMAGES).withStartupTimeout(PATIENCE));
        return agent;
    }

    private static String nodeImage() {
        return Setting.nodeImage()
                .orElseGet(() -> Shell.run(Setting.ROOT, Duration.ofMinutes(20), "e2e-tests/test-cluster/node-image"));
    }

    /** In the folder that the next run clears if this one is killed. */
    private static Path save(List<String> images) {
        try {
            var file = Files.createTempFile(Setting.OUTPUT, "images", ".tar");
            var command = Stream.concat(Stream.of("docker", "save", "-o", file.toString()), images.stream());
            Shell.run(Setting.ROOT, Duration.ofMinutes(2), command.toArray(String[]::new));
            return file;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (IllegalStateException e) {
            throw new IllegalStateException("the images under test are not built yet: run make images", e);
        }
    }

    @Override
    public void load(List<String> images) {
        importFrom(save(images));
    }

    private void importFrom(Path images) {
        var loads = Stream.concat(Stream.of(server), agents.stream())
                .map(node -> CompletableFuture.runAsync(() -> Shell.run(
                        Setting.ROOT,
                        Duration.ofMinutes(3),
                        "sh",
                        "-c",
                        "docker exec -i " + node.getContainerId() + " ctr images import - <" + images)))
                .toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(loads).join();
        } finally {
            delete(images);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Of a run that was killed. */
    static void clearLeftovers() {
        Shell.run(Setting.ROOT, Duration.ofMinutes(1), "sh", "-c", """
                docker ps -aq --filter label=%1$s=%2$s | xargs -r docker rm -fv
                docker network ls -q --filter label=%1$s=%2$s | xargs -r docker network rm
                """.formatted(LABEL, label()));
    }

    private static String label() {
        return Integer.toHexString(Setting.ROOT.toString().hashCode());
    }

    /**
     * The first of as many free ports in a row as node ports are published: brokers advertise neighbours. Nobody else gets
     * them, though they are not in use yet.
     */
    private static synchronized int freePorts() {
        return IntStream.concat(IntStream.of(9092), IntStream.iterate(19092, port -> port < 30000, port -> port + 10))
                .filter(first -> IntStream.range(first, first + NODE_PORTS).allMatch(K3sOnDocker::isFree))
                .filter(TAKEN::add)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException(
                        "no four free ports in a row, neither from 9092 on nor between 19092 and 30000"));
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
            return socket.isBound();
        } catch (IOException e) {
            return false;
        }
    }
}
