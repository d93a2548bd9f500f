package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.kube.Labels;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.ServiceAccount;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import io.javaoperatorsdk.operator.api.config.informer.InformerEventSourceConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.processing.event.ResourceID;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.InformerEventSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What is watched on behalf of clusters. Every object of a cluster bears its label, whoever made it (pods and claims come
 * from a StatefulSet), so that one selector and one way from an object to its cluster serve all kinds.
 */
final class ClusterEventSources {
    private ClusterEventSources() {}

    static List<EventSource<?, KafkaCluster>> of(EventSourceContext<KafkaCluster> context) {
        return List.of(
                labelled(StatefulSet.class, context),
                labelled(Pod.class, context),
                labelled(PersistentVolumeClaim.class, context),
                labelled(ConfigMap.class, context),
                labelled(Service.class, context),
                labelled(ServiceAccount.class, context),
                labelled(PodDisruptionBudget.class, context),
                labelled(NetworkPolicy.class, context));
    }

    private static <T extends HasMetadata> EventSource<?, KafkaCluster> labelled(
            Class<T> kind, EventSourceContext<KafkaCluster> context) {
        return new InformerEventSource<>(
                InformerEventSourceConfiguration.from(kind, KafkaCluster.class)
                        .withName(kind.getSimpleName())
                        .withLabelSelector(Labels.CLUSTER)
                        .withSecondaryToPrimaryMapper(ClusterEventSources::clusterOf)
                        .withOnUpdateFilter(Wakeups::of)
                        .build(),
                context);
    }

    private static Set<ResourceID> clusterOf(HasMetadata object) {
        var metadata = object.getMetadata();
        return Optional.ofNullable(metadata.getLabels().get(Labels.CLUSTER))
                .map(cluster -> Set.of(new ResourceID(cluster, metadata.getNamespace())))
                .orElse(Set.of());
    }
}
