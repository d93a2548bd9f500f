package dev.castellan.operator.topic;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castellan.api.v1beta1.KafkaTopic;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import org.junit.jupiter.api.Test;

class SlimTopicsTest {
    private static final String METADATA = """
            metadata:
              name: orders
              resourceVersion: "7"
              managedFields: [{manager: kubectl, operation: Apply, fieldsV1: {"f:spec": {"f:partitions": {}}}}]
            """;

    private final KubernetesSerialization serialization;

    SlimTopicsTest() {
        var mapper = new ObjectMapper();
        new SlimTopics().customize(mapper);
        serialization = new KubernetesSerialization(mapper, true);
    }

    @Test
    void aTopicIsReadWithoutTheRecordOfWhoWroteItsFields() {
        // When
        var topic = read("castellan.dev/v1beta1", "KafkaTopic", KafkaTopic.class);
        // Then
        assertThat(topic.getMetadata().getManagedFields()).isEmpty();
        assertThat(topic.getMetadata().getResourceVersion()).isEqualTo("7");
    }

    @Test
    void othersAreReadWithIt() {
        // When
        var pod = read("v1", "Pod", Pod.class);
        // Then
        assertThat(pod.getMetadata().getManagedFields()).hasSize(1);
    }

    private <T extends HasMetadata> T read(String version, String kind, Class<T> type) {
        return serialization.unmarshal("apiVersion: %s\nkind: %s\n%s".formatted(version, kind, METADATA), type);
    }
}
