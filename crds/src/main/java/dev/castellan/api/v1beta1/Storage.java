package dev.castellan.api.v1beta1;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;

/** Disks of a node: one volume named data, or several (JBOD). */
@JsonInclude(JsonInclude.Include.NON_EMPTY)
public class Storage {
    /** Size of the one volume. Default 10Gi. May grow, never shrink. */
    public Quantity size;

    /** Storage class name; unset: the Kubernetes cluster's default. */
    public String storageClass;

    /** True: emptyDir; data goes with the pod. */
    public Boolean ephemeral;

    /** False: claims are deleted with the KafkaCluster. Default true. */
    public Boolean retain;

    /** Several volumes (JBOD) instead of one. */
    public List<Volume> volumes;

    /** One volume of several. */
    @JsonInclude(JsonInclude.Include.NON_EMPTY)
    public static class Volume {
        public String name;
        public Quantity size;
        public String storageClass;
    }
}
