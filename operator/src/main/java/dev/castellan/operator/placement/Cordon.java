package dev.castellan.operator.placement;

import dev.castellan.api.KafkaVersions;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * How a broker is kept from getting new replicas (KIP-1066), and how we know again which we keep so: that is on record among the
 * properties of the whole cluster, where it means nothing to Kafka, whatever becomes of the broker and of all that Kubernetes
 * remembers.
 *
 * <p>The record comes before the broker's own property and goes after it: what is not on record is somebody else's.
 */
public final class Cordon {
    private static final String DIRECTORIES = "cordoned.log.dirs";
    private static final String ALL = "*";
    private static final String BARRING = "4.4-IV0";

    /** Ends in the broker's id. Kafka takes it for a secret, and tells of the name alone. */
    private static final String RECORD = "castellan.cordoned.";

    private static final Pattern RECORDED = Pattern.compile(Pattern.quote(RECORD) + "[0-9]{1,9}");

    private Cordon() {}

    /** Of the broker's own properties. */
    public static ConfigChange set() {
        return new ConfigChange(Map.of(DIRECTORIES, ALL), List.of());
    }

    public static ConfigChange none() {
        return new ConfigChange(Map.of(), List.of(DIRECTORIES));
    }

    /** Of the cluster's properties. */
    public static ConfigChange record(Collection<Integer> brokers) {
        return new ConfigChange(brokers.stream().collect(Collectors.toMap(id -> RECORD + id, id -> ALL)), List.of());
    }

    public static ConfigChange noRecord(Collection<Integer> brokers) {
        return new ConfigChange(
                Map.of(), brokers.stream().map(id -> RECORD + id).toList());
    }

    /** Those that we have cordoned, or may have. */
    public static SortedSet<Integer> onRecord(Map<String, String> clusterConfig) {
        return clusterConfig.keySet().stream()
                .filter(key -> RECORDED.matcher(key).matches())
                .map(key -> Integer.valueOf(key.substring(RECORD.length())))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /**
     * Brokers that say that they take nothing new, as Kafka's controller sees it: of directories that are offline it asks nothing.
     *
     * @param before who did when they were asked before: of one that does not tell now that is the best that is known
     * @param told by broker and directory
     */
    public static SortedSet<Integer> told(Collection<Integer> before, Map<Integer, Map<String, LogDirectory>> told) {
        var cordoned = new TreeSet<>(before);
        cordoned.removeAll(told.keySet());
        told.forEach((id, directories) -> {
            var online = directories.values().stream()
                    .filter(directory -> !directory.offline())
                    .toList();
            if (!online.isEmpty() && online.stream().allMatch(LogDirectory::cordoned)) {
                cordoned.add(id);
            }
        });
        return cordoned;
    }

    /**
     * Whether Kafka changes no partition of which a replica is to lie on a cordoned broker, even one that lies there already. Since 4.4
     * it does not (KAFKA-20832); an older one asks no such thing of who says where replicas are to lie. Which of them leads the quorum
     * is not known, but by whom this level can be finalised.
     */
    public static boolean bars(String metadataVersion) {
        return KafkaVersions.BY_LEVEL.compare(metadataVersion, BARRING) >= 0;
    }

    /** Those of them that we do not keep so: somebody else does. */
    public static SortedSet<Integer> ofOthers(Collection<Integer> cordoned, Map<String, String> clusterConfig) {
        var others = new TreeSet<>(cordoned);
        others.removeAll(onRecord(clusterConfig));
        return others;
    }
}
