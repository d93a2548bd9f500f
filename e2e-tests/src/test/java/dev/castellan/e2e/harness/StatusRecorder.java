package dev.castellan.e2e.harness;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Keeps every version of every KafkaCluster and KafkaTopic that a watcher sees: what Flux, Argo CD and users judge by. */
public final class StatusRecorder {
    public static final Path FOLDER = Setting.OUTPUT.resolve("statuses");

    private final int suite;
    private int seen;

    private StatusRecorder(int suite) {
        this.suite = suite;
    }

    static StatusRecorder start(KubernetesClient client, int suite) {
        var recorder = new StatusRecorder(suite);
        client.resources(KafkaCluster.class).inAnyNamespace().inform(recorder.handler());
        client.resources(KafkaTopic.class).inAnyNamespace().inform(recorder.handler());
        return recorder;
    }

    private <T extends HasMetadata> ResourceEventHandler<T> handler() {
        return new ResourceEventHandler<>() {
            @Override
            public void onAdd(T resource) {
                record(resource);
            }

            @Override
            public void onUpdate(T before, T resource) {
                if (!before.getMetadata()
                        .getResourceVersion()
                        .equals(resource.getMetadata().getResourceVersion())) {
                    record(resource);
                }
            }

            @Override
            public void onDelete(T resource, boolean unknown) {
                // Its last version was recorded when it was seen.
            }
        };
    }

    private synchronized void record(HasMetadata resource) {
        // JSON is YAML, and by the number in front the files sort as they were seen.
        var name = "%d-%05d-%s-%s-%s.yaml"
                .formatted(
                        suite,
                        seen++,
                        resource.getKind().toLowerCase(Locale.ROOT),
                        resource.getMetadata().getNamespace(),
                        resource.getMetadata().getName());
        try {
            Files.createDirectories(FOLDER);
            Files.writeString(FOLDER.resolve(name), Serialization.jsonMapper().writeValueAsString(resource));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
