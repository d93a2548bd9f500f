package dev.castellan.operator.cluster;

import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What Kafka is told while it runs, instead of being restarted for it.
 *
 * @param version of Kafka that all nodes shall have
 * @param properties those of the nodes' files that Kafka takes dynamically
 * @param owned keys that may have been set in Kafka by us: those of others are never touched
 */
public record DynamicConfig(String version, SortedMap<String, String> properties, SortedSet<String> owned) {

    /** @param file all properties that a node's file shall have */
    public static DynamicConfig of(String version, Map<String, String> file, Collection<StatefulSet> live) {
        var properties = new TreeMap<>(file);
        properties.keySet().removeIf(key -> !DynamicKeys.isDynamic(version, key));
        return new DynamicConfig(version, properties, owned(live).orElseGet(() -> new TreeSet<>(properties.keySet())));
    }

    /** What Kafka can be told; a value that differs from node to node is left to the files. */
    public SortedMap<String, String> declared() {
        var declared = new TreeMap<>(properties);
        declared.entrySet().removeIf(entry -> !DynamicKeys.isDynamic(version, entry.getKey(), entry.getValue()));
        return declared;
    }

    /** The owned keys as they are put on record. */
    public String record() {
        return record(owned);
    }

    public static String record(SortedSet<String> keys) {
        return String.join(",", keys);
    }

    /** Every set remembers them, so that any that is left will do; empty where there is none yet. */
    private static Optional<SortedSet<String>> owned(Collection<StatefulSet> live) {
        return live.stream()
                .flatMap(set -> recorded(set).stream())
                .map(DynamicConfig::keys)
                .reduce((one, other) -> {
                    one.addAll(other);
                    return one;
                });
    }

    public static Optional<String> recorded(StatefulSet set) {
        return Optional.ofNullable(set.getMetadata().getAnnotations())
                .map(annotations -> annotations.get(Annotations.DYNAMIC_CONFIG));
    }

    private static SortedSet<String> keys(String joined) {
        var keys = new TreeSet<>(Arrays.asList(joined.split(",")));
        keys.remove("");
        return keys;
    }
}
