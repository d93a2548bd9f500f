package dev.castellan.operator.it;

import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.Config;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** A real API server with our CRDs, one for all tests of a run: that of IT_KUBECONFIG, or a single node in a container. */
public final class TestApiServer {
    /** Tells the container of this working copy from those of others that test on the same machine. */
    private static final String LABEL = "castellan.dev/it";

    private static TestApiServer started;

    private final Config config;

    private TestApiServer(Config config) {
        this.config = config;
    }

    public static synchronized TestApiServer get() {
        if (started == null) {
            started = new TestApiServer(existing() == null ? start() : existing());
            started.applyCrds();
        }
        return started;
    }

    /** As the operator's own is configured. */
    public KubernetesClient client() {
        config.setUserAgent("castellan/it");
        return new KubernetesClientBuilder().withConfig(config).build();
    }

    private static Config existing() {
        var kubeconfig = System.getenv("IT_KUBECONFIG");
        return kubeconfig == null ? null : Config.fromKubeconfig(new File(kubeconfig));
    }

    /** Ends with the JVM. */
    private static Config start() {
        var image = DockerImageName.parse(nodeImage()).asCompatibleSubstituteFor("rancher/k3s");
        var labels =
                Map.of(LABEL, Integer.toHexString(System.getProperty("it.root").hashCode()));
        clearLeftovers(labels);
        var server = new K3sContainer(image);
        server.withLabels(labels)
                .withCommand("server", "--disable=traefik", "--tls-san=" + server.getHost())
                .withStartupTimeout(Duration.ofMinutes(5));
        Runtime.getRuntime().addShutdownHook(new Thread(server::stop));
        server.start();
        return Config.fromKubeconfig(server.getKubeConfigYaml());
    }

    /** Of a run that was killed. */
    private static void clearLeftovers(Map<String, String> labels) {
        var docker = DockerClientFactory.instance().client();
        docker.listContainersCmd()
                .withShowAll(true)
                .withLabelFilter(labels)
                .exec()
                .forEach(left -> docker.removeContainerCmd(left.getId())
                        .withForce(true)
                        .withRemoveVolumes(true)
                        .exec());
    }

    private static String nodeImage() {
        var root = Path.of(System.getProperty("it.root"));
        try {
            var script = new ProcessBuilder("e2e-tests/test-cluster/node-image")
                    .directory(root.toFile())
                    .redirectError(ProcessBuilder.Redirect.INHERIT)
                    .start();
            var output = new String(script.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (script.waitFor() != 0) {
                throw new IllegalStateException("the test cluster's node image could not be made");
            }
            return output.strip();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void applyCrds() {
        try (var client = client()) {
            for (var plural : List.of("kafkaclusters", "kafkatopics")) {
                var file = Path.of(System.getProperty("it.root"), "crds/src/main/crds", plural + ".castellan.dev.yaml");
                var crd = client.getKubernetesSerialization()
                        .unmarshal(Files.readString(file), CustomResourceDefinition.class);
                client.resource(crd)
                        .fieldManager("castellan-it")
                        .forceConflicts()
                        .serverSideApply();
                client.resource(crd)
                        .waitUntilCondition(
                                seen -> seen.getStatus() != null
                                        && seen.getStatus().getConditions().stream()
                                                .anyMatch(condition -> condition
                                                                .getType()
                                                                .equals("Established")
                                                        && condition.getStatus().equals("True")),
                                30,
                                TimeUnit.SECONDS);
            }
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
