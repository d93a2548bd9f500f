package dev.castellan.operator.topic.forecast;

import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import dev.castellan.operator.placement.Throttle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What differs between a topic as it is and as it would be, in words. Pure. */
public final class Changes {
    private static final String BY_DEFAULT = "the cluster's default";

    private Changes() {}

    /** A line for each; none: they are the same. */
    public static List<String> between(Optional<TopicDetails> before, Optional<TopicDetails> after) {
        if (before.isEmpty()) {
            return after.map(Changes::creation).map(List::of).orElse(List.of());
        }
        return after.map(details -> between(before.get(), details)).orElse(List.of("- deleted, with all its records"));
    }

    private static String creation(TopicDetails topic) {
        var properties = own(topic).entrySet().stream()
                .map(property -> ", " + property.getKey() + "=" + property.getValue())
                .collect(Collectors.joining());
        return "+ created: partitions=%d, replicationFactor=%s%s"
                .formatted(partitions(topic), factor(topic), properties);
    }

    private static List<String> between(TopicDetails before, TopicDetails after) {
        var changes = new ArrayList<String>();
        if (partitions(before) != partitions(after)) {
            changes.add("~ partitions: %d → %d; records of a key may go to another partition than before"
                    .formatted(partitions(before), partitions(after)));
        }
        if (!factor(before).equals(factor(after))) {
            changes.add("~ replicationFactor: %s → %s".formatted(factor(before), factor(after)));
        }
        var was = own(before);
        var is = own(after);
        var keys = new TreeSet<>(was.keySet());
        keys.addAll(is.keySet());
        for (var key : keys) {
            var from = was.getOrDefault(key, BY_DEFAULT);
            var to = is.getOrDefault(key, BY_DEFAULT);
            if (!from.equals(to)) {
                changes.add("~ %s: %s → %s".formatted(key, from, to));
            }
        }
        return changes;
    }

    private static int partitions(TopicDetails topic) {
        return topic.topic().partitions().size();
    }

    /** Partitions may differ. */
    private static String factor(TopicDetails topic) {
        return topic.topic().partitions().stream()
                .map(partition -> partition.replicas().size())
                .collect(Collectors.toCollection(TreeSet::new))
                .stream()
                .map(String::valueOf)
                .collect(Collectors.joining("/"));
    }

    /** Throttles come and go with copies. */
    private static Map<String, String> own(TopicDetails topic) {
        var config = new TreeMap<>(topic.config());
        config.keySet().removeIf(Throttle::isKeyOfTopics);
        return config;
    }
}
