package dev.castellan.e2e.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.castellan.e2e.traffic.ClientPodMain;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.NamespaceBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.readiness.Readiness;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Collectors;

/** The Kafka clients of the suite, in the Kubernetes under test; reached through the API server, whatever network there is. */
public final class ClientPod {
    private static final String NAMESPACE = "castellan-e2e-clients";
    private static final String NAME = "clients";
    private static final int PORT = 8081;

    private final KubernetesClient client;

    private ClientPod(KubernetesClient client) {
        this.client = client;
    }

    /** @param host where it runs; empty: anywhere */
    static ClientPod start(KubernetesClient client, Optional<String> host) {
        client.resource(new NamespaceBuilder()
                        .withNewMetadata()
                        .withName(NAMESPACE)
                        .endMetadata()
                        .build())
                .serverSideApply();
        client.pods().inNamespace(NAMESPACE).withName(NAME).withGracePeriod(0).delete();
        Await.untilGone(
                client.pods().inNamespace(NAMESPACE).withName(NAME), "the pod of an earlier run", Kafka.PATIENCE);
        client.resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withName(NAME)
                        .withNamespace(NAMESPACE)
                        .endMetadata()
                        .addToBinaryData("clients.jar", Base64.getEncoder().encodeToString(jar()))
                        .build())
                .forceConflicts()
                .serverSideApply();
        var pod = client.resource(pod(host)).create();
        Await.until(client.resource(pod), "clients ready", Kafka.PATIENCE, Readiness::isPodReady);
        return new ClientPod(client);
    }

    /** One question, and the facts of the answer. */
    public Map<String, String> ask(String verb, Map<String, String> arguments) {
        var query = arguments.entrySet().stream()
                .map(argument -> argument.getKey() + "=" + URLEncoder.encode(argument.getValue(), UTF_8))
                .collect(Collectors.joining("&"));
        var answer = client.raw(
                "/api/v1/namespaces/%s/pods/%s:%d/proxy/%s?%s".formatted(NAMESPACE, NAME, PORT, verb, query));
        var facts = new TreeMap<String, String>();
        if (answer != null) {
            answer.lines().forEach(line -> {
                var cut = line.indexOf('=');
                facts.put(line.substring(0, cut), line.substring(cut + 1));
            });
        }
        if (facts.containsKey(ClientPodMain.FAILED)) {
            throw new IllegalStateException(verb + " " + arguments + ": " + facts.get(ClientPodMain.FAILED));
        }
        return facts;
    }

    String log() {
        return client.pods().inNamespace(NAMESPACE).withName(NAME).getLog();
    }

    void stop() {
        client.namespaces().withName(NAMESPACE).delete();
    }

    private static io.fabric8.kubernetes.api.model.Pod pod(Optional<String> host) {
        var classPath = "/e2e/clients.jar:/opt/kafka/jars/kafka-clients-%s.jar:/opt/kafka/jars/*"
                .formatted(Setting.KAFKA_VERSION);
        // @formatter:off
        return new PodBuilder()
                .withNewMetadata()
                .withName(NAME)
                .withNamespace(NAMESPACE)
                .endMetadata()
                .withNewSpec()
                .withNodeName(host.orElse(null))
                .withAutomountServiceAccountToken(false)
                .withTerminationGracePeriodSeconds(1L)
                .addNewContainer()
                .withName(NAME)
                .withImage(Setting.REGISTRY + Setting.kafkaImage())
                .withImagePullPolicy("IfNotPresent")
                .withCommand(
                        "java",
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        Setting.CLIENT_COMPILER,
                        "-cp",
                        classPath,
                        ClientPodMain.class.getName(),
                        Integer.toString(PORT))
                .withNewReadinessProbe()
                .withNewHttpGet()
                .withPath("/ready")
                .withNewPort(PORT)
                .endHttpGet()
                .withPeriodSeconds(1)
                .endReadinessProbe()
                .addNewVolumeMount()
                .withName("jar")
                .withMountPath("/e2e")
                .endVolumeMount()
                .endContainer()
                .addNewVolume()
                .withName("jar")
                .withNewConfigMap()
                .withName(NAME)
                .endConfigMap()
                .endVolume()
                .endSpec()
                .build();
        // @formatter:on
    }

    /** The classes of the clients' package as this build compiled them. */
    private static byte[] jar() {
        var bytes = new ByteArrayOutputStream();
        try (var jar = new JarOutputStream(bytes)) {
            var root = Path.of(ClientPodMain.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            var folder = root.resolve(ClientPodMain.class.getPackageName().replace('.', '/'));
            try (var files = Files.list(folder)) {
                for (var file :
                        files.filter(f -> !f.toString().contains("Test")).toList()) {
                    jar.putNextEntry(new JarEntry(root.relativize(file).toString()));
                    Files.copy(file, jar);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
        return bytes.toByteArray();
    }
}
