package dev.castellan.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What must not be refused passes the schema; that the rules let it pass too, the end-to-end tests see on a real API server:
 * the first document is created, the second, where there is one, is an update of it.
 */
class AcceptedTest {
    private static final Path ACCEPTED = Path.of("src/test/resources/accepted");

    @TestFactory
    Stream<DynamicTest> passesTheSchema() throws IOException {
        try (var files = Files.list(ACCEPTED)) {
            return files.sorted().toList().stream()
                    .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> assertThat(
                                    ResourceSchema.documents(Files.readString(file)))
                            .hasSizeBetween(1, 2)
                            .allSatisfy(resource -> assertThat(ResourceSchema.problems(resource))
                                    .isEmpty())));
        }
    }
}
