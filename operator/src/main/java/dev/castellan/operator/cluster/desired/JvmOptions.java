package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.JvmSpec;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Options of the java command in one line, as JDK_JAVA_OPTIONS takes them. */
final class JvmOptions {
    private JvmOptions() {}

    /** The whole heap at once: a node that cannot have it shall fail at its start, not under load. */
    static String of(JvmSpec jvm) {
        var heap = Stream.of("-Xms" + jvm.heapMebibytes() + "m", "-Xmx" + jvm.heapMebibytes() + "m");
        return Stream.concat(heap, jvm.options().stream().map(JvmOptions::quoted))
                .collect(Collectors.joining(" "));
    }

    /** JDK_JAVA_OPTIONS is split at spaces that are not in quotes; it knows no escapes. */
    private static String quoted(String option) {
        if (option.chars().noneMatch(Character::isWhitespace)) {
            return option;
        }
        return option.contains("\"") ? "'" + option + "'" : "\"" + option + "\"";
    }
}
