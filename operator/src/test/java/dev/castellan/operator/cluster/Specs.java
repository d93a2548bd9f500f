package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterSpec;
import dev.castellan.operator.cluster.ClusterSpec.Valid;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;

/** Specs of tests, of the YAML that a user would write. */
public final class Specs {
    private Specs() {}

    public static KafkaCluster cluster(String spec) {
        var cluster = new KafkaCluster();
        cluster.setMetadata(new ObjectMetaBuilder()
                .withName("events")
                .withNamespace("shop")
                .withUid("0c0ffee0-0000-4000-8000-000000000001")
                .build());
        try {
            cluster.setSpec(new YAMLMapper().readValue(spec, KafkaClusterSpec.class));
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(e);
        }
        return cluster;
    }

    public static ClusterSpec of(String spec) {
        var resolved = ClusterSpec.resolve(cluster(spec));
        assertThat(resolved).isInstanceOf(Valid.class);
        return ((Valid) resolved).spec();
    }
}
