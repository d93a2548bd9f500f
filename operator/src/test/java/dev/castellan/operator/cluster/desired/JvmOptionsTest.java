package dev.castellan.operator.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.JvmSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirementsBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JvmOptionsTest {
    private static final String G1 = "-Xms512m -Xmx512m -XX:+UseG1GC -XX:MaxGCPauseMillis=20"
            + " -XX:InitiatingHeapOccupancyPercent=35 -XX:+ExplicitGCInvokesConcurrent";

    @ParameterizedTest
    @CsvSource({"1Gi, ", "1Gi, 2", "64Gi, 16", "1073741824, 2000m"})
    void whereThereIsRoomForItTheCollectorIsThatOfKafkasScripts(String memory, String cpu) {
        assertThat(of(memory, cpu)).isEqualTo(G1);
    }

    @ParameterizedTest
    @CsvSource({"1023Mi, ", "512Mi, 4", "64Gi, 1900m"})
    void whereThereIsNotJavaChooses(String memory, String cpu) {
        assertThat(of(memory, cpu)).isEqualTo("-Xms512m -Xmx512m");
    }

    @Test
    void whoeverChoosesACollectorHasChosen() {
        assertThat(of("4Gi", null, "-XX:+UseZGC")).isEqualTo("-Xms512m -Xmx512m -XX:+UseZGC");
    }

    @Test
    void whatIsSetBesideComesLastAndWins() {
        assertThat(of("4Gi", null, "-XX:MaxGCPauseMillis=50", "-Dgreeting=good day"))
                .isEqualTo(G1 + " -XX:MaxGCPauseMillis=50 \"-Dgreeting=good day\"");
    }

    private static String of(String memory, String cpu, String... options) {
        var resources = new ResourceRequirementsBuilder().addToLimits("memory", new Quantity(memory));
        if (cpu != null) {
            resources.addToLimits("cpu", new Quantity(cpu));
        }
        return JvmOptions.of(new JvmSpec(512, List.of(options)), resources.build());
    }
}
