package dev.castellan.operator.kube;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Node;
import io.fabric8.kubernetes.api.model.PersistentVolume;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Optional;

/**
 * What the operator asks of the API server on behalf of one KafkaCluster. Implementations know that cluster; names and
 * lists are within its namespace and its label.
 *
 * <p>Every request has a deadline. Requests throw {@link KubeUnavailable} or {@link KubeRejected}.
 */
public interface Kube {

    /**
     * Objects of the cluster, from the cache: those with its label, claims and pods too. Without those that belong to an
     * earlier KafkaCluster of the same name and wait for the garbage collector.
     */
    <T extends HasMetadata> List<T> list(Class<T> kind);

    /** The same, read from the API server now. To be used ahead of anything that disrupts. */
    <T extends HasMetadata> List<T> listLive(Class<T> kind);

    /** One object by name, read from the API server now, whoever owns it. */
    <T extends HasMetadata> Optional<T> getLive(Class<T> kind, String name);

    /** A Kubernetes node by name, read now. */
    Optional<Node> host(String name);

    /** The Kubernetes nodes with this value of the label {@code kubernetes.io/hostname}, read now. */
    List<Node> hostsLabelled(String hostname);

    /** A PersistentVolume by name, read now. */
    Optional<PersistentVolume> volume(String name);

    /** By the cache: the cluster's own object of that name is as desired, so that {@link #apply} would send nothing. */
    boolean isApplied(HasMetadata desired);

    /**
     * This cluster made the object, and still controls it; or it was made for a cluster of the name and set free since, so
     * that an {@link #apply} would take it up. What merely refers to the KafkaCluster is somebody else's.
     */
    boolean owns(HasMetadata seen);

    /**
     * Creates what must never be overwritten. False if an object of the name exists, whoever owns it: read it and think
     * again.
     */
    boolean create(HasMetadata desired);

    /** Makes nothing; but throws {@link NamespaceLeaving} where nobody can make anything any more. */
    void tryCreate();

    /**
     * Server-side apply. Sends nothing where the object is as desired already; takes over nothing: where an object of
     * the name exists that is not this cluster's own, it is left alone. With a resource version, it is written over that
     * one only.
     */
    Applied apply(HasMetadata desired);

    /** Deletes exactly the object that was seen: refused by the API server if it has changed since. */
    void delete(HasMetadata seen);

    /** The same, without waiting for its processes to end: for a pod whose Kubernetes node will not tell. */
    void deleteNow(Pod seen);

    /**
     * Gives a volume claim this KafkaCluster as owner, so that it goes when the KafkaCluster goes; or takes the owner
     * away, so that it stays.
     */
    void setOwner(PersistentVolumeClaim seen, boolean owned);

    /** Asks for so much room for a volume, and leaves all else as it is; refused if the claim has changed since. */
    void grow(PersistentVolumeClaim seen, Quantity size);

    /**
     * Has Kubernetes change the CPU and memory of Kafka's container while it runs, and leaves all else as it is; refused if the pod
     * has changed since.
     */
    void resize(Pod seen, ResourceRequirements resources);

    /**
     * Deletes exactly the StatefulSet that was seen, and leaves its pods to whichever comes by its name and selector next. It
     * is gone some time later.
     */
    void orphan(StatefulSet seen);

    /** Sets one annotation and leaves all else as it is. */
    void annotate(HasMetadata seen, String annotation, String value);

    /**
     * Says how many pods a StatefulSet has, and sets one annotation with it, or takes it away; refused if the set has changed
     * since.
     */
    void scale(StatefulSet seen, int replicas, String annotation, Optional<String> value);

    /** Says how many of the pods of a budget others may evict at a time; refused if the budget has changed since. */
    void setMaxUnavailable(PodDisruptionBudget seen, int pods);

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

        /** The name is still taken by an object of ours that is being deleted; it may come back once that is gone. */
        record Leaving(String kind, String name) implements Applied {}
    }
}
