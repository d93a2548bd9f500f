package dev.castellan.operator.topic.plan;

import static java.util.Objects.requireNonNullElse;
import static java.util.Objects.requireNonNullElseGet;

import com.fasterxml.jackson.databind.JsonNode;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Topics;
import dev.castellan.operator.placement.Pace;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What the owner of a KafkaCluster says about its topics, without nulls.
 *
 * @param pace of replicas that are copied
 * @param namespace of the KafkaCluster, whose KafkaTopics need no leave
 */
public record TopicTerms(
        String namespace,
        List<Leave> leaves,
        Optional<Integer> partitions,
        Optional<Integer> replicationFactor,
        SortedMap<String, String> config,
        TopicPolicy policy,
        Pace pace) {
    /**
     * Leave for KafkaTopics of another namespace.
     *
     * @param namespace * stands for any characters
     * @param prefixes what topics' names must begin with; none: any name
     */
    public record Leave(String namespace, List<String> prefixes) {
        boolean isFor(String other) {
            return Pattern.matches(Pattern.quote(namespace).replace("*", "\\E.*\\Q"), other);
        }

        boolean covers(String topicName) {
            return prefixes.isEmpty() || prefixes.stream().anyMatch(topicName::startsWith);
        }
    }

    /** Of a KafkaCluster that says nothing. */
    public static TopicTerms none(String namespace) {
        return of(namespace, new Topics(), Pace.of(null));
    }

    public static TopicTerms of(KafkaCluster cluster) {
        return of(
                cluster.getMetadata().getNamespace(),
                requireNonNullElseGet(cluster.getSpec().topics, Topics::new),
                Pace.of(cluster.getSpec().rebalance));
    }

    private static TopicTerms of(String namespace, Topics topics, Pace pace) {
        var defaults = requireNonNullElseGet(topics.defaults, Topics.Defaults::new);
        return new TopicTerms(
                namespace,
                requireNonNullElse(topics.allowedNamespaces, List.<Topics.AllowedNamespace>of()).stream()
                        .map(allowed ->
                                new Leave(allowed.namespace, requireNonNullElse(allowed.namePrefixes, List.of())))
                        .toList(),
                Optional.ofNullable(defaults.partitions),
                Optional.ofNullable(defaults.replicationFactor),
                texts(defaults.config),
                TopicPolicy.of(requireNonNullElseGet(topics.policy, Topics.Policy::new)),
                pace);
    }

    static SortedMap<String, String> texts(Map<String, JsonNode> config) {
        var texts = new TreeMap<String, String>();
        requireNonNullElse(config, Map.<String, JsonNode>of()).forEach((key, value) -> texts.put(key, value.asText()));
        return texts;
    }

    public boolean allow(String from, String topicName) {
        return from.equals(namespace)
                || leaves.stream().anyMatch(leave -> leave.isFor(from) && leave.covers(topicName));
    }

    /** Why a KafkaTopic of that namespace is not heard, and what would help; empty if it is. */
    Optional<String> refusal(String cluster, String from, String topicName) {
        if (allow(from, topicName)) {
            return Optional.empty();
        }
        var prefixes = new TreeSet<String>();
        leaves.stream().filter(leave -> leave.isFor(from)).forEach(leave -> prefixes.addAll(leave.prefixes()));
        var who = "KafkaCluster " + namespace + "/" + cluster;
        return Optional.of(
                prefixes.isEmpty()
                        ? who + " does not take topics of namespace " + from
                                + ": ask its owner to name that namespace in its spec.topics.allowedNamespaces"
                        : who + " takes from namespace " + from + " only topics whose names begin with "
                                + String.join(" or ", prefixes) + ", not " + topicName
                                + ": choose such a name, or ask its owner to allow another in"
                                + " spec.topics.allowedNamespaces");
    }
}
