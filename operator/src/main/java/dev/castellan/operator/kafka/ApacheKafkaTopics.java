package dev.castellan.operator.kafka;

import static dev.castellan.operator.kafka.ApacheKafkaAdmin.ACT;
import static dev.castellan.operator.kafka.ApacheKafkaAdmin.OBSERVE;
import static dev.castellan.operator.kafka.ApacheKafkaAdmin.await;
import static dev.castellan.operator.kafka.ApacheKafkaAdmin.millis;
import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toMap;
import static java.util.stream.Collectors.toUnmodifiableMap;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.KafkaAdmin.TopicDetails;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreatePartitionsOptions;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DeleteTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.UnknownTopicIdException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** The part of the adapter that looks after topics: few requests, however many topics. */
final class ApacheKafkaTopics implements TopicTrial {
    /** Topics in one request: small enough to be answered in well under a second, so that deadlines can be short. */
    private static final int PER_REQUEST = 500;

    /** Kafka's controller takes 10,000 new partitions in one request, its brokers digest fewer with more ease. */
    private static final int NEW_PARTITIONS_PER_REQUEST = 5_000;

    private static final Outcome DONE = new Outcome.Done();

    private final Admin client;
    private final boolean validateOnly;

    /** @param validateOnly creations and changes are only tried */
    ApacheKafkaTopics(Admin client, boolean validateOnly) {
        this.client = client;
        this.validateOnly = validateOnly;
    }

    List<TopicPartitions> all() {
        var options = new ListTopicsOptions().timeoutMs(millis(OBSERVE)).listInternal(true);
        var names = await("list topics", OBSERVE, client.listTopics(options).names());
        var described = describe(names);
        return names.stream()
                .map(name -> Optional.ofNullable(described.get(name))
                        .map(TopicDetails::topic)
                        .orElseGet(() -> unknown(name)))
                .sorted(comparing(TopicPartitions::name))
                .toList();
    }

    /** One broker lists it, another has not heard of it yet, or not any more: it must not pass for a topic that is well. */
    private static TopicPartitions unknown(String name) {
        return new TopicPartitions(name, "", false, 0, List.of());
    }

    Map<String, TopicDetails> describe(Collection<String> names) {
        var found = new HashMap<String, TopicDetails>();
        for (var some : chunks(names)) {
            // Both questions at once: neither needs the other's answer.
            var configs = client.describeConfigs(
                            some.stream().map(ApacheKafkaTopics::resource).toList(),
                            new DescribeConfigsOptions().timeoutMs(millis(OBSERVE)))
                    .values();
            var topics = client.describeTopics(
                            TopicCollection.ofTopicNames(some), new DescribeTopicsOptions().timeoutMs(millis(OBSERVE)))
                    .topicNameValues();
            for (var name : some) {
                var topic = orNull("describe topic " + name, topics.get(name));
                var config = orNull("describe topic " + name, configs.get(resource(name)));
                if (topic != null && config != null) {
                    found.put(name, details(topic, config));
                }
            }
        }
        return found;
    }

