package dev.castellan.operator.kube;

import dev.castellan.api.v1beta1.KafkaCluster;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.OwnerReference;
import io.fabric8.kubernetes.api.model.OwnerReferenceBuilder;

/** The KafkaCluster that an object is owned by, and is garbage collected with. */
public record Owner(String name, String uid) {
    public static Owner of(KafkaCluster cluster) {
        return new Owner(cluster.getMetadata().getName(), cluster.getMetadata().getUid());
    }

    public OwnerReference reference() {
        return new OwnerReferenceBuilder()
                .withApiVersion(HasMetadata.getApiVersion(KafkaCluster.class))
                .withKind(HasMetadata.getKind(KafkaCluster.class))
                .withName(name)
                .withUid(uid)
                .withController(true)
                .build();
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
