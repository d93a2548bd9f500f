package dev.castellan.operator.cluster;

import dev.castellan.api.KafkaVersions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Which of Kafka's properties it takes for the whole cluster while it runs, by version; dynamic-config.txt lists them. */
public final class DynamicKeys {
    /** With a placeholder a value differs from node to node, so that no one setting of the cluster could replace it. */
    private static final String PLACEHOLDER = "${";

    private static final Map<String, Key> KEYS = read();

    /** @param fallback Kafka's own default; empty: none that could be set */
    private record Key(String since, Optional<String> fallback) {}

    private DynamicKeys() {}

    public static Set<String> all() {
        return KEYS.keySet();
    }

    public static boolean isDynamic(String version, String key) {
        return Optional.ofNullable(KEYS.get(key))
                .filter(known -> !version.isEmpty())
                .filter(known -> KafkaVersions.BY_NUMBER.compare(known.since(), version) <= 0)
                .isPresent();
    }

    public static boolean isDynamic(String version, String key, String value) {
        return isDynamic(version, key) && !value.contains(PLACEHOLDER);
    }

    /** Kafka's own default as a value that can be set. */
    public static Optional<String> defaultOf(String key) {
        return Optional.ofNullable(KEYS.get(key)).flatMap(Key::fallback);
    }

    /**
     * Whether a node whose file says one thing can be brought to the other while it runs. Taking away what stands in its
     * file needs a default to set in its place.
     *
     * @param from null: the file does not have the property
     * @param to null: it shall not be set
     */
    public static boolean canChange(String version, String key, String from, String to) {
        return isDynamic(version, key)
                && (from == null || !from.contains(PLACEHOLDER))
                && (to == null ? defaultOf(key).isPresent() : !to.contains(PLACEHOLDER));
    }

    /** Pools of threads, which Kafka lets grow to the double and shrink to the half at a time. */
    public static boolean isThreads(String key) {
        return key.contains("thread") || key.equals("num.replica.fetchers");
    }

    private static Map<String, Key> read() {
        try (var in = new BufferedReader(new InputStreamReader(
                DynamicKeys.class.getResourceAsStream("/dynamic-config.txt"), StandardCharsets.UTF_8))) {
            return in.lines()
                    .filter(line -> !line.startsWith("#"))
                    .map(line -> line.split(" ", 3))
                    .collect(Collectors.toUnmodifiableMap(
                            words -> words[0], words -> new Key(words[1], fallback(words[2])), (one, other) -> one));
        } catch (IOException e) {
            throw new UncheckedIOException("dynamic-config.txt cannot be read", e);
        }
    }

    private static Optional<String> fallback(String word) {
        return word.equals("-") ? Optional.empty() : Optional.of(word.substring(1, word.length() - 1));
    }
}
