package dev.castellan.operator.cluster.desired;

import dev.castellan.operator.cluster.JvmSpec;
import io.fabric8.kubernetes.api.model.Quantity;
import io.fabric8.kubernetes.api.model.ResourceRequirements;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Options of the java command in one line, as JDK_JAVA_OPTIONS takes them. */
final class JvmOptions {
    /** Those of Kafka's own scripts. Left to itself, Java takes the serial collector below 1792 MB. */
    private static final List<String> COLLECTOR = List.of(
            "-XX:+UseG1GC",
            "-XX:MaxGCPauseMillis=20",
            "-XX:InitiatingHeapOccupancyPercent=35",
            "-XX:+ExplicitGCInvokesConcurrent");

    /** With less memory, or a processor alone, what a second collector thread gains is less than what it takes. */
    private static final Quantity LEAST_MEMORY = new Quantity("1Gi");

    private static final Quantity LEAST_CPU = new Quantity("2");

    private JvmOptions() {}

    /** The whole heap at once: a node that cannot have it shall fail at its start, not under load. */
    static String of(JvmSpec jvm, ResourceRequirements resources) {
        var heap = Stream.of("-Xms" + jvm.heapMebibytes() + "m", "-Xmx" + jvm.heapMebibytes() + "m");
        return Stream.of(heap, collector(jvm, resources), jvm.options().stream().map(JvmOptions::quoted))
                .flatMap(options -> options)
                .collect(Collectors.joining(" "));
    }

    /** Java takes no two: whoever chooses one has chosen. */
    private static Stream<String> collector(JvmSpec jvm, ResourceRequirements resources) {
        boolean isChosen = jvm.options().stream().anyMatch(option -> option.matches("-XX:[+-]Use\\w+GC"));
        return !isChosen && isAtLeast(resources, "memory", LEAST_MEMORY) && isAtLeast(resources, "cpu", LEAST_CPU)
                ? COLLECTOR.stream()
                : Stream.of();
    }

    /** What has no limit has what the Kubernetes node has. */
    private static boolean isAtLeast(ResourceRequirements resources, String resource, Quantity least) {
        return Optional.ofNullable(resources.getLimits().get(resource))
                .map(limit -> Quantity.getAmountInBytes(limit).compareTo(Quantity.getAmountInBytes(least)) >= 0)
                .orElse(true);
    }

    /** JDK_JAVA_OPTIONS is split at spaces that are not in quotes; it knows no escapes. */
    private static String quoted(String option) {
        if (option.chars().noneMatch(Character::isWhitespace)) {
            return option;
        }
        return option.contains("\"") ? "'" + option + "'" : "\"" + option + "\"";
    }
}
