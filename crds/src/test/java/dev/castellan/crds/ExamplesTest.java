package dev.castellan.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/** What users copy is right: every example passes the CRDs and says what it shows. */
class ExamplesTest {
    private static final Path EXAMPLES = Path.of("../examples");

    @TestFactory
    Stream<DynamicTest> passTheSchema() throws IOException {
        return find(file -> file.toString().endsWith(".yaml"))
                .map(file -> DynamicTest.dynamicTest(EXAMPLES.relativize(file).toString(), () -> {
                    var resources = ResourceSchema.documents(Files.readString(file));
                    assertThat(resources).isNotEmpty();
                    assertThat(resources)
                            .filteredOn(resource -> !isOfFlux(resource))
                            .allSatisfy(resource -> assertThat(ResourceSchema.problems(resource))
                                    .isEmpty());
                }));
    }

    @TestFactory
    Stream<DynamicTest> areExplained() throws IOException {
        var overview = Files.readString(EXAMPLES.resolve("README.md"));
        return find(folder -> Files.isDirectory(folder) && EXAMPLES.equals(folder.getParent()))
                .map(folder -> DynamicTest.dynamicTest(folder.getFileName().toString(), () -> {
                    assertThat(folder.resolve("README.md")).isNotEmptyFile();
                    assertThat(overview).contains("(" + folder.getFileName() + "/)");
                }));
    }

    /** Those the API server looks at, with Flux's own schemas, in the end-to-end tests. */
    private static boolean isOfFlux(JsonNode resource) {
        return resource.path("apiVersion").asText().contains(".toolkit.fluxcd.io/");
    }

    private static Stream<Path> find(Predicate<Path> wanted) throws IOException {
        try (var files = Files.walk(EXAMPLES)) {
            return files.filter(wanted).sorted().toList().stream();
        }
    }
}
