package dev.castellan.operator.topic;

import dev.castellan.operator.kafka.Broker;
import dev.castellan.operator.kafka.Existence;
import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.KafkaUnavailable;
import dev.castellan.operator.kafka.Quorum;
import dev.castellan.operator.kafka.TopicPartitions;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Topics of one Kafka cluster, in memory. Brokers may lag behind the controller, and requests may fail. */
class FakeTopicKafka implements KafkaAdmin {
    static final String CLUSTER_ID = "cluster-1";

    /** Of a record, in each partition. */
    long bytes = 1_000_000;

    /** The controller's truth. */
    final Map<String, FakeTopic> topics = new TreeMap<>();

    /** Number of requests by kind. */
    final Map<String, Integer> requests = new TreeMap<>();

    final Set<String> refusedKeys = Set.of("no.such.key");
    final Set<Integer> away = new TreeSet<>();
    final Set<Integer> cordoned = new TreeSet<>();

    /** They do not tell what lies on their disks. */
    final Set<Integer> silent = new TreeSet<>();

    /** As 4.4 does. */
    boolean refusesCordoned = true;

    final Map<String, String> clusterConfig = new TreeMap<>();
    int brokers = 3;
    boolean down;

    /** In a way that says nothing of the topic, where one that only refuses does. */
    boolean policyFails;

    /** Told of each change that a client makes, ahead of it. */
    BiConsumer<String, FakeTopic> onChange = (kind, topic) -> {};

    /** Told of other replicas for partitions, ahead of it. */
    BiConsumer<FakeTopic, Map<Integer, List<Integer>>> onReassign = (topic, replicas) -> {};

    /** What somebody else does just before all topics are looked at. */
    Runnable beforeTopics = () -> {};

    /** Told of other properties, ahead of it. */
    BiConsumer<FakeTopic, ConfigChange> onConfig = (topic, change) -> {};

    private Map<String, FakeTopic> brokersView = topics;
    private int ids;

    /** Somebody else makes a topic. */
    FakeTopic has(String name, int partitions, Map<String, String> config) {
        var topic = new FakeTopic();
        topic.name = name;
        topic.id = "id-" + ids++;
        spread(topic, partitions, Math.min(3, brokers));
        topic.config.putAll(config);
        topics.put(name, topic);
        return topic;
    }

    /** So many replicas more, each partition one broker further. */
    void spread(FakeTopic topic, int partitions, int factor) {
        while (topic.partitions() < partitions) {
            int first = topic.partitions();
            topic.partitions.add(FakeTopic.Replicas.on(IntStream.range(0, factor)
                    .mapToObj(i -> (first + i) % brokers)
                    .toList()));
        }
    }

    /** New replicas are as complete as the leaders that they copy. */
    void copyAll() {
        topics.values().stream()
                .flatMap(topic -> topic.partitions.stream())
                .filter(FakeTopic.Replicas::isMoving)
                .forEach(replicas -> List.copyOf(replicas.all).stream()
                        .filter(id -> !away.contains(id))
                        .forEach(replicas::isBack));
    }

