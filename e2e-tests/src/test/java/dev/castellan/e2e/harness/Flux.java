package dev.castellan.e2e.harness;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.apiextensions.v1.CustomResourceDefinition;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Flux as far as it applies: the kustomize-controller as it is released, a process of this machine, for one namespace. What its
 * source-controller would fetch out of Git is published by the tests, as an ExternalArtifact.
 */
public final class Flux implements AutoCloseable {
    private static final String SOURCE = "source.toolkit.fluxcd.io/v1";
    private static final String KUSTOMIZE = "kustomize.toolkit.fluxcd.io/v1";
    private static final String ARTIFACT = "git";

    private final Scene scene;
    private final List<CustomResourceDefinition> definitions;
    private final Map<String, byte[]> artifacts = new ConcurrentHashMap<>();
    private final HttpServer server;
    private final Path kubeconfig;
    private final Process controller;
    private final Map<String, Kustomization> kustomizations = new TreeMap<>();
    private String revision;
    private int revisions;

    /** Skips the class where Flux is installed already: it would do the same, at the same time. */
    public static Flux start(Scene scene) {
        var folder = Path.of(Shell.run(
                Repository.file(""),
                Duration.ofMinutes(20),
                Repository.file("e2e-tests/flux/build").toString()));
        return new Flux(scene, folder);
    }

