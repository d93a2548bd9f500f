package dev.castellan.operator.cluster.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.plan.Step;
import dev.castellan.operator.kube.Annotations;
import dev.castellan.operator.kube.Labels;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Scripts, dashboards and people go by these names: each is in the manual, and none that there is not. */
class DocumentedStatusTest {
    private static final Path SOURCES = Path.of("src/main/java/dev/castellan/operator/cluster");
    private static final Pattern EVENT = Pattern.compile("EventType\\.\\w+,\\s*\"(\\w+)\"");

    private final String manual = read(Path.of("../docs/status.md"));

    @Test
    void conditionsAndTheirReasons() {
        var enums = Arrays.stream(Step.class.getDeclaredClasses()).filter(Class::isEnum);

        assertThat(rows("reason"))
                .containsExactlyInAnyOrderElementsOf(Stream.concat(Stream.of(Reason.class), enums)
                        .flatMap(type -> Arrays.stream(type.getEnumConstants()))
                        .map(Object::toString)
                        .toList());
    }

    @Test
    void steps() {
        var steps = Arrays.stream(Step.class.getPermittedSubclasses()).map(Class::getSimpleName);

        assertThat(rows("step"))
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(steps, Stream.of("Paused")).toList());
    }

    @Test
    void events() throws IOException {
        try (var files = Files.walk(SOURCES)) {
            assertThat(files.filter(file -> file.toString().endsWith(".java"))
                            .flatMap(file -> EVENT.matcher(read(file)).results())
                            .map(event -> event.group(1)))
                    .isNotEmpty()
                    .allSatisfy(event -> assertThat(manual).contains("`" + event + "`"));
        }
    }

    @Test
    void labelsAndAnnotations() {
        assertThat(constants(Labels.class).filter(name -> name.startsWith(Labels.PREFIX)))
                .hasSizeGreaterThan(5)
                .allSatisfy(label -> assertThat(manual).contains("`" + label + "`"));
        assertThat(rows("annotation"))
                .containsExactlyInAnyOrderElementsOf(
                        constants(Annotations.class).toList());
    }

    private static Stream<String> constants(Class<?> type) {
        return Arrays.stream(type.getDeclaredFields())
                .filter(field -> Modifier.isPublic(field.getModifiers()) && field.getType() == String.class)
                .map(DocumentedStatusTest::value)
                .filter(name -> !name.equals(Labels.PREFIX));
    }

    private static String value(Field field) {
        try {
            return (String) field.get(null);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** First cells of the table with this title. */
    private List<String> rows(String title) {
        var table = manual.substring(manual.indexOf("| " + title + " |"));
        return table.lines()
                .skip(2)
                .takeWhile(line -> line.startsWith("|"))
                .map(line -> line.replaceFirst("^\\| `([^`]+)`.*", "$1"))
                .toList();
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
