package dev.castellan.operator.placement;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * How our own copying of replicas is slowed down, and how we know it again: a topic names the replicas that keep to a
 * rate, the cluster says the rate. Both bear a sign that nobody else would give them, so that what others have set is
 * left alone, and what we have set is found after a crash.
 *
 * <p>The rate comes before the topics' keys and goes after them: while a topic bears our sign, so does the rate.
 */
public final class Throttle {
    private static final String LEADERS = "leader.replication.throttled.replicas";
    private static final String FOLLOWERS = "follower.replication.throttled.replicas";
    private static final String LEADER_RATE = "leader.replication.throttled.rate";
    private static final String FOLLOWER_RATE = "follower.replication.throttled.rate";

    /** Whose copies a topic's keys slow down; each names a broker that cannot be. */
    public enum Sign {
        /** A change of the topic's own replication factor, which its KafkaTopic asks for. */
        TOPIC("0:" + Integer.MAX_VALUE),

        /** A change of the brokers that hold replicas, which the KafkaCluster asks for. */
        CLUSTER("0:" + (Integer.MAX_VALUE - 1));

        private final String name;

        Sign(String name) {
            this.name = name;
        }
    }

    private Throttle() {}

    /** Whoever set it: it belongs to a move of replicas, and goes with it. */
    public static boolean isKeyOfTopics(String key) {
        return LEADERS.equals(key) || FOLLOWERS.equals(key);
    }

    /** Whether the topic's keys bear the sign. */
    public static boolean isSigned(Sign sign, Map<String, String> topicConfig) {
        return names(topicConfig, LEADERS).contains(sign.name)
                || names(topicConfig, FOLLOWERS).contains(sign.name);
    }

    public static boolean isSigned(Map<String, String> topicConfig) {
        return Arrays.stream(Sign.values()).anyMatch(sign -> isSigned(sign, topicConfig));
    }

    /** Whether somebody else slows the topic's replicas down: anybody but who signs so. */
    public static boolean isOfOthers(Sign sign, Map<String, String> topicConfig) {
        return List.of(LEADERS, FOLLOWERS).stream()
                .map(key -> names(topicConfig, key))
                .anyMatch(names -> !names.isEmpty() && !names.contains(sign.name));
    }

    /**
     * A reassignment that we began: all that it adds was named by us. For a topic's own sake it takes nothing away, since no
     * change of a replication factor does both.
     */
    public static boolean isOurs(Sign sign, Ongoing ongoing, Map<String, String> topicConfig) {
        var names = names(topicConfig, FOLLOWERS);
        return names.contains(sign.name)
                && !ongoing.adding().isEmpty()
                && (sign == Sign.CLUSTER || ongoing.removing().isEmpty())
                && ongoing.adding().stream().allMatch(id -> names.contains(ongoing.partition() + ":" + id));
    }

    /** Those that copy, and those that they copy from; the latter only matter while a replica is not in sync. */
    public static ConfigChange of(Sign sign, Collection<Ongoing> copies) {
        var leaders = new TreeSet<>(Set.of(sign.name));
        var followers = new TreeSet<>(Set.of(sign.name));
        for (var copy : copies) {
            for (int id : copy.replicas()) {
                (copy.adding().contains(id) ? followers : leaders).add(copy.partition() + ":" + id);
            }
        }
        return new ConfigChange(
                Map.of(LEADERS, String.join(",", leaders), FOLLOWERS, String.join(",", followers)), List.of());
    }

    /** Takes away what bears the sign of the topic's two keys. */
    public static ConfigChange none(Sign sign, Map<String, String> topicConfig) {
        return new ConfigChange(
                Map.of(),
                List.of(LEADERS, FOLLOWERS).stream()
                        .filter(key -> names(topicConfig, key).contains(sign.name))
                        .toList());
    }

    public static boolean isRateOurs(Map<String, String> clusterConfig) {
        return Rate.isSigned(clusterConfig.get(LEADER_RATE)) || Rate.isSigned(clusterConfig.get(FOLLOWER_RATE));
    }

    /** Bytes a second, as we have set them. */
    public static Optional<Long> rateOfOurs(Map<String, String> clusterConfig) {
        return Optional.ofNullable(clusterConfig.get(FOLLOWER_RATE))
                .filter(Rate::isSigned)
                .map(Long::valueOf);
    }

    /** What should be set: what is, as often as it has been raised, unless the pace is another now. */
    public static Rate rate(Pace pace, Map<String, String> clusterConfig) {
        return Rate.of(pace, clusterConfig.get(FOLLOWER_RATE)).orElse(Rate.of(pace));
    }

    /** Somebody else says how fast the whole cluster copies. */
    public static boolean isRateOfOthers(Map<String, String> clusterConfig) {
        return List.of(LEADER_RATE, FOLLOWER_RATE).stream()
                .map(clusterConfig::get)
                .anyMatch(rate -> rate != null && !Rate.isSigned(rate));
    }

    public static ConfigChange rate(Rate rate) {
        return new ConfigChange(Map.of(LEADER_RATE, rate.digits(), FOLLOWER_RATE, rate.digits()), List.of());
    }

    /** Whether it is just that rate that is set. */
    public static boolean isRate(Rate rate, Map<String, String> clusterConfig) {
        return clusterConfig.entrySet().containsAll(rate(rate).set().entrySet());
    }

    public static ConfigChange noRate(Map<String, String> clusterConfig) {
        return new ConfigChange(
                Map.of(),
                List.of(LEADER_RATE, FOLLOWER_RATE).stream()
                        .filter(key -> Rate.isSigned(clusterConfig.get(key)))
                        .toList());
    }

    private static List<String> names(Map<String, String> topicConfig, String key) {
        var value = topicConfig.getOrDefault(key, "").trim();
        return value.isEmpty() ? List.of() : Arrays.asList(value.split("\\s*,\\s*"));
    }
}
