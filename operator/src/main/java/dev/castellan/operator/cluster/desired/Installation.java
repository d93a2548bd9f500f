package dev.castellan.operator.cluster.desired;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.cluster.ClusterSpec;
import java.util.Optional;

/**
 * What the objects of all clusters owe to how the operator itself is installed.
 *
 * @param imageRegistry prefix of the broker images; empty: none
 * @param operatorNamespace where its pods are; empty: unknown, then its pods may be in any
 */
public record Installation(String imageRegistry, String imagePullPolicy, Optional<String> operatorNamespace) {

    String image(ClusterSpec spec) {
        return spec.image().orElseGet(() -> registry() + KafkaVersions.image(spec.version()));
    }

    private String registry() {
        return imageRegistry.isEmpty() || imageRegistry.endsWith("/") ? imageRegistry : imageRegistry + "/";
    }
}