    /** From now on brokers answer with what is true now, whatever the controller does. */
    void brokersLag() {
        brokersView = topics.entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, entry -> entry.getValue()
                .copy()));
    }

    void brokersCatchUp() {
        brokersView = topics;
    }

    boolean lags() {
        return brokersView != topics;
    }

    void leaves(int broker) {
        away.add(broker);
        topics.values().forEach(topic -> topic.partitions.forEach(replicas -> replicas.leaves(broker)));
    }

    void isBack(int broker) {
        away.remove(broker);
        topics.values().forEach(topic -> topic.partitions.forEach(replicas -> replicas.isBack(broker)));
    }

    /** Brokers still show an earlier topic of its name. */
    boolean showsAnother(FakeTopic topic) {
        var shown = brokersView.get(topic.name);
        return shown != null && !shown.id.equals(topic.id);
    }

    protected void request(String kind) {
        requests.merge(kind, 1, Integer::sum);
        if (down) {
            throw new KafkaUnavailable(kind + ": nobody answers", null);
        }
    }

    /** What a request for one topic comes to; overridden to fail now and then. */
    protected Outcome attempt(Function<Void, Outcome> change) {
        return change.apply(null);
    }

    @Override
    public String clusterId() {
        return CLUSTER_ID;
    }

    @Override
    public Map<Integer, Outcome> alterBrokerConfigs(Map<Integer, ConfigChange> changes) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<Integer, Map<String, String>> brokerConfigs(Collection<Integer> brokers, Collection<String> keys) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unregisterController(int nodeId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Outcome> elect(Map<String, List<Integer>> partitions) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void unregisterBroker(int nodeId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, TopicDetails> describe(Collection<String> names) {
        request("describe");
        return names.stream()
                .filter(brokersView::containsKey)
                .collect(Collectors.toMap(
                        name -> name, name -> brokersView.get(name).details()));
    }

    @Override
    public Map<String, Existence> existence(Collection<String> names) {
        request("existence");
        return names.stream().collect(Collectors.toMap(name -> name, this::existence));
    }

    /** By a trial, which comes to something like any other request. */
    private Existence existence(String name) {
        if (topics.containsKey(name)) {
            return new Existence.Exists();
        }
        return switch (policyFails ? new Outcome.Rejected("The policy failed.") : attempt(v -> new Outcome.Done())) {
            case Outcome.Retry(var why) -> new Existence.Untold(why);
            case Outcome.Rejected(var why) -> new Existence.Untold(why);
            default -> new Existence.Absent();
        };
    }

    @Override
    public Map<String, Outcome> create(Collection<NewTopic> wanted) {
        request("create");
        return each(wanted, NewTopic::name, topic -> attempt(v -> create(topic)));
    }

    private Outcome create(NewTopic wanted) {
        if (topics.containsKey(wanted.name())) {
            return new Outcome.Retry("Topic '" + wanted.name() + "' already exists.");
        }
        var refusal = refusal(wanted.config());
        if (refusal != null) {
            return refusal;
        }
        var factor = wanted.replicationFactor().orElse((short) 1);
        if (factor > brokers) {
            return new Outcome.Rejected("Unable to replicate the partition " + factor + " time(s): only " + brokers
                    + " broker(s) are registered.");
        }
        var topic = new FakeTopic();
        topic.name = wanted.name();
        onChange.accept("create", topic);
        topic = has(wanted.name(), wanted.partitions(), wanted.config());
        topic.partitions.clear();
        spread(topic, wanted.partitions(), factor);
        topic.byOperator = true;
        return new Outcome.Created(topic.id);
    }

    private Outcome refusal(Map<String, String> config) {
        return config.keySet().stream()
                .filter(refusedKeys::contains)
                .findFirst()
                .<Outcome>map(key -> new Outcome.Rejected("Unknown topic config name: " + key))
                .orElse(null);
    }

    @Override
    public Map<String, Outcome> addPartitions(Map<String, Integer> totals) {
        request("addPartitions");
        return each(totals.keySet(), name -> name, name -> attempt(v -> addPartitions(name, totals.get(name))));
    }

    private Outcome addPartitions(String name, int total) {
        var topic = topics.get(name);
        if (topic == null || topic.partitions() >= total) {
            return new Outcome.Retry(
                    "Topic already has " + (topic == null ? 0 : topic.partitions()) + " partition(s).");
        }
        onChange.accept("addPartitions", topic);
        spread(topic, total, topic.partitions.getFirst().all.size());
        return new Outcome.Done();
    }

    @Override
    public Map<String, Outcome> alterConfigs(Map<String, ConfigChange> changes) {
        request("alterConfigs");
        return each(changes.keySet(), name -> name, name -> attempt(v -> alterConfig(name, changes.get(name))));
    }

    private Outcome alterConfig(String name, ConfigChange change) {
        var topic = topics.get(name);
        if (topic == null) {
            return new Outcome.Retry("This server does not host this topic-partition.");
        }
        var refusal = refusal(change.set());
        if (refusal != null) {
            return refusal;
        }
        boolean unthrottles = change.set().isEmpty()
                && change.unset().stream().allMatch(key -> key.endsWith(".replication.throttled.replicas"));
        onChange.accept(unthrottles ? "unthrottle" : "alterConfigs", topic);
        onConfig.accept(topic, change);
        topic.config.putAll(change.set());
        topic.config.keySet().removeAll(change.unset());
        return new Outcome.Done();
    }

    @Override
    public Map<String, Outcome> delete(Collection<String> topicIds) {
        request("delete");
        return each(topicIds, id -> id, id -> attempt(v -> delete(id)));
    }

    private Outcome delete(String id) {
        var topic = topics.values().stream().filter(t -> t.id.equals(id)).findFirst();
        topic.ifPresent(t -> {
            onChange.accept("delete", t);
            topics.remove(t.name);
        });
        return new Outcome.Done();
    }

    @Override
    public Map<String, Boolean> holdRecords(Collection<TopicPartitions> of) {
        request("holdRecords");
        return of.stream()
                .filter(topic -> topics.containsKey(topic.name()))
                .collect(Collectors.toMap(TopicPartitions::name, topic -> topics.get(topic.name()).records > 0));
    }

    private static <T> Map<String, Outcome> each(
            Collection<T> all, Function<T, String> name, Function<T, Outcome> request) {
        var outcomes = new HashMap<String, Outcome>();
        new ArrayList<>(all).forEach(one -> outcomes.put(name.apply(one), request.apply(one)));
        return outcomes;
    }

    @Override
    public Quorum quorum() {
        throw new UnsupportedOperationException();
    }

    @Override
    public List<Broker> brokers() {
        request("brokers");
        return IntStream.range(0, brokers)
                .mapToObj(id -> new Broker(id, "host-" + id, away.contains(id), "zone-" + id % 3))
                .toList();
    }

    @Override
    public List<TopicPartitions> topics() {
        beforeTopics.run();
        request("topics");
        return brokersView.values().stream()
                .map(topic -> topic.details().topic())
                .toList();
    }

    @Override
    public Map<String, String> clusterConfig() {
        request("clusterConfig");
        return Map.copyOf(clusterConfig);
    }

    @Override
    public void alterClusterConfig(ConfigChange change) {
        request("alterClusterConfig");
        clusterConfig.putAll(change.set());
        clusterConfig.keySet().removeAll(change.unset());
    }

    @Override
    public List<Ongoing> reassignments() {
        request("reassignments");
        return topics.values().stream()
                .flatMap(topic -> topic.ongoing().stream())
                .toList();
    }

    @Override
    public Map<String, Outcome> move(Map<String, Map<Integer, List<Integer>>> replicas) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<String, Outcome> reassign(Map<String, Map<Integer, List<Integer>>> replicas) {
        request("reassign");
        return each(replicas.keySet(), name -> name, name -> attempt(v -> reassign(name, replicas.get(name))));
    }

    private Outcome reassign(String name, Map<Integer, List<Integer>> replicas) {
        var topic = topics.get(name);
        if (topic == null || replicas.keySet().stream().anyMatch(p -> p >= topic.partitions())) {
            return new Outcome.Retry("This server does not host this topic-partition.");
        }
        if (replicas.values().stream().flatMap(List::stream).anyMatch(id -> id >= brokers)) {
            return new Outcome.Retry("The manual partition assignment includes a broker that is not registered.");
        }
        if (refusesCordoned && replicas.values().stream().flatMap(List::stream).anyMatch(cordoned::contains)) {
            return new Outcome.Retry("The manual partition assignment includes broker that has all log dirs cordoned.");
        }
        onChange.accept("reassign", topic);
        onReassign.accept(topic, replicas);
        replicas.forEach((partition, to) -> {
            if (to.isEmpty()) {
                topic.partitions.get(partition).cancel();
            } else {
                topic.partitions.get(partition).begin(to);
            }
        });
        return new Outcome.Done();
    }

    @Override
    public String metadataVersion() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void finaliseMetadataVersion(String metadataVersion, boolean validateOnly) {
        throw new UnsupportedOperationException("looking after topics changes no feature");
    }

    @Override
    public void removeVoter(int nodeId, String directoryId) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void addVoter(int nodeId, String directoryId, String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Map<Integer, Map<String, LogDirectory>> logDirectories(Collection<Integer> of) {
        request("logDirectories");
        return of.stream()
                .filter(id -> !away.contains(id) && !silent.contains(id))
                .collect(Collectors.toMap(id -> id, id -> Map.of("/data", held(id))));
    }

    private LogDirectory held(int broker) {
        var replicas = new HashMap<String, Long>();
        for (var topic : topics.values()) {
            for (int i = 0; i < topic.partitions(); i++) {
                var partition = topic.partitions.get(i);
                if (partition.all.contains(broker)) {
                    replicas.put(topic.name + "-" + i, partition.bytes(broker, topic.records * bytes));
                }
            }
        }
        return new LogDirectory(false, replicas, Optional.empty(), cordoned.contains(broker));
    }

    @Override
    public void close() {}
}
