package dev.castellan.operator.cluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaClusterStatus;
import io.fabric8.kubernetes.api.model.ConditionBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;

class StallNewsTest {
    @Test
    void aStallIsNewsWhenItBeginsAndWhenItsReasonIsAnother() {
        assertThat(StallNews.of(null, stalled("spec.version 0.8.2"))).contains("InvalidSpec: spec.version 0.8.2");
        assertThat(StallNews.of(new KafkaClusterStatus(), stalled("spec.version 0.8.2")))
                .isPresent();
        assertThat(StallNews.of(stalled("spec.version 0.8.2"), stalled("spec.version 0.8.3")))
                .contains("InvalidSpec: spec.version 0.8.3");
    }

    @Test
    void whatIsKnownIsNoNewsNorIsItsEnd() {
        assertThat(StallNews.of(stalled("spec.version 0.8.2"), stalled("spec.version 0.8.2")))
                .isEmpty();
        assertThat(StallNews.of(stalled("spec.version 0.8.2"), new KafkaClusterStatus()))
                .isEmpty();
    }

    private static KafkaClusterStatus stalled(String message) {
        var status = new KafkaClusterStatus();
        status.conditions = List.of(new ConditionBuilder()
                .withType("Stalled")
                .withStatus("True")
                .withReason("InvalidSpec")
                .withMessage(message)
                .build());
        return status;
    }
}