    private Flux(Scene scene, Path folder) {
        this.scene = scene;
        definitions = install(folder.resolve("crds"));
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.createContext("/", exchange -> {
                var artifact = artifacts.get(exchange.getRequestURI().getPath());
                exchange.sendResponseHeaders(artifact == null ? 404 : 200, artifact == null ? -1 : artifact.length);
                if (artifact != null) {
                    exchange.getResponseBody().write(artifact);
                }
                exchange.close();
            });
            server.start();
            kubeconfig = Files.createTempFile("flux", ".kubeconfig");
            Files.writeString(
                    kubeconfig,
                    Serialization.asYaml(KubeconfigFile.of(scene.client().getConfiguration())));
            controller = run(folder.resolve("kustomize-controller"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private List<CustomResourceDefinition> install(Path folder) {
        try (var files = Files.list(folder)) {
            var all = files.sorted()
                    .map(file -> Serialization.unmarshal(read(file), CustomResourceDefinition.class))
                    .toList();
            for (var definition : all) {
                var known = scene.client().resource(definition);
                assumeThat(known.get())
                        .as("%s: Flux is here already", definition.getMetadata().getName())
                        .isNull();
                known.create();
            }
            all.forEach(definition -> Await.until(
                    scene.client().resource(definition),
                    definition.getMetadata().getName() + " established",
                    Kafka.PATIENCE,
                    now -> now.getStatus() != null
                            && now.getStatus().getConditions().stream()
                                    .anyMatch(condition -> condition.getType().equals("Established")
                                            && condition.getStatus().equals("True"))));
            return all;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Under a shell that ends it when its own standard input does: it goes with this process, however that ends. */
    private Process run(Path program) throws IOException {
        var builder = new ProcessBuilder(
                        "sh",
                        "-c",
                        "\"$@\" & cat >/dev/null; kill $!; wait",
                        "flux",
                        program.toString(),
                        "--watch-all-namespaces=false",
                        "--feature-gates=ExternalArtifact=true",
                        "--requeue-dependency=2s",
                        "--events-addr=",
                        "--health-addr=0",
                        "--metrics-addr=0")
                .redirectErrorStream(true)
                .redirectOutput(
                        Setting.OUTPUT.resolve("kustomize-controller.log").toFile());
        builder.environment()
                .putAll(Map.of("KUBECONFIG", kubeconfig.toString(), "RUNTIME_NAMESPACE", scene.namespace()));
        return builder.start();
    }

    /** These files by their paths, and nothing else, are what Git holds from now on; returns the revision. */
    public String commit(Map<String, String> files) {
        var archive = archive(files);
        var digest = sha256(archive);
        revision = "main@sha1:%040x".formatted(++revisions);
        var path = "/%s.tar.gz".formatted(digest);
        artifacts.put(path, archive);
        var now = Instant.now();
        var source = Serialization.unmarshal(
                """
                apiVersion: %s
                kind: ExternalArtifact
                metadata: {name: %s, namespace: %s}
                spec: {}
                status:
                  artifact:
                    revision: "%s"
                    digest: sha256:%s
                    url: http://127.0.0.1:%d%s
                    path: %s
                    size: %d
                    lastUpdateTime: "%s"
                  conditions:
                    - {type: Ready, status: "True", reason: Succeeded, message: stored, lastTransitionTime: "%s"}
                """.formatted(
                                SOURCE,
                                ARTIFACT,
                                scene.namespace(),
                                revision,
                                digest,
                                server.getAddress().getPort(),
                                path,
                                path.substring(1),
                                archive.length,
                                now,
                                now),
                GenericKubernetesResource.class);
        var resource = scene.client().resource(source);
        if (resource.get() == null) {
            resource.create();
        }
        resource.subresource("status")
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        Serialization.asJson(Map.of(
                                "status", source.getAdditionalProperties().get("status"))));
        return revision;
    }

    /**
     * A Kustomization as a user would apply it, out of this file, but for where the files come from and go to.
     *
     * @param timeout how long it waits for what it has applied; Flux takes no less than half a minute
     */
    public Kustomization apply(Path file, String name, Duration timeout) {
        var kustomization = resources(file)
                .filter(resource -> resource.getKind().equals("Kustomization")
                        && resource.getMetadata().getName().equals(name))
                .findFirst()
                .orElseThrow();
        kustomization.getMetadata().setNamespace(scene.namespace());
        Map<String, Object> spec = kustomization.get("spec");
        spec.put("sourceRef", Map.of("kind", "ExternalArtifact", "name", ARTIFACT));
        spec.put("targetNamespace", scene.namespace());
        spec.put("timeout", timeout.toSeconds() + "s");
        spec.put("retryInterval", "5s");
        scene.client().resource(kustomization).create();
        var handle = new Kustomization(
                scene.client()
                        .genericKubernetesResources(KUSTOMIZE, "Kustomization")
                        .inNamespace(scene.namespace())
                        .withName(name),
                name);
        kustomizations.put(name, handle);
        return handle;
    }

    /** Fails where the API server would not take something of this file. */
    public void dryRun(Path file) {
        resources(file).forEach(resource -> {
            resource.getMetadata().setNamespace(scene.namespace());
            scene.client().resource(resource).dryRun().create();
        });
    }

    private static Stream<GenericKubernetesResource> resources(Path file) {
        return Stream.of(read(file).split("(?m)^---$"))
                .map(document -> Serialization.unmarshal(document, GenericKubernetesResource.class));
    }

    /** The newest. */
    public String revision() {
        return revision;
    }

    private static byte[] archive(Map<String, String> files) {
        try {
            var folder = Files.createTempDirectory("flux");
            for (var file : files.entrySet()) {
                var path = folder.resolve("files").resolve(file.getKey());
                Files.createDirectories(path.getParent());
                Files.writeString(path, file.getValue());
            }
            var archive = folder.resolve("files.tar.gz");
            Shell.run(folder, Duration.ofMinutes(1), "tar", "-C", "files", "-czf", archive.toString(), ".");
            var bytes = Files.readAllBytes(archive);
            Shell.run(folder.getParent(), Duration.ofMinutes(1), "rm", "-r", folder.toString());
            return bytes;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it has applied stays, for whoever looks for what went wrong, and goes with the namespace. */
    @Override
    public void close() {
        try {
            controller.outputWriter().close();
            if (!controller.waitFor(30, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the kustomize-controller does not end");
            }
            kustomizations.values().forEach(Kustomization::letGo);
            server.stop(0);
            Files.delete(kubeconfig);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        } finally {
            definitions.forEach(
                    definition -> scene.client().resource(definition).delete());
        }
    }
}
