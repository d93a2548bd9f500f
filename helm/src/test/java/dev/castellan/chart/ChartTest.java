package dev.castellan.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What the chart renders is what was looked at and committed; {@code -Dgolden.update} writes it anew. */
class ChartTest {
    private static final Path GOLDEN = Path.of("src/test/resources/golden");
    private static final Path REFUSED = Path.of("src/test/resources/refused");

    @Test
    void lints() {
        var result = Chart.helm().lint().call();
        assertThat(result.isFailed())
                .as(String.join("\n", result.getMessages()))
                .isFalse();
        assertThat(result.getMessages()).noneMatch(message -> message.contains("[WARNING]"));
    }

    @TestFactory
    Stream<DynamicTest> rendersAsCommitted() throws IOException {
        return list(GOLDEN)
                .map(example -> DynamicTest.dynamicTest(example.getFileName().toString(), () -> {
                    String rendered = Chart.render(example.resolve("values.yaml"));
                    Path golden = example.resolve("rendered.yaml");
                    if (Boolean.getBoolean("golden.update")) {
                        Files.writeString(golden, rendered);
                    }
                    assertThat(rendered).as("-Dgolden.update writes it anew").isEqualTo(Files.readString(golden));
                }));
    }

    @TestFactory
    Stream<DynamicTest> refusesValues() throws IOException {
        return list(REFUSED)
                .map(values -> DynamicTest.dynamicTest(values.getFileName().toString(), () -> {
                    String expected = Files.readAllLines(values).getFirst().replaceFirst("# expect: ", "");
                    assertThatThrownBy(() -> Chart.render(values)).hasMessageContaining(expected);
                }));
    }

    private static Stream<Path> list(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.sorted().toList().stream();
        }
    }
}
