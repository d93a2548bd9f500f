package dev.castellan.e2e.harness;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.Resource;
import java.net.HttpURLConnection;
import java.util.function.Consumer;

/** A change to a resource that others write too: made again on what they left, as {@code kubectl edit} does. */
public final class Edit {
    private static final int TRIES = 20;

    private Edit() {}

    public static <T extends HasMetadata> T of(Resource<T> resource, Consumer<T> change) {
        for (int attempt = 1; ; attempt++) {
            try {
                return resource.edit(seen -> {
                    change.accept(seen);
                    return seen;
                });
            } catch (KubernetesClientException e) {
                if (e.getCode() != HttpURLConnection.HTTP_CONFLICT || attempt == TRIES) {
                    throw e;
                }
            }
        }
    }
}
