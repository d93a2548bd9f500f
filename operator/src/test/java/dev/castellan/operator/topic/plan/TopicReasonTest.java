package dev.castellan.operator.topic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class TopicReasonTest {
    private static final Pattern ROW = Pattern.compile("(?m)^\\| `([A-Za-z]+)` \\| (?:True|False)");

    @Test
    void usersFindEachReasonInTheManual() throws IOException {
        var manual = Files.readString(Path.of("../docs/topics.md"));

        assertThat(ROW.matcher(manual).results().map(row -> row.group(1)).toList())
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(TopicReason.values()).map(Enum::name).toList());
    }
}
