package dev.castellan.operator.topic.forecast;

import static java.util.stream.Collectors.toMap;

import dev.castellan.operator.kafka.Broker;
import dev.castellan.operator.kafka.Existence;
import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.LogDirectory;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import dev.castellan.operator.kafka.TopicAdmin;
import dev.castellan.operator.kafka.TopicPartitions;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.kafka.TopicTrial;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Kafka as it would be: reads are of the real one, and each change is imagined on top of them, where Kafka, which is only
 * asked to try it, has nothing against it. Nothing is ever changed in the real one.
 */
final class ImaginedTopics implements TopicAdmin {
    private static final Outcome DONE = new Outcome.Done();

    private final TopicAdmin real;
    private final TopicTrial trial;

    /** As they were when they were first looked at; empty: there is no such topic. */
    private final Map<String, Optional<TopicDetails>> before = new HashMap<>();

    private final Map<String, Optional<TopicDetails>> after = new HashMap<>();
    private Map<String, String> clusterConfig;
    private int changes;

    ImaginedTopics(TopicAdmin real, TopicTrial trial) {
        this.real = real;
        this.trial = trial;
    }

    /** How many changes have been imagined. */
    int changes() {
        return changes;
    }

    Optional<TopicDetails> before(String name) {
        return before.getOrDefault(name, Optional.empty());
    }

    Optional<TopicDetails> after(String name) {
        return after.getOrDefault(name, Optional.empty());
    }

    @Override
    public Map<String, TopicDetails> describe(Collection<String> names) {
        var unseen = names.stream().filter(name -> !after.containsKey(name)).toList();
        if (!unseen.isEmpty()) {
            var found = real.describe(unseen);
            unseen.forEach(name -> {
                before.put(name, Optional.ofNullable(found.get(name)));
                after.put(name, before.get(name));
            });
        }
        return names.stream()
                .flatMap(name -> after(name).stream())
                .collect(toMap(topic -> topic.topic().name(), topic -> topic));
    }

    @Override
    public Map<String, Existence> existence(Collection<String> names) {
        describe(names);
        var unseen = names.stream().filter(name -> before(name).isEmpty()).toList();
        var known = new HashMap<>(real.existence(unseen));
        names.stream()
                .filter(name -> before(name).isPresent() || after(name).isPresent())
                .forEach(name ->
                        known.put(name, after(name).isPresent() ? new Existence.Exists() : new Existence.Absent()));
        return known;
    }

    @Override
    public List<TopicPartitions> topics() {
        var others = real.topics().stream().filter(topic -> !after.containsKey(topic.name()));
        var imagined = after.values().stream().flatMap(Optional::stream).map(TopicDetails::topic);
        return Stream.concat(others, imagined).toList();
    }

    @Override
    public Map<String, Outcome> create(Collection<NewTopic> topics) {
        var outcomes = trial.create(topics);
        for (var topic : topics) {
            if (outcomes.get(topic.name()) instanceof Outcome.Created created) {
                after.put(topic.name(), Optional.of(made(topic, created.topicId())));
                changes++;
            }
        }
        return outcomes;
    }

    private TopicDetails made(NewTopic topic, String id) {
        var replicas = brokers().stream()
                .map(Broker::nodeId)
                .limit(topic.replicationFactor().orElse((short) 1))
                .toList();
        return new TopicDetails(
                new TopicPartitions(topic.name(), id, false, 1, partitions(0, topic.partitions(), replicas)),
                topic.config());
    }

    private static List<Partition> partitions(int from, int to, List<Integer> replicas) {
        return IntStream.range(from, to)
                .mapToObj(id -> new Partition(id, replicas.getFirst(), replicas, replicas))
                .toList();
    }

    @Override
    public Map<String, Outcome> addPartitions(Map<String, Integer> totals) {
        return ifTaken(trial.addPartitions(known(totals)), totals, (details, total) -> {
            var topic = details.topic();
            var partitions = new ArrayList<>(topic.partitions());
            partitions.addAll(
                    partitions(partitions.size(), total, partitions.getFirst().replicas()));
            return new TopicDetails(topic.with(partitions), details.config());
        });
    }

    @Override
    public Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes) {
        return ifTaken(trial.alterConfigs(known(changes)), changes, (details, change) -> {
            var config = new TreeMap<>(details.config());
            config.putAll(change.set());
            config.keySet().removeAll(change.unset());
            return new TopicDetails(details.topic(), config);
        });
    }

    /** Kafka cannot try anything on a topic that is only imagined. */
    private <T> Map<String, T> known(Map<String, T> changes) {
        return changes.entrySet().stream()
                .filter(change -> before(change.getKey()).isPresent())
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private interface Change<T> {
        TopicDetails on(TopicDetails topic, T change);
    }

    private <T> Map<String, Outcome> ifTaken(Map<String, Outcome> tried, Map<String, T> changes, Change<T> change) {
        var outcomes = new HashMap<String, Outcome>();
        changes.forEach((name, wanted) -> {
            var outcome = tried.getOrDefault(name, DONE);
            if (outcome instanceof Outcome.Done) {
                imagine(name, topic -> change.on(topic, wanted));
            }
            outcomes.put(name, outcome);
        });
        return outcomes;
    }

    private void imagine(String name, UnaryOperator<TopicDetails> change) {
        after.put(name, after(name).map(change));
        changes++;
    }

    @Override
    public Map<String, Outcome> delete(Collection<String> topicIds) {
        changes += topicIds.size();
        after.replaceAll((name, topic) ->
                topic.filter(details -> !topicIds.contains(details.topic().topicId())));
        return topicIds.stream().collect(toMap(id -> id, id -> DONE));
    }

    /** Copies end at once. */
    @Override
    public Map<String, Outcome> reassign(Map<String, Map<Integer, List<Integer>>> replicas) {
        replicas.forEach((name, wanted) -> imagine(name, details -> {
            var topic = details.topic();
            var partitions = topic.partitions().stream()
                    .map(partition -> moved(partition, wanted.getOrDefault(partition.id(), List.of())))
                    .toList();
            return new TopicDetails(topic.with(partitions), details.config());
        }));
        return replicas.keySet().stream().collect(toMap(name -> name, name -> DONE));
    }

    /** None: what is being changed goes back to what it was, which ends no sooner for being imagined. */
    private static Partition moved(Partition partition, List<Integer> to) {
        return to.isEmpty() ? partition : new Partition(partition.id(), to.getFirst(), to, to);
    }

    @Override
    public Map<String, Boolean> holdRecords(Collection<TopicPartitions> topics) {
        return real.holdRecords(topics);
    }

    @Override
    public List<Broker> brokers() {
        return real.brokers();
    }

    @Override
    public List<Ongoing> reassignments() {
        return real.reassignments();
    }

    /** Nothing is decided by how much there is of a topic. */
    @Override
    public Map<Integer, Map<String, LogDirectory>> logDirectories(Collection<Integer> brokers) {
        return Map.of();
    }

    @Override
    public Map<String, String> clusterConfig() {
        if (clusterConfig == null) {
            clusterConfig = new HashMap<>(real.clusterConfig());
        }
        return Map.copyOf(clusterConfig);
    }

    @Override
    public void alterClusterConfig(ConfigChange change) {
        clusterConfig();
        clusterConfig.putAll(change.set());
        clusterConfig.keySet().removeAll(change.unset());
    }
}
