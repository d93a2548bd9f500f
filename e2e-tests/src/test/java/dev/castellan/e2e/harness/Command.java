package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import io.fabric8.kubernetes.api.model.PodBuilder;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.util.List;
import java.util.TreeMap;

/** A command of the operator's image, run in a pod of its own, as `kubectl run` does. */
public final class Command {
    /** Where it finds manifests. */
    public static final String MANIFESTS = "/manifests";

    private final KubernetesClient client;
    private final String namespace;
    private final PodSpec operator;

    /** What it ended with, and what it wrote. */
    public record Ended(int exitCode, String written) {}

    /** @param namespace where the operator's own service account counts only if it is the operator's namespace */
    Command(KubernetesClient client, String namespace, PodSpec operator) {
        this.client = client;
        this.namespace = namespace;
        this.operator = operator;
    }

    Ended run(List<String> manifests, String... arguments) {
        var files = files(manifests);
        var pod = client.pods()
                .resource(new PodBuilder()
                        .withNewMetadata()
                        .withGenerateName("command-")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withNewSpec()
                        .withRestartPolicy("Never")
                        .withServiceAccountName(
                                namespace.equals(Operator.NAMESPACE) ? operator.getServiceAccountName() : "default")
                        .addNewContainer()
                        .withName("command")
                        .withImage(operator.getContainers().getFirst().getImage())
                        .withArgs(arguments)
                        .addNewVolumeMount()
                        .withName("manifests")
                        .withMountPath(MANIFESTS)
                        .endVolumeMount()
                        .endContainer()
                        .addNewVolume()
                        .withName("manifests")
                        .withNewConfigMap()
                        .withName(files.getMetadata().getName())
                        .endConfigMap()
                        .endVolume()
                        .endSpec()
                        .build())
                .create();
        var running = client.pods().resource(pod);
        try {
            var ended = Await.until(
                    running, "the end of " + List.of(arguments), Kafka.PATIENCE, now -> List.of("Succeeded", "Failed")
                            .contains(now.getStatus().getPhase()));
            var exitCode = ended.getStatus()
                    .getContainerStatuses()
                    .getFirst()
                    .getState()
                    .getTerminated()
                    .getExitCode();
            return new Ended(exitCode, running.getLog());
        } finally {
            running.delete();
            client.resource(files).delete();
        }
    }

    private ConfigMap files(List<String> manifests) {
        var data = new TreeMap<String, String>();
        manifests.forEach(manifest -> data.put(data.size() + ".yaml", manifest));
        return client.configMaps()
                .resource(new ConfigMapBuilder()
                        .withNewMetadata()
                        .withGenerateName("manifests-")
                        .withNamespace(namespace)
                        .endMetadata()
                        .withData(data)
                        .build())
                .create();
    }
}
