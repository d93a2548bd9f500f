package dev.castellan.crds;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** What is generated from the Java types and committed is what they say now; {@code -Dcrds.update} writes it anew. */
class GeneratedFilesTest {
    private static final Path CRDS = Path.of("src/main/crds");
    private static final Path REFERENCE = Path.of("../docs/api-reference.md");
    private static final int LARGEST = 100_000;

    @BeforeAll
    static void update() throws IOException {
        if (Boolean.getBoolean("crds.update")) {
            for (var file : generated().entrySet()) {
                Files.createDirectories(file.getKey().getParent());
                Files.writeString(file.getKey(), file.getValue());
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> isWhatTheTypesSay() {
        return generated().entrySet().stream()
                .map(file -> DynamicTest.dynamicTest(file.getKey().toString(), () -> {
                    assertThat(file.getKey())
                            .as("run `make crds` and commit what it writes")
                            .content()
                            .isEqualTo(file.getValue());
                }));
    }

    @Test
    void nothingElseLiesAmongThem() throws IOException {
        try (var files = Files.list(CRDS)) {
            assertThat(files)
                    .containsExactlyInAnyOrderElementsOf(GeneratedCrds.byName().keySet().stream()
                            .map(GeneratedFilesTest::file)
                            .toList());
        }
    }

    @TestFactory
    Stream<DynamicTest> isSmallEnoughToBeAppliedByAnyTool() {
        return GeneratedCrds.byName().entrySet().stream()
                .map(crd -> DynamicTest.dynamicTest(crd.getKey(), () -> assertThat(GeneratedCrds.yaml(crd.getValue()))
                        .hasSizeLessThan(LARGEST)));
    }

    private static SortedMap<Path, String> generated() {
        var files = new TreeMap<Path, String>();
        GeneratedCrds.byName().forEach((name, crd) -> files.put(file(name), GeneratedCrds.yaml(crd)));
        files.put(REFERENCE, ApiReference.of(GeneratedCrds.byName()));
        return files;
    }

    private static Path file(String crd) {
        return CRDS.resolve(crd + ".yaml");
    }
}
