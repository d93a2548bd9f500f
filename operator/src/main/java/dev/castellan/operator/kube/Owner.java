package dev.castellan.operator.kube;

import dev.castellan.api.v1beta1.KafkaCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;

/** The KafkaCluster that an object is owned by, and is garbage collected with. */
public record Owner(String name, String uid) {
    private static final String API_VERSION = HasMetadata.getApiVersion(KafkaCluster.class);
    private static final String KIND = HasMetadata.getKind(KafkaCluster.class);

    public static Owner of(KafkaCluster cluster) {
        return new Owner(cluster.getMetadata().getName(), cluster.getMetadata().getUid());
    }

    public OwnerReference reference() {
        var reference = new OwnerReference();
        reference.setApiVersion(API_VERSION);
        reference.setKind(KIND);
        reference.setName(name);
        reference.setUid(uid);
        reference.setController(true);
        return reference;
    }

    /** Whether the object belongs to exactly this KafkaCluster, not to an earlier one of its name. */
    public boolean owns(HasMetadata object) {
        for (var ref : object.getMetadata().getOwnerReferences()) {
            if (Boolean.TRUE.equals(ref.getController()) && uid.equals(ref.getUid())) {
                return true;
            }
        }
        return false;
    }
}
