package dev.castellan.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NodeInputsTest {
    @TempDir
    Path folder;

    @Test
    void readsTheIdentityAsKubernetesMountsIt() throws IOException {
        // Given
        Files.createDirectory(folder.resolve("..2026_11_21"));
        Files.writeString(folder.resolve("cluster.id"), "Q0xVU1RFUklEMTIzNDU2Nw\n");
        Files.writeString(folder.resolve("formed"), "false");
        Files.writeString(folder.resolve("controllers"), "0, 1000,2000");
        Files.writeString(folder.resolve("initial.controllers"), "0@a:9093:x");
        Files.writeString(folder.resolve("bootstrap.servers"), "a:9093,b:9093");

        // When
        var identity = Identity.of(MountedFiles.directory(folder));

        // Then
        assertThat(identity)
                .isEqualTo(new Identity(
                        "Q0xVU1RFUklEMTIzNDU2Nw",
                        false,
                        Set.of(0, 1000, 2000),
                        "0@a:9093:x",
                        Optional.of("a:9093,b:9093")));
    }

    @Test
    void readsPropertiesAsKafkaDoes() throws IOException {
        // Given
        Path file = Files.writeString(folder.resolve("server.properties"), "a = 1 \nb=x\\\n  y\n# c=2\n");

        // Then
        assertThat(MountedFiles.properties(file)).containsExactlyInAnyOrderEntriesOf(Map.of("a", "1", "b", "xy"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "yes", "True"})
    void refusesToGuessWhetherTheClusterHasFormed(String formed) {
        assertThatThrownBy(() -> Identity.of(Map.of("cluster.id", "x", "formed", formed)))
                .isInstanceOf(Fatal.class)
                .hasMessageContaining("formed");
    }

    @Test
    void namesWhatIsMissingFromTheMounts() {
        assertThatThrownBy(() -> MountedFiles.directory(folder.resolve("none")))
                .isInstanceOf(Fatal.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> MountedFiles.properties(folder.resolve("none")))
                .isInstanceOf(Fatal.class)
                .hasMessageContaining("none");
        assertThatThrownBy(() -> Identity.of(Map.of("formed", "true")))
                .isInstanceOf(Fatal.class)
                .hasMessageContaining("cluster.id");
    }

    @Test
    void readsTheEnvironment() {
        // When
        var environment =
                NodeEnvironment.of(Map.of("POD_NAME", "events-brokers-2000", "NODE_ID", "2000", "HOST_IP", "10.0.0.1"));

        // Then
        assertThat(environment).isEqualTo(new NodeEnvironment("events-brokers-2000", 2000, "10.0.0.1"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-1", "events-0", "1e3"})
    void refusesANodeIdThatIsNone(String nodeId) {
        assertThatThrownBy(() -> NodeEnvironment.of(Map.of("POD_NAME", "a", "NODE_ID", nodeId)))
                .isInstanceOf(Fatal.class)
                .hasMessageContaining(nodeId);
    }
}
