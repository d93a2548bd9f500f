package dev.castellan.operator.cluster;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;

/** What is wrong with the user's Kafka properties, as far as it can be told without Kafka. */
final class ConfigProblems {
    /** Numbers of copies, and the least of them that must be in sync. */
    private static final Map<String, String> COPIES = Map.of(
            "default.replication.factor", "min.insync.replicas",
            "transaction.state.log.replication.factor", "transaction.state.log.min.isr",
            "share.coordinator.state.topic.replication.factor", "share.coordinator.state.topic.min.isr");

    private static final String OFFSETS = "offsets.topic.replication.factor";

    private ConfigProblems() {}

    static List<Problem> of(SortedMap<String, String> config, int brokers) {
        var problems = new ArrayList<Problem>();
        config.forEach((key, value) ->
                OwnedConfig.reason(key).ifPresent(why -> problems.add(new Problem(field(key), value, why))));
        COPIES.keySet().stream().sorted().forEach(key -> tooMany(config, key, brokers)
                .ifPresent(problems::add));
        tooMany(config, OFFSETS, brokers).ifPresent(problems::add);
        COPIES.entrySet().stream().sorted(Map.Entry.comparingByKey()).forEach(copies -> unreachable(
                        config, copies.getKey(), copies.getValue(), brokers)
                .ifPresent(problems::add));
        return problems;
    }

    /** Kafka would refuse each new topic, and clients would find no coordinator. */
    private static Optional<Problem> tooMany(SortedMap<String, String> config, String key, int brokers) {
        return number(config, key)
                .filter(copies -> copies > brokers)
                .map(copies -> new Problem(
                        field(key),
                        config.get(key),
                        "more copies than there are brokers; set at most " + brokers + ", or more brokers"));
    }

    /** Every write with acks=all would fail, for ever. */
    private static Optional<Problem> unreachable(
            SortedMap<String, String> config, String copiesKey, String minInSyncKey, int brokers) {
        int copies = number(config, copiesKey).orElse(Replication.of(brokers).factor());
        return number(config, minInSyncKey)
                .filter(minInSync -> minInSync > copies)
                .map(minInSync -> new Problem(
                        field(minInSyncKey),
                        config.get(minInSyncKey),
                        "more than the " + copies + " copies that there are (" + copiesKey
                                + "), so that no write would ever be acknowledged; set at most " + copies));
    }

    private static Optional<Integer> number(SortedMap<String, String> config, String key) {
        return Optional.ofNullable(config.get(key))
                .filter(value -> value.matches("\\d{1,9}"))
                .map(Integer::valueOf);
    }

    private static String field(String key) {
        return "spec.config[" + key + "]";
    }
}
