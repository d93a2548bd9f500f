package dev.castellan.e2e.harness;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;

/** What somebody who was not there needs to understand why a test failed. */
final class Evidence {
    private final KubernetesClient client;
    private final String namespace;
    private final Path folder;

    private Evidence(KubernetesClient client, String namespace, Path folder) {
        this.client = client;
        this.namespace = namespace;
        this.folder = folder;
    }

    /** Writes it to a folder named after the test; operator logs are beside it, written all the time. */
    static Path gather(KubernetesClient client, ClientPod clients, String namespace, String test) {
        var evidence = new Evidence(client, namespace, Setting.OUTPUT.resolve(test));
        evidence.write(
                "kafkaclusters.yaml",
                () -> yaml(client.resources(KafkaCluster.class)
                        .inNamespace(namespace)
                        .list()
                        .getItems()));
        evidence.write(
                "kafkatopics.yaml",
                () -> yaml(client.resources(KafkaTopic.class)
                        .inNamespace(namespace)
                        .list()
                        .getItems()));
        evidence.write(
                "pods.yaml",
                () -> yaml(client.pods().inNamespace(namespace).list().getItems()));
        evidence.write(
                "statefulsets.yaml",
                () -> yaml(client.apps()
                        .statefulSets()
                        .inNamespace(namespace)
                        .list()
                        .getItems()));
        evidence.write(
                "configmaps.yaml",
                () -> yaml(client.configMaps().inNamespace(namespace).list().getItems()));
        evidence.write(
                "services.yaml",
                () -> yaml(client.services().inNamespace(namespace).list().getItems()));
        evidence.write(
                "claims.yaml",
                () -> yaml(client.persistentVolumeClaims()
                        .inNamespace(namespace)
                        .list()
                        .getItems()));
        evidence.write("events.txt", evidence::events);
        evidence.write("clients.log", clients::log);
        client.pods().inNamespace(namespace).list().getItems().forEach(evidence::logs);
        return evidence.folder;
    }

    private void logs(Pod pod) {
        var name = pod.getMetadata().getName();
        var resource = client.pods().inNamespace(namespace).withName(name);
        write(name + ".log", resource::getLog);
        var restarted = pod.getStatus().getContainerStatuses().stream().anyMatch(c -> c.getRestartCount() > 0);
        if (restarted) {
            write(name + "-before.log", () -> resource.terminated().getLog());
        }
    }

    private String events() {
        var text = new StringBuilder();
        client.events().v1().events().inNamespace(namespace).list().getItems().stream()
                .sorted((a, b) -> a.getMetadata()
                        .getCreationTimestamp()
                        .compareTo(b.getMetadata().getCreationTimestamp()))
                .forEach(event -> text.append("%s %s %s %s/%s: %s%n"
                        .formatted(
                                event.getMetadata().getCreationTimestamp(),
                                event.getType(),
                                event.getReason(),
                                event.getRegarding().getKind(),
                                event.getRegarding().getName(),
                                event.getNote())));
        return text.toString();
    }

    private static String yaml(List<? extends HasMetadata> resources) {
        resources.forEach(resource -> resource.getMetadata().setManagedFields(null));
        return Serialization.asYaml(resources);
    }

    private void write(String file, Supplier<String> content) {
        try {
            Files.createDirectories(folder);
            Files.writeString(folder.resolve(file), textOf(content));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** One thing that cannot be had must not hide the others. */
    private static String textOf(Supplier<String> content) {
        try {
            var text = content.get();
            return text == null ? "" : text;
        } catch (KubernetesClientException e) {
            return "not to be had: " + e;
        }
    }
}
