package dev.castellan.crds;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The table of what the API server refuses is whole and well-formed. That it really refuses it, in these words, only a real
 * API server can tell: the end-to-end tests apply all of these files.
 */
class RefusedTest {
    private static final Path REFUSED = Path.of("src/test/resources/refused");
    private static final String EXPECT = "# expect: ";
    private static final Pattern LITERAL = Pattern.compile("'([^']*)'");

    @TestFactory
    Stream<DynamicTest> saysWhatIsExpected() throws IOException {
        return files().stream()
                .map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                    assertThat(Files.readString(file)).startsWith(EXPECT);
                    assertThat(ResourceSchema.documents(Files.readString(file))).hasSizeBetween(1, 2);
                }));
    }

    @TestFactory
    Stream<DynamicTest> refusesOnlyTheUpdateOfTwo() throws IOException {
        return files().stream()
                .filter(file -> ResourceSchema.documents(read(file)).size() == 2)
                .map(file ->
                        DynamicTest.dynamicTest(file.getFileName().toString(), () -> assertThat(ResourceSchema.problems(
                                        ResourceSchema.documents(read(file)).getFirst()))
                                .isEmpty()));
    }

    @TestFactory
    Stream<DynamicTest> hasAnExampleForEveryRule() throws IOException {
        var expected = files().stream().map(RefusedTest::expected).toList();
        var rules = new LinkedHashSet<JsonNode>();
        GeneratedCrds.byName().values().forEach(crd -> crd.findValues("x-kubernetes-validations")
                .forEach(list -> list.forEach(rules::add)));
        return rules.stream()
                .map(rule -> DynamicTest.dynamicTest(rule.path("message").asText(), () -> assertThat(expected)
                        .anyMatch(text -> isFrom(text, rule))));
    }

    /** Whether the text may be from the rule's message: it shares the fixed words of it. */
    private static boolean isFrom(String text, JsonNode rule) {
        return fixedWords(rule).stream()
                .anyMatch(words -> words.contains(text)
                        || (words.length() >= 20 && text.contains(words))
                        || (words.length() >= 20 && text.contains(words.substring(0, 20))));
    }

    private static Set<String> fixedWords(JsonNode rule) {
        if (!rule.has("messageExpression")) {
            return Set.of(rule.path("message").asText());
        }
        var words = new LinkedHashSet<String>();
        LITERAL.matcher(rule.path("messageExpression").asText())
                .results()
                .flatMap(literal -> Stream.of(literal.group(1).split("%[ds]")))
                .forEach(words::add);
        return words;
    }

    private static String expected(Path file) {
        return read(file).lines().findFirst().orElse("").substring(EXPECT.length());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Path> files() throws IOException {
        try (var files = Files.list(REFUSED)) {
            return files.sorted().toList();
        }
    }
}
