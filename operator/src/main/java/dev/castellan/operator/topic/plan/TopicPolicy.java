package dev.castellan.operator.topic.plan;

import static java.util.Objects.requireNonNullElseGet;

import dev.castellan.api.v1beta1.Topics;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;

/**
 * The bounds that the owner of a KafkaCluster sets to its topics. What a KafkaTopic does not declare is chosen within
 * them, or is the cluster's own affair.
 */
public record TopicPolicy(
        Range partitions, Range replicationFactor, Range minInsyncReplicas, Period retention, Optional<String> names) {
    private static final String FIELD = "spec.topics.policy.";

    /** Both ends included. */
    public record Range(Optional<Integer> min, Optional<Integer> max) {
        static Range of(Topics.Bounds bounds) {
            var given = requireNonNullElseGet(bounds, Topics.Bounds::new);
            return new Range(Optional.ofNullable(given.min), Optional.ofNullable(given.max));
        }

        int nearest(int value) {
            var most = Math.min(value, max.orElse(value));
            return Math.max(most, min.orElse(most));
        }
    }

    /** As it was written, such as 7d. */
    public record Period(Optional<String> min, Optional<String> max) {
        private static final Map<Character, Long> MILLIS =
                Map.of('s', 1_000L, 'm', 60_000L, 'h', 3_600_000L, 'd', 86_400_000L);

        static Period of(Topics.Retention retention) {
            var given = requireNonNullElseGet(retention, Topics.Retention::new);
            return new Period(Optional.ofNullable(given.min), Optional.ofNullable(given.max));
        }

        static BigInteger millis(String text) {
            var number = text.substring(0, text.length() - 1);
            return new BigInteger(number).multiply(BigInteger.valueOf(MILLIS.get(text.charAt(text.length() - 1))));
        }
    }

    static TopicPolicy of(Topics.Policy policy) {
        return new TopicPolicy(
                Range.of(policy.partitions),
                Range.of(policy.replicationFactor),
                Range.of(policy.minInsyncReplicas),
                Period.of(policy.retention),
                Optional.ofNullable(policy.namePattern));
    }

    /** The first rule that is broken, and how to keep it. */
    Optional<String> violation(
            String topicName, Optional<Integer> partitionCount, Optional<Integer> factor, Map<String, String> config) {
        return Stream.<Supplier<Optional<String>>>of(
                        () -> ofName(topicName),
                        () -> outside(partitions, "partitions", "spec.partitions", number(partitionCount)),
                        () -> outside(replicationFactor, "replicationFactor", "spec.replicationFactor", number(factor)),
                        () -> outside(
                                minInsyncReplicas,
                                "minInsyncReplicas",
                                "min.insync.replicas",
                                number(config.get("min.insync.replicas"))),
                        () -> ofRetention(number(config.get("retention.ms"))))
                .flatMap(rule -> rule.get().stream())
                .findFirst();
    }

    private Optional<String> ofName(String topicName) {
        return names.flatMap(pattern -> {
            try {
                return Pattern.matches(pattern, topicName)
                        ? Optional.empty()
                        : Optional.of("The name " + topicName + " does not match " + FIELD + "namePattern of the"
                                + " KafkaCluster, " + pattern + ": choose another");
            } catch (PatternSyntaxException e) {
                return Optional.of(FIELD + "namePattern of the KafkaCluster is no regular expression: "
                        + e.getDescription() + "; ask its owner to mend it");
            }
        });
    }

    private static Optional<String> outside(Range range, String rule, String what, Optional<BigInteger> value) {
        return value.flatMap(is -> broken(
                what + " is " + is,
                rule,
                List.of(
                        range.min()
                                .filter(min -> is.compareTo(BigInteger.valueOf(min)) < 0)
                                .map(min -> "min: " + min),
                        range.max()
                                .filter(max -> is.compareTo(BigInteger.valueOf(max)) > 0)
                                .map(max -> "max: " + max))));
    }

    private Optional<String> ofRetention(Optional<BigInteger> value) {
        return value.flatMap(is -> {
            var forEver = is.signum() < 0;
            return broken(
                    "retention.ms is " + is + (forEver ? ", for ever" : ""),
                    "retention",
                    List.of(
                            retention
                                    .min()
                                    .filter(min -> !forEver && is.compareTo(Period.millis(min)) < 0)
                                    .map(min -> "min: " + min),
                            retention
                                    .max()
                                    .filter(max -> forEver || is.compareTo(Period.millis(max)) > 0)
                                    .map(max -> "max: " + max)));
        });
    }

    private static Optional<String> broken(String is, String rule, List<Optional<String>> bounds) {
        return bounds.stream()
                .flatMap(Optional::stream)
                .findFirst()
                .map(bound -> is + ", outside of " + FIELD + rule + " of the KafkaCluster (" + bound
                        + "): stay within it, or ask the cluster's owner");
    }

    private static Optional<BigInteger> number(Optional<Integer> value) {
        return value.map(BigInteger::valueOf);
    }

    /** What is no number Kafka itself will refuse. */
    private static Optional<BigInteger> number(String value) {
        return Optional.ofNullable(value)
                .filter(text -> text.matches("-?[0-9]{1,30}"))
                .map(BigInteger::new);
    }
}
