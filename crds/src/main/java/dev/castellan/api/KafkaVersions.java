package dev.castellan.api;

import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The Kafka versions that Castellan runs, as versions.yaml lists them: the one place that a new version is added to. */
public final class KafkaVersions {
    /** By number, so that 4.10.0 comes after 4.9.1. */
    public static final Comparator<String> BY_NUMBER = KafkaVersions::compare;

    /** Feature levels as Kafka names them, oldest first; what is not named so is from a future and comes last. */
    public static final Comparator<String> BY_LEVEL = KafkaVersions::compareLevels;

    private static final Pattern LEVEL = Pattern.compile("(\\d+)\\.(\\d+)-IV(\\d+)");

    private static final List<Entry> ENTRIES = read();

    /**
     * One version.
     *
     * @param metadataVersion the newest feature level that it knows, which new clusters are formatted with
     * @param features levels of Kafka's other features that a new cluster of this version has, where they differ from those
     *     of the version before; may be null
     * @param image without the registry
     */
    private record Entry(String kafka, String metadataVersion, Map<String, Short> features, String image) {}

    private KafkaVersions() {}

    /** All, oldest first. */
    public static List<String> all() {
        return ENTRIES.stream().map(Entry::kafka).toList();
    }

    /** The default of a new cluster. */
    public static String newest() {
        return ENTRIES.getLast().kafka();
    }

    public static boolean isKnown(String version) {
        return all().contains(version);
    }

    /** The image of a known version, without the registry: castellan/kafka:0.1.0-4.4.0. */
    public static String image(String version) {
        return entry(version).image();
    }

    /** The newest feature level that a known version has: 4.4-IV2. */
    public static String metadataVersion(String version) {
        return entry(version).metadataVersion();
    }

    /** Whether a known version can read metadata of this level; the ones that it cannot, it does not start with. */
    public static boolean reads(String version, String metadataVersion) {
        return BY_LEVEL.compare(metadataVersion, metadataVersion(version)) <= 0;
    }

    /** Whether it is named as levels are; of one that is newer than what this operator knows, only the number is known. */
    public static boolean isLevel(String metadataVersion) {
        return LEVEL.matcher(metadataVersion).matches();
    }

    /** The features, by name, that rise no later than metadata.version rises to this level, and how far. */
    public static Map<String, Short> features(String metadataVersion) {
        var features = new TreeMap<String, Short>();
        ENTRIES.stream()
                .filter(entry -> entry.features() != null)
                .filter(entry -> BY_LEVEL.compare(entry.metadataVersion(), metadataVersion) <= 0)
                .forEach(entry -> features.putAll(entry.features()));
        return features;
    }

    private static Entry entry(String version) {
        for (var entry : ENTRIES) {
            if (entry.kafka().equals(version)) {
                return entry;
            }
        }
        throw new IllegalArgumentException("unknown version " + version + "; known: " + String.join(", ", all()));
    }

    private static List<Entry> read() {
        try (var in = KafkaVersions.class.getResourceAsStream("/versions.yaml")) {
            return Stream.of(new YAMLMapper().readValue(in, Entry[].class))
                    .sorted(Comparator.comparing(Entry::kafka, BY_NUMBER))
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("versions.yaml cannot be read", e);
        }
    }

    private static int compareLevels(String left, String right) {
        return left.equals(right) ? 0 : Arrays.compare(levelNumbers(left), levelNumbers(right));
    }

    private static int[] levelNumbers(String level) {
        var matcher = LEVEL.matcher(level);
        return matcher.matches()
                ? new int[] {
                    Integer.parseInt(matcher.group(1)),
                    Integer.parseInt(matcher.group(2)),
                    Integer.parseInt(matcher.group(3))
                }
                : new int[] {Integer.MAX_VALUE};
    }

    private static int compare(String left, String right) {
        return left.equals(right) ? 0 : Arrays.compare(numbers(left), numbers(right));
    }

    private static int[] numbers(String version) {
        var parts = version.split("\\.");
        var numbers = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = Integer.parseInt(parts[i]);
        }
        return numbers;
    }
}
