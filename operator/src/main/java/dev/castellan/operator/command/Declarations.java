package dev.castellan.operator.command;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.topic.plan.TopicSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** What is declared already. */
final class Declarations implements AutoCloseable {
    private final Optional<KubernetesClient> client;

    private Declarations(Optional<KubernetesClient> client) {
        this.client = client;
    }

    /** Where nobody is asked, nothing is. */
    static Declarations none() {
        return new Declarations(Optional.empty());
    }

    /** By the kubeconfig, or as the pod that this runs in. */
    static Declarations inKubernetes() {
        return new Declarations(Optional.of(new KubernetesClientBuilder().build()));
    }

    String namespace() {
        return client.map(KubernetesClient::getNamespace).orElse("default");
    }

    Optional<KafkaCluster> cluster(ClusterKey key) {
        return client.map(kubernetes -> kubernetes
                .resources(KafkaCluster.class)
                .inNamespace(key.namespace())
                .withName(key.name())
                .get());
    }

    List<KafkaTopic> topics(ClusterKey key, Collection<String> namespaces) {
        return client.stream()
                .flatMap(kubernetes -> namespaces.stream()
                        .flatMap(namespace ->
                                kubernetes
                                        .resources(KafkaTopic.class)
                                        .inNamespace(namespace)
                                        .list()
                                        .getItems()
                                        .stream()))
                .filter(topic -> TopicSpec.clusterOf(topic).equals(Optional.of(key)))
                .toList();
    }

    @Override
    public void close() {
        client.ifPresent(KubernetesClient::close);
    }
}
