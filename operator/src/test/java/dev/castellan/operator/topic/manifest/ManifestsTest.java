package dev.castellan.operator.topic.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.operator.topic.manifest.Manifests.Unreadable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ManifestsTest {
    @TempDir
    private Path folder;

    private final Manifests manifests = new Manifests("kafka");

    @Test
    void readsOursOutOfAFolderAndPassesOverAllElse() throws IOException {
        write("a.yaml", """
                apiVersion: castellan.dev/v1beta1
                kind: KafkaTopic
                metadata: {name: orders}
                spec: {clusterRef: {name: events}, config: {retention.ms: 5}}
                ---
                apiVersion: v1
                kind: ConfigMap
                metadata: {name: other}
                ---
                """);
        write("deep/b.json", """
                {"apiVersion": "v1", "kind": "List", "items": [
                  {"apiVersion": "castellan.dev/v1beta1", "kind": "KafkaTopic",
                   "metadata": {"name": "clicks", "namespace": "web"}, "spec": {"clusterRef": {"name": "events"}}},
                  {"apiVersion": "castellan.dev/v1beta1", "kind": "KafkaCluster",
                   "metadata": {"name": "events"}, "spec": {"brokers": {"replicas": 3}}}]}
                """);
        write("README.md", "kind: KafkaTopic");

        manifests.read(folder);

        assertThat(manifests.topics())
                .extracting(topic -> topic.getMetadata().getNamespace() + "/"
                        + topic.getMetadata().getName())
                .containsExactly("kafka/orders", "web/clicks");
        assertThat(manifests.clusters()).hasSize(1);
    }

    @Test
    void aFileThatIsNamedIsReadWhateverItsName() throws IOException {
        write("topics.txt", """
                {"apiVersion": "castellan.dev/v1beta1", "kind": "KafkaTopic",
                 "metadata": {"name": "clicks"}, "spec": {"clusterRef": {"name": "events"}}}
                """);

        manifests.read(folder.resolve("topics.txt"));

        assertThat(manifests.topics()).hasSize(1);
    }

    @Test
    void whatIsWrongIsNamedWithItsFile() throws IOException {
        fails("{metadata: {name: orders}, spec: {clusterRef: {name: events}, partitons: 3}}")
                .hasMessageContaining("a.yaml: KafkaTopic orders: Unrecognized field \"partitons\"");
        fails("{metadata: {name: orders}, spec: {partitions: 3}}")
                .hasMessageEndingWith(
                        "a.yaml: KafkaTopic orders: spec.clusterRef.name is missing: name the KafkaCluster there");
        fails("{spec: {clusterRef: {name: events}}}")
                .hasMessageEndingWith("a.yaml: KafkaTopic without a name: metadata.name is missing");
        write("a.yaml", "kind: {KafkaTopic");
        assertThatThrownBy(() -> manifests.read(folder)).hasMessageContaining("a.yaml: ");
        assertThatThrownBy(() -> manifests.read(folder.resolve("nowhere")))
                .isInstanceOf(Unreadable.class)
                .hasMessageContaining("nowhere: cannot be read");
    }

    private AbstractThrowableAssert<?, ? extends Throwable> fails(String topic) throws IOException {
        write("a.yaml", topic.replaceFirst("\\{", "{apiVersion: castellan.dev/v1beta1, kind: KafkaTopic, "));
        return assertThatThrownBy(() -> manifests.read(folder)).isInstanceOf(Unreadable.class);
    }

    private void write(String file, String text) throws IOException {
        Files.createDirectories(folder.resolve(file).getParent());
        Files.writeString(folder.resolve(file), text);
    }
}
