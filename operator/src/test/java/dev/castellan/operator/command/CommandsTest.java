package dev.castellan.operator.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

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
    void helpTellsOfEveryOption() {
        assertThat(run("topics", "import", "--help")).isZero();
        assertThat(out.toString())
                .contains("--bootstrap-server", "--cluster", "--cluster-namespace", "--namespace", "--topics");
    }

    private int run(String... arguments) {
        return Commands.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
