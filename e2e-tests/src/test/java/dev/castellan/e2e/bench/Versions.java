package dev.castellan.e2e.bench;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Secret;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.events.v1.Event;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The version of each object of a scene: any write, by whomever, gives it another. */
final class Versions {
    private static final List<Class<? extends HasMetadata>> KINDS = List.of(
            KafkaCluster.class,
            KafkaTopic.class,
            StatefulSet.class,
            Pod.class,
            PersistentVolumeClaim.class,
            Service.class,
            ConfigMap.class,
            Secret.class,
            ServiceAccount.class,
            PodDisruptionBudget.class,
            NetworkPolicy.class,
            Event.class);

    private Versions() {}

    static Map<String, String> of(Scene scene) {
        var versions = new TreeMap<String, String>();
        for (var kind : KINDS) {
            for (var object : scene.client()
                    .resources(kind)
                    .inNamespace(scene.namespace())
                    .list()
                    .getItems()) {
                var meta = object.getMetadata();
                versions.put(kind.getSimpleName() + "/" + meta.getName(), meta.getResourceVersion());
            }
        }
        return versions;
    }
}
