package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.api.v1beta1.KafkaTopic;
import dev.castellan.api.v1beta1.KafkaTopicSpec;
import dev.castellan.api.v1beta1.KafkaTopicStatus;
import dev.castellan.operator.it.TestApiServer;
import dev.castellan.operator.kube.EventRecorder;
import dev.castellan.operator.kube.KubeRejected;
import dev.castellan.operator.kube.KubeUnavailable;
import dev.castellan.operator.metrics.OperatorMetrics;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is written of KafkaTopics, by a real API server. */
class ApiServerTopicsIT {
    private final KubernetesClient client = TestApiServer.get().client();
    private final OperatorMetrics metrics = new OperatorMetrics(new SimpleMeterRegistry(), Clock.systemUTC(), null);
    private final ApiServerTopics topics =
            new ApiServerTopics(client, new EventRecorder(client, metrics, Clock.systemUTC()), metrics);
    private final String name = "orders-" + UUID.randomUUID();
    private KafkaTopic orders;

    @BeforeEach
    void create() {
        orders = client.resource(orders()).create();
    }

    @AfterEach
    void delete() {
        client.resource(orders).delete();
        client.close();
    }

    @Test
    void nothingIsWrittenToASuccessorOfTheSameName() {
        var gone = orders;
        client.resource(gone).delete();
        orders = client.resource(orders()).create();

        assertThatThrownBy(() -> topics.writeStatus(gone, seen(1))).isInstanceOf(KubeUnavailable.class);
        assertThatThrownBy(() -> topics.setFinalizer(gone, true)).isInstanceOf(KubeRejected.class);

        assertThat(topics.writeStatus(orders, seen(1)).getStatus().observedGeneration)
                .isEqualTo(1);
        assertThat(topics.setFinalizer(orders, true).getMetadata().getFinalizers())
                .containsExactly(Finalizer.NAME);
        orders = topics.setFinalizer(orders, false);
        assertThat(orders.getMetadata().getFinalizers()).isEmpty();
    }

    private KafkaTopic orders() {
        var topic = new KafkaTopic();
        topic.setMetadata(
                new ObjectMetaBuilder().withName(name).withNamespace("default").build());
        topic.setSpec(new KafkaTopicSpec());
        topic.getSpec().clusterRef = new KafkaTopicSpec.ClusterRef();
        topic.getSpec().clusterRef.name = "events";
        return topic;
    }

    private static KafkaTopicStatus seen(long generation) {
        var status = new KafkaTopicStatus();
        status.observedGeneration = generation;
        return status;
    }
}
