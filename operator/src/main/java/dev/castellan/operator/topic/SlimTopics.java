package dev.castellan.operator.topic;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.castellan.api.v1beta1.KafkaTopic;
import io.fabric8.kubernetes.api.model.ObjectMeta;
import io.quarkus.kubernetes.client.KubernetesClientObjectMapperCustomizer;
import jakarta.inject.Singleton;

/**
 * KafkaTopics are read without the record of who wrote which of their fields: it is two thirds of each in memory, there may
 * be ten thousand of them, and nobody asks for it.
 */
@Singleton
public class SlimTopics implements KubernetesClientObjectMapperCustomizer {
    private static final String WHO_WROTE_WHAT = "managedFields";

    /** What Jackson is to think of the methods of that name of a KafkaTopic. */
    private interface Slim {
        @JsonIgnoreProperties(WHO_WROTE_WHAT)
        ObjectMeta getMetadata();

        @JsonIgnoreProperties(WHO_WROTE_WHAT)
        void setMetadata(ObjectMeta metadata);
    }

    @Override
    public void customize(ObjectMapper mapper) {
        mapper.addMixIn(KafkaTopic.class, Slim.class);
    }
}
