package dev.castellan.operator.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CommandsTest {
    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void whatIsMissingIsNamed() {
        assertThat(run("topics", "import", "--cluster", "events")).isEqualTo(2);
        assertThat(err.toString()).contains("Missing required option: '--bootstrap-server=HOST:PORT'");
        assertThat(run("topics")).isEqualTo(2);
        assertThat(run("topic")).isEqualTo(2);
    }

    @Test
    void aKafkaThatIsNotThereIsToldOfInOneSentence() {
        assertThat(run("topics", "import", "--cluster", "events", "--bootstrap-server", "nowhere.invalid:9092"))
                .isEqualTo(1);
        assertThat(err.toString())
                .startsWith("Kafka: connect to nowhere.invalid:9092: ")
                .hasLineCount(1);
        assertThat(out.toString()).isEmpty();
    }

    @Test
    void aPlanWithoutKubernetesMustBeToldWhereKafkaIs(@TempDir Path folder) throws IOException {
        assertThat(run("topics", "plan")).isEqualTo(2);
        assertThat(run("topics", "plan", "--without-kubernetes", folder.toString()))
                .isZero();
        assertThat(out.toString())
                .isEqualTo("0 KafkaTopics: 0 would change something, 0 would not come to be as declared\n");
        Files.writeString(folder.resolve("topics.yaml"), """
                apiVersion: castellan.dev/v1beta1
                kind: KafkaTopic
                metadata: {name: orders}
                spec: {clusterRef: {name: events}}
                """);
        assertThat(run("topics", "plan", "--without-kubernetes", folder.toString()))
                .isEqualTo(2);
        assertThat(err.toString())
                .contains("KafkaCluster default/events is not asked: say with --bootstrap-server where Kafka answers");
        Files.writeString(folder.resolve("topics.yaml"), "kind: {");
        assertThat(run("topics", "plan", "--without-kubernetes", folder.toString()))
                .isEqualTo(1);
        assertThat(err.toString()).contains("topics.yaml: ");
    }

    @Test
    void helpTellsOfEveryOption() {
        assertThat(run("topics", "import", "--help")).isZero();
        assertThat(out.toString())
                .contains("--bootstrap-server", "--cluster", "--cluster-namespace", "--namespace", "--topics");
        assertThat(run("topics", "plan", "--help")).isZero();
        assertThat(out.toString())
                .contains(
                        "FILE...", "--bootstrap-server", "--namespace", "--prune", "--without-kubernetes", "Exit code");
    }

    private int run(String... arguments) {
        return Commands.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
