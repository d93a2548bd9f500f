package dev.castellan.e2e.bench;

import dev.castellan.e2e.harness.Await;
import dev.castellan.e2e.harness.Kafka;
import dev.castellan.e2e.harness.Scene;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;

/** Three brokers without an operator, as somebody careful runs them: bench/kafka-by-hand.yaml. */
record KafkaByHand(Scene scene) {
    private static final String NAME = "by-hand";

    static KafkaByHand apply(Scene scene, String image) {
        try (var yaml = KafkaByHand.class.getResourceAsStream("/bench/kafka-by-hand.yaml")) {
            for (var object : scene.client().load(yaml).items()) {
                if (object instanceof StatefulSet set) {
                    set.getSpec()
                            .getTemplate()
                            .getSpec()
                            .getContainers()
                            .getFirst()
                            .setImage(image);
                }
                scene.client().resource(object).inNamespace(scene.namespace()).serverSideApply();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Await.until(
                scene.client()
                        .apps()
                        .statefulSets()
                        .inNamespace(scene.namespace())
                        .withName(NAME),
                "Kafka by hand ready",
                Kafka.PATIENCE,
                set -> Objects.equals(
                        set.getStatus().getReadyReplicas(), set.getSpec().getReplicas()));
        return new KafkaByHand(scene);
    }

    String bootstrap() {
        return "%s-0.%s.%s.svc:9092".formatted(NAME, NAME, scene.namespace());
    }

    List<Pod> pods() {
        return scene.client()
                .pods()
                .inNamespace(scene.namespace())
                .withLabel("app", NAME)
                .list()
                .getItems();
    }
}
