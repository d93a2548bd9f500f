package dev.castellan.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.e2e.harness.E2E;
import dev.castellan.e2e.harness.Scene;
import org.junit.jupiter.api.Test;

/** What is paused is looked at and told about, and left alone. */
@E2E
class PauseE2E {
    @Test
    void aClusterThatIsPausedFromTheStartIsFoundedWhenItMay(Scene scene) {
        var kafka = scene.kafka("paused");

        kafka.applyPaused("brokers: {replicas: 1}");

        var paused = kafka.awaitCondition("Paused", "True", "PausedByAnnotation");
        assertThat(paused.getStatus().observedGeneration).isEqualTo(-1);
        assertThat(scene.client()
                        .apps()
                        .statefulSets()
                        .inNamespace(scene.namespace())
                        .list()
                        .getItems())
                .isEmpty();

        kafka.resume();

        kafka.awaitSettled();
        scene.trafficThrough(kafka).checkpoint();
    }
}