    /** Null where there is no such topic. */
    private static <T> T orNull(String what, KafkaFuture<T> future) {
        try {
            return await(what, OBSERVE, future);
        } catch (KafkaUnavailable | KafkaRejected e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                return null;
            }
            throw e;
        }
    }

    private static TopicDetails details(TopicDescription topic, Config config) {
        var partitions = topic.partitions().stream()
                .map(partition -> new Partition(
                        partition.partition(),
                        partition.leader() == null ? -1 : partition.leader().id(),
                        ids(partition.replicas()),
                        ids(partition.isr()),
                        eligible(partition)))
                .toList();
        var own = new TreeMap<String, String>();
        for (var entry : config.entries()) {
            if (entry.source() == ConfigEntry.ConfigSource.DYNAMIC_TOPIC_CONFIG) {
                own.put(entry.name(), entry.value());
            }
        }
        return new TopicDetails(
                new TopicPartitions(
                        topic.name(), topic.topicId().toString(), topic.isInternal(), minInSync(config), partitions),
                own);
    }

    /** Of several last leaders Kafka lets none lead; of a cluster without the feature it tells nothing. */
    private static List<Integer> eligible(TopicPartitionInfo partition) {
        if (!partition.isr().isEmpty() || partition.elr() == null) {
            return List.of();
        }
        if (!partition.elr().isEmpty()) {
            return ids(partition.elr());
        }
        return partition.lastKnownElr().size() == 1 ? ids(partition.lastKnownElr()) : List.of();
    }

    /** As it takes effect: Kafka answers with the topic's own value, else the cluster's, else the default. */
    private static int minInSync(Config config) {
        var entry = config.get(TopicConfig.MIN_IN_SYNC_REPLICAS_CONFIG);
        return entry == null ? 1 : Integer.parseInt(entry.value());
    }

    private static List<Integer> ids(List<Node> nodes) {
        return nodes.stream().map(Node::id).toList();
    }

    /**
     * A creation that is only tried. Of one partition each: more than 10,000 in a request are refused before it is looked at
     * which topics exist, and by default a topic may have a hundred.
     */
    Map<String, Existence> existence(Collection<String> names) {
        var known = new HashMap<String, Existence>();
        for (var some : chunks(names)) {
            var options = new CreateTopicsOptions()
                    .timeoutMs(millis(OBSERVE))
                    .retryOnQuotaViolation(false)
                    .validateOnly(true);
            var attempts = some.stream()
                    .map(name -> new org.apache.kafka.clients.admin.NewTopic(name, Optional.of(1), Optional.empty()))
                    .toList();
            client.createTopics(attempts, options)
                    .values()
                    .forEach((name, future) -> known.put(name, existence(future)));
        }
        return known;
    }

    private static Existence existence(KafkaFuture<Void> trial) {
        try {
            await("look for topic", OBSERVE, trial);
            return new Existence.Absent();
        } catch (KafkaUnavailable | KafkaRejected e) {
            return KafkaFailures.existence(e.getCause());
        }
    }

    @Override
    public Map<String, Outcome> create(Collection<NewTopic> topics) {
        var outcomes = new HashMap<String, Outcome>();
        for (var some : byPartitions(topics)) {
            var options = new CreateTopicsOptions()
                    .timeoutMs(millis(ACT))
                    .retryOnQuotaViolation(false)
                    .validateOnly(validateOnly);
            var result = client.createTopics(
                    some.stream().map(ApacheKafkaTopics::newTopic).toList(), options);
            for (var topic : some) {
                outcomes.put(
                        topic.name(), outcome(result.topicId(topic.name()), id -> new Outcome.Created(id.toString())));
            }
        }
        return outcomes;
    }

    private static org.apache.kafka.clients.admin.NewTopic newTopic(NewTopic topic) {
        return new org.apache.kafka.clients.admin.NewTopic(
                        topic.name(), Optional.of(topic.partitions()), topic.replicationFactor())
                .configs(topic.config());
    }

    @Override
    public Map<String, Outcome> addPartitions(Map<String, Integer> totals) {
        var outcomes = new HashMap<String, Outcome>();
        for (var some : chunks(totals.keySet())) {
            var request =
                    some.stream().collect(toMap(name -> name, name -> NewPartitions.increaseTo(totals.get(name))));
            var options = new CreatePartitionsOptions()
                    .timeoutMs(millis(ACT))
                    .retryOnQuotaViolation(false)
                    .validateOnly(validateOnly);
            outcomes.putAll(outcomes(client.createPartitions(request, options).values()));
        }
        return outcomes;
    }

    @Override
    public Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes) {
        var outcomes = new HashMap<String, Outcome>();
        for (var some : chunks(changes.keySet())) {
            var request = some.stream().collect(toMap(ApacheKafkaTopics::resource, name -> ops(changes.get(name))));
            var options = new AlterConfigsOptions().timeoutMs(millis(ACT)).validateOnly(validateOnly);
            client.incrementalAlterConfigs(request, options)
                    .values()
                    .forEach((resource, future) -> outcomes.put(resource.name(), outcome(future, done -> DONE)));
        }
        return outcomes;
    }

    static Collection<AlterConfigOp> ops(ConfigChange change) {
        var set = change.set().entrySet().stream()
                .map(e -> new AlterConfigOp(new ConfigEntry(e.getKey(), e.getValue()), AlterConfigOp.OpType.SET));
        var unset = change.unset().stream()
                .map(key -> new AlterConfigOp(new ConfigEntry(key, ""), AlterConfigOp.OpType.DELETE));
        return Stream.concat(set, unset).toList();
    }

    Map<String, Outcome> delete(Collection<String> topicIds) {
        var outcomes = new HashMap<String, Outcome>();
        for (var some : chunks(topicIds)) {
            var ids = some.stream().map(Uuid::fromString).toList();
            var options = new DeleteTopicsOptions().timeoutMs(millis(ACT)).retryOnQuotaViolation(false);
            client.deleteTopics(TopicCollection.ofTopicIds(ids), options)
                    .topicIdValues()
                    .forEach((id, future) -> outcomes.put(id.toString(), deleted(future)));
        }
        return outcomes;
    }

    private static Outcome deleted(KafkaFuture<Void> future) {
        try {
            await("delete topic", ACT, future);
            return DONE;
        } catch (KafkaUnavailable | KafkaRejected e) {
            return e.getCause() instanceof UnknownTopicIdException ? DONE : KafkaFailures.outcomeOf(e.getCause());
        }
    }

    Map<String, Boolean> holdRecords(Collection<TopicPartitions> topics) {
        var partitions = topics.stream()
                .flatMap(topic ->
                        topic.partitions().stream().map(partition -> new TopicPartition(topic.name(), partition.id())))
                .toList();
        var options = new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED).timeoutMs(millis(OBSERVE));
        var first = client.listOffsets(
                partitions.stream().collect(toUnmodifiableMap(p -> p, p -> OffsetSpec.earliest())), options);
        var last = client.listOffsets(
                partitions.stream().collect(toUnmodifiableMap(p -> p, p -> OffsetSpec.latest())), options);
        var held = new HashMap<String, Boolean>();
        var unknown = new HashSet<String>();
        for (var partition : partitions) {
            try {
                var from = await("read offsets", OBSERVE, first.partitionResult(partition))
                        .offset();
                var to = await("read offsets", OBSERVE, last.partitionResult(partition))
                        .offset();
                held.merge(partition.topic(), to > from, Boolean::logicalOr);
            } catch (KafkaUnavailable | KafkaRejected e) {
                unknown.add(partition.topic());
            }
        }
        // A record that was seen stays seen; "holds none" needs every partition's word.
        unknown.forEach(topic -> held.remove(topic, false));
        return held;
    }

    private static Map<String, Outcome> outcomes(Map<String, KafkaFuture<Void>> futures) {
        return futures.entrySet().stream().collect(toMap(Map.Entry::getKey, e -> outcome(e.getValue(), done -> DONE)));
    }

    private static <T> Outcome outcome(KafkaFuture<T> future, Function<T, Outcome> done) {
        try {
            return done.apply(await("change topic", ACT, future));
        } catch (KafkaUnavailable | KafkaRejected e) {
            return KafkaFailures.outcomeOf(e.getCause());
        }
    }

    private static ConfigResource resource(String topic) {
        return new ConfigResource(ConfigResource.Type.TOPIC, topic);
    }

    private static List<List<String>> chunks(Collection<String> all) {
        var list = List.copyOf(all);
        var chunks = new ArrayList<List<String>>();
        for (int from = 0; from < list.size(); from += PER_REQUEST) {
            chunks.add(list.subList(from, Math.min(list.size(), from + PER_REQUEST)));
        }
        return chunks;
    }

    private static List<List<NewTopic>> byPartitions(Collection<NewTopic> topics) {
        var chunks = new ArrayList<List<NewTopic>>();
        var partitions = NEW_PARTITIONS_PER_REQUEST;
        for (var topic : topics) {
            if (partitions + topic.partitions() > NEW_PARTITIONS_PER_REQUEST
                    || chunks.getLast().size() == PER_REQUEST) {
                chunks.add(new ArrayList<>());
                partitions = 0;
            }
            chunks.getLast().add(topic);
            partitions += topic.partitions();
        }
        return chunks;
    }
}
