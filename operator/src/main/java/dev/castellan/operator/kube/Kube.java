package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import java.util.List;
import java.util.Optional;

/**
 * What the operator asks of the API server on behalf of one KafkaCluster. Implementations know that cluster; names and
 * lists are within its namespace and its label.
 */
public interface Kube {

    /** Objects of the cluster, from the cache: those with its label. Claims and pods too. */
    <T extends HasMetadata> List<T> list(Class<T> kind);

    /** The same, read from the API server now. To be used ahead of anything that disrupts. */
    <T extends HasMetadata> List<T> listLive(Class<T> kind);

    /** One object by name, read from the API server now, whoever owns it. */
    <T extends HasMetadata> Optional<T> getLive(Class<T> kind, String name);

    /**
     * Server-side apply. Sends nothing where the object is as desired already; takes over nothing: where an object of
     * the name exists that is not this cluster's own, it is left alone.
     */
    Applied apply(HasMetadata desired);

    /** Deletes exactly the object that was seen: refused by the API server if it has changed since. */
    void delete(HasMetadata seen);

    /** A Kubernetes Event on the KafkaCluster, for what a user should know. */
    void event(EventType type, String reason, String message);

    enum EventType {
        Normal,
        Warning
    }

    /** What became of an apply. */
    sealed interface Applied {
        record Unchanged() implements Applied {}

        record Written() implements Applied {}

        /** Somebody else's object has the name. */
        record Foreign(String kind, String name) implements Applied {}
    }
}
