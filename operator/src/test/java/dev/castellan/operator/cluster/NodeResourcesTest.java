package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeResourcesTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "                                                              | 512  | 250m | 1Gi   | 1Gi",
                "resources: {limits: {memory: 4Gi}}                            | 2048 | 250m | 4Gi   | 4Gi",
                "resources: {requests: {memory: 4Gi, cpu: 2}}                  | 2048 | 2    | 4Gi   | 4Gi",
                "resources: {requests: {memory: 2Gi}, limits: {memory: 4Gi}}   | 2048 | 250m | 2Gi   | 4Gi",
                "resources: {limits: {memory: 64Gi, cpu: 4}}                   | 6144 | 4    | 64Gi  | 64Gi",
                "resources: {limits: {memory: 64Gi}}, jvm: {heap: 31Gi}        | 31744 | 250m | 64Gi | 64Gi",
                "resources: {limits: {memory: 256Mi}}                          | 128  | 250m | 256Mi | 256Mi"
            })
    void fitEachOther(String declared, long heap, String cpu, String requested, String limit) {
        // When
        var separator = declared == null ? "" : ", " + declared;
        var pool = Specs.of("{brokers: {replicas: 3" + separator + "}}").pools().getFirst();

        // Then
        assertThat(pool.jvm()).isEqualTo(new JvmSpec(heap, List.of()));
        assertThat(pool.resources().getRequests().get("cpu")).hasToString(cpu);
        assertThat(pool.resources().getRequests().get("memory")).hasToString(requested);
        assertThat(pool.resources().getLimits().get("memory")).hasToString(limit);
    }
}
