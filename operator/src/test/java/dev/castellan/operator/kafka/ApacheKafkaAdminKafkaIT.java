package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Every method of the port against real Kafka: two nodes, of which the second comes later, and goes. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ApacheKafkaAdminKafkaIT {
    private static final Optional<Short> ONE = Optional.of((short) 1);

    @TempDir
    private static Path directory;

    private static KafkaNodes nodes;
    private static KafkaAdmin admin;

    @BeforeAll
    static void start() {
        nodes = KafkaNodes.start(1, directory);
        admin = ApacheKafkaAdmin.connect(nodes.bootstrap());
    }

    @AfterAll
    static void stop() {
        admin.close();
        nodes.close();
    }

    @Test
    void knowsTheCluster() {
        assertThat(admin.clusterId()).isEqualTo(nodes.clusterId());
        assertThat(admin.metadataVersion()).isEqualTo("4.4-IV2");
        assertThat(admin.brokers()).containsExactly(new Broker(0, "localhost", false));
    }

    @Test
    void knowsTheQuorum() {
        var quorum = admin.quorum();

        assertThat(quorum.leaderId()).isZero();
        assertThat(quorum.leaderLogEndOffset()).isPositive();
        assertThat(quorum.voters()).singleElement().satisfies(voter -> {
            assertThat(voter.nodeId()).isZero();
            assertThat(voter.behindMillis()).isZero();
            assertThat(voter.directoryId()).hasSize(22);
        });
        assertThat(quorum.observers()).isEmpty();
    }

    @Test
    void createsDescribesChangesAndDeletesATopic() {
        var created = admin.create(List.of(new NewTopic("orders", 2, ONE, Map.of("retention.ms", "1000"))));

        var id = ((Outcome.Created) created.get("orders")).topicId();
        await(() -> admin.describe(List.of("orders")).containsKey("orders"));
        var details = admin.describe(List.of("orders", "no-such-topic"));
        assertThat(details).containsOnlyKeys("orders");
        assertThat(details.get("orders").config()).isEqualTo(Map.of("retention.ms", "1000"));
        var topic = details.get("orders").topic();
        assertThat(topic.topicId()).isEqualTo(id);
        assertThat(topic.minInSyncReplicas()).isEqualTo(1);
        assertThat(topic.partitions())
                .containsExactly(
                        new TopicPartitions.Partition(0, 0, List.of(0), List.of(0)),
                        new TopicPartitions.Partition(1, 0, List.of(0), List.of(0)));

        assertThat(admin.addPartitions(Map.of("orders", 5))).containsEntry("orders", new Outcome.Done());
        var change =
                new ConfigChange(Map.of("segment.ms", "60000", "min.insync.replicas", "2"), List.of("retention.ms"));
        assertThat(admin.alterConfigs(Map.of("orders", change))).containsEntry("orders", new Outcome.Done());
        await(() -> admin.describe(List.of("orders")).get("orders").topic().minInSyncReplicas() == 2);
        details = admin.describe(List.of("orders"));
        assertThat(details.get("orders").topic().partitions()).hasSize(5);
        assertThat(details.get("orders").config()).isEqualTo(Map.of("segment.ms", "60000", "min.insync.replicas", "2"));

        assertThat(admin.delete(List.of(id))).containsEntry(id, new Outcome.Done());
        await(() -> admin.describe(List.of("orders")).isEmpty());
        assertThat(admin.delete(List.of(id))).containsEntry(id, new Outcome.Done());
    }

    @Test
    void knowsWhatLiesInWhichDirectory() {
        create("stored", 1);
        // A broker tells of a topic before it has made its log.
        await(() -> admin.logDirectories(List.of(0)).get(0).values().stream()
                .anyMatch(found -> found.replicas().containsKey("stored-0")));

        var directories = admin.logDirectories(List.of(0, 7));

        assertThat(directories).containsOnlyKeys(0); // nobody else is there to tell
        assertThat(directories.get(0))
                .containsOnlyKeys(directory.resolve("node-0").toString());
        assertThat(directories.get(0).values()).singleElement().satisfies(only -> {
            assertThat(only.offline()).isFalse();
            assertThat(only.replicas()).containsKey("stored-0");
        });
    }

    @Test
    void theControllerKnowsWhatIsAbsent() {
        create("here", 1);

        assertThat(admin.existence(List.of("here", "not-here")))
                .isEqualTo(Map.of("here", new Existence.Exists(), "not-here", new Existence.Absent()));
        assertThat(admin.describe(List.of("not-here"))).isEmpty();
    }

    @Test
    void eachOfManyFailsForItself() {
        create("exists", 1);

        var outcomes = admin.create(List.of(
                new NewTopic("good", 1, ONE, Map.of()),
                new NewTopic("exists", 1, ONE, Map.of()),
                new NewTopic("too-many-replicas", 1, Optional.of((short) 3), Map.of()),
                new NewTopic("bad/name", 1, ONE, Map.of()),
                new NewTopic("bad-value", 1, ONE, Map.of("retention.ms", "soon")),
                new NewTopic("bad-key", 1, ONE, Map.of("no.such.key", "1"))));

        assertThat(outcomes.get("good")).isInstanceOf(Outcome.Created.class);
        assertThat(outcomes.get("exists")).isEqualTo(new Outcome.Retry("Topic 'exists' already exists."));
        assertThat(message(outcomes.get("too-many-replicas"))).contains("only 1 broker(s) are registered");
        assertThat(message(outcomes.get("bad/name"))).contains("Topic name is invalid");
        assertThat(message(outcomes.get("bad-value"))).contains("Invalid value soon for configuration retention.ms");
        assertThat(message(outcomes.get("bad-key"))).contains("no.such.key");
    }

    @Test
    void badChangesAreRefusedInKafkasWords() {
        create("stable", 2);

        assertThat(message(admin.alterConfigs(
                                Map.of("stable", new ConfigChange(Map.of("cleanup.policy", "shred"), List.of())))
                        .get("stable")))
                .contains("Invalid value shred for configuration cleanup.policy");
        // What we know of the topic is old: look again, and do not blame the user.
        assertThat(admin.addPartitions(Map.of("stable", 2)).get("stable")).isInstanceOf(Outcome.Retry.class);
        assertThat(admin.addPartitions(Map.of("no-such-topic", 2)).get("no-such-topic"))
                .isInstanceOf(Outcome.Retry.class);
    }

    @Test
    void knowsWhetherATopicHoldsRecords() {
        create("full", 3);
        create("empty", 3);
        try (var producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", nodes.bootstrap()), new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>("full", 2, null, "a record"));
        }

        var topics = admin.describe(List.of("full", "empty")).values().stream()
                .map(KafkaAdmin.TopicDetails::topic)
                .toList();

        assertThat(admin.holdRecords(topics)).isEqualTo(Map.of("full", true, "empty", false));
    }

    @Test
    void aThousandTopicsInAFewRequests() {
        var wanted = IntStream.range(0, 1_000)
                .mapToObj(i -> new NewTopic("many-" + i, 1, ONE, Map.of()))
                .toList();

        var outcomes = admin.create(wanted);

        assertThat(outcomes).hasSize(1_000);
        assertThat(outcomes.values()).allMatch(Outcome.Created.class::isInstance);
        var names = wanted.stream().map(NewTopic::name).toList();
        await(() -> admin.describe(names).size() == 1_000);
        assertThat(admin.topics()).extracting(TopicPartitions::name).containsAll(names);
        var ids = new ArrayList<String>();
        outcomes.values().forEach(outcome -> ids.add(((Outcome.Created) outcome).topicId()));
        assertThat(admin.delete(ids).values()).allMatch(new Outcome.Done()::equals);
    }

    /** With eligible leader replicas (KIP-966) Kafka itself sets min.insync.replicas, and lets nobody unset it. */
    @Test
    void configuresTheClusterWhileItRuns() {
        assertThat(admin.clusterConfig()).containsEntry("min.insync.replicas", "1");

        var change = new ConfigChange(
                Map.of(
                        "num.io.threads", "6",
                        "log.retention.ms", "3600000",
                        "log.cleanup.policy", "compact,delete",
                        "message.max.bytes", "2097152",
                        "unclean.leader.election.enable", "true",
                        "max.connections.per.ip.overrides", ""),
                List.of());
        admin.alterClusterConfig(change);
        await(() -> admin.clusterConfig().entrySet().containsAll(change.set().entrySet()));
        // Once more is no harm.
        admin.alterClusterConfig(change);

        assertThatThrownBy(() -> admin.alterClusterConfig(new ConfigChange(Map.of("num.io.threads", "0"), List.of())))
                .isInstanceOf(KafkaRejected.class)
                .hasMessageContaining("num.io.threads");
        assertThatThrownBy(() -> admin.alterClusterConfig(new ConfigChange(Map.of("num.io.threads", "99"), List.of())))
                .isInstanceOf(KafkaRejected.class)
                .hasMessageContaining("double");
        assertThatThrownBy(() -> admin.alterClusterConfig(
                        new ConfigChange(Map.of("log.retention.ms", "5", "log.dirs", "/tmp"), List.of())))
                .isInstanceOf(KafkaRejected.class)
                .hasMessageContaining("log.dirs");
        assertThatThrownBy(() -> admin.alterClusterConfig(new ConfigChange(Map.of(), List.of("min.insync.replicas"))))
                .isInstanceOf(KafkaRejected.class)
                .hasMessageContaining("min.insync.replicas");
        assertThat(admin.clusterConfig()).containsEntry("log.retention.ms", "3600000");

        // The broker works with one before it hears of the next, or it would refuse that.
        for (var threads : List.of("12", "24")) {
            admin.alterClusterConfig(new ConfigChange(Map.of("num.io.threads", threads), List.of()));
            await(() -> threads(admin).equals(threads));
        }
        assertThatThrownBy(() -> admin.alterClusterConfig(new ConfigChange(Map.of(), List.of("num.io.threads"))))
                .isInstanceOf(KafkaRejected.class)
                .hasMessageContaining("half");
        admin.alterClusterConfig(new ConfigChange(Map.of("num.io.threads", "12"), List.of()));
        await(() -> threads(admin).equals("12"));

        admin.alterClusterConfig(new ConfigChange(
                Map.of("num.io.threads", "8"),
                change.set().keySet().stream()
                        .filter(key -> !key.equals("num.io.threads"))
                        .toList()));
        await(() -> admin.clusterConfig().keySet().equals(Set.of("min.insync.replicas", "num.io.threads")));
        assertThat(admin.clusterConfig()).containsEntry("num.io.threads", "8");
    }

    private static String threads(KafkaAdmin admin) {
        return admin.brokerConfigs(List.of(0, 7), List.of("num.io.threads", "no.such.key"))
                .getOrDefault(0, Map.of())
                .getOrDefault("num.io.threads", "");
    }

    /** What the loop makes up for: see ThreadSteps. */
    @Test
    void aBrokerThatStartsWithItsOldFileRefusesWhatIsTooFarFromThatAndAllElseWithIt(@TempDir Path own) {
        try (var young = KafkaNodes.start(1, own);
                var kafka = ApacheKafkaAdmin.connect(young.bootstrap())) {
            for (var threads : List.of("16", "32")) {
                kafka.alterClusterConfig(new ConfigChange(Map.of("num.io.threads", threads), List.of()));
                await(() -> threads(kafka).equals(threads));
            }

            young.restart(0);

            await(() -> threads(kafka).equals("8"));
            assertThat(kafka.clusterConfig()).containsEntry("num.io.threads", "32");
            assertThatThrownBy(() -> kafka.alterClusterConfig(
                            new ConfigChange(Map.of("log.retention.ms", "3600000"), List.of())))
                    .isInstanceOf(KafkaRejected.class)
                    .hasMessageContaining("double");
            kafka.alterClusterConfig(new ConfigChange(Map.of("num.io.threads", "16"), List.of()));
            await(() -> threads(kafka).equals("16"));
        }
    }

    @Test
    void nobodyAnswersIsUnavailable() {
        try (var nowhere = ApacheKafkaAdmin.connect("localhost:1")) {
            var before = Instant.now();
            assertThatThrownBy(nowhere::brokers).isInstanceOf(KafkaUnavailable.class);
            // Not as long as what changes something may take, which is 15 s.
            assertThat(Duration.between(before, Instant.now())).isLessThan(Duration.ofSeconds(12));
        }
    }

    @Test
    void aNameThatDoesNotResolveIsUnavailable() {
        assertThatThrownBy(() -> ApacheKafkaAdmin.connect("no-such-host.invalid:9091"))
                .isInstanceOf(KafkaUnavailable.class)
                .hasMessageContaining("no-such-host.invalid");
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void votersComeAndGo() {
        nodes.add(1, admin);
        await(() -> !admin.quorum().observers().isEmpty());
        var observer = admin.quorum().observers().getFirst();
        assertThat(observer.nodeId()).isEqualTo(1);

        await(() -> admin.quorum().observers().getFirst().behindMillis() >= 0);
        admin.addVoter(1, observer.directoryId(), "localhost", nodes.controllerPort(1));
        await(() -> admin.quorum().voters().size() == 2);
        assertThatThrownBy(() -> admin.addVoter(1, observer.directoryId(), "localhost", nodes.controllerPort(1)))
                .isInstanceOf(KafkaRejected.class);

        admin.removeVoter(1, observer.directoryId());
        await(() -> admin.quorum().voters().size() == 1);
        assertThatThrownBy(() -> admin.removeVoter(1, observer.directoryId())).isInstanceOf(KafkaRejected.class);

        nodes.stop(1);
        await(() -> admin.brokers().contains(new Broker(1, "localhost", true)));
    }

    private static void create(String name, int partitions) {
        assertThat(admin.create(List.of(new NewTopic(name, partitions, ONE, Map.of())))
                        .get(name))
                .isInstanceOf(Outcome.Created.class);
        await(() -> admin.describe(List.of(name)).containsKey(name));
    }

    private static String message(Outcome outcome) {
        return outcome instanceof Outcome.Rejected(var message) ? message : outcome.toString();
    }

    private static void await(BooleanSupplier condition) {
        var deadline = Instant.now().plusSeconds(20);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("in time").isBefore(deadline);
            Thread.onSpinWait();
        }
    }
}
