package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.ConfigChange;
import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.placement.Cordon;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Brokers that get no new replicas, and the record of it, in a real Kafka of two nodes. */
class ApacheKafkaCordonKafkaIT {
    @TempDir
    private static Path directory;

    private static KafkaNodes nodes;
    private static KafkaAdmin admin;

    @BeforeAll
    static void start() {
        nodes = KafkaNodes.start(1, directory);
        admin = ApacheKafkaAdmin.connect(nodes.bootstrap());
        nodes.add(1, admin);
    }

    @AfterAll
    static void stop() {
        admin.close();
        nodes.close();
    }

    @Test
    void aCordonedBrokerGetsNothingNewAndIsOnRecordUntilItIsOpenAgain() {
        assertThat(Cordon.onRecord(admin.clusterConfig())).isEmpty();

        admin.alterClusterConfig(Cordon.record(List.of(1, 7)));
        assertThat(tell(1, Cordon.set())).isEqualTo(new Outcome.Done());

        KafkaNodes.await(() -> isCordoned(1));
        KafkaNodes.await(() -> Cordon.onRecord(admin.clusterConfig()).equals(Set.of(1, 7)));
        assertThat(isCordoned(0)).isFalse();
        // The controller hears of it with the broker's next heartbeat; it deals many partitions out to all whom it may.
        KafkaNodes.await(() -> {
            create("probe-" + admin.topics().size(), 10);
            return admin.topics().stream().anyMatch(topic -> topic.name().startsWith("probe-") && !liesOn(topic, 1));
        });
        for (int i = 0; i < 10; i++) {
            create("cordoned-" + i, 1);
        }
        KafkaNodes.await(() -> cordoned().size() == 10);
        assertThat(cordoned()).allSatisfy(topic -> assertThat(topic.partitions())
                .allSatisfy(partition -> assertThat(partition.replicas()).containsExactly(0)));
        // With the record, values of all else are told and may be changed as before.
        admin.alterClusterConfig(new ConfigChange(Map.of("log.retention.ms", "3600000"), List.of()));
        KafkaNodes.await(() -> "3600000".equals(admin.clusterConfig().get("log.retention.ms")));

        assertThat(tell(1, Cordon.none())).isEqualTo(new Outcome.Done());
        assertThat(tell(1, Cordon.none())).as("there is none any more").isEqualTo(new Outcome.Done());
        admin.alterClusterConfig(Cordon.noRecord(List.of(1, 7)));
        KafkaNodes.await(() -> !isCordoned(1));
        KafkaNodes.await(() -> Cordon.onRecord(admin.clusterConfig()).isEmpty());
        KafkaNodes.await(() -> {
            create("open-" + admin.topics().size(), 1);
            return admin.topics().stream().anyMatch(topic -> topic.name().startsWith("open-") && liesOn(topic, 1));
        });

        assertThat(tell(7, Cordon.set())).isInstanceOf(Outcome.Retry.class);
        assertThat(tell(1, new ConfigChange(Map.of("cordoned.log.dirs", "/none"), List.of())))
                .isInstanceOf(Outcome.Rejected.class);
    }

    private static Outcome tell(int broker, ConfigChange change) {
        return admin.alterBrokerConfigs(Map.of(broker, change)).get(broker);
    }

    private static void create(String name, int partitions) {
        admin.create(List.of(new NewTopic(name, partitions, Optional.of((short) 1), Map.of())));
    }

    private static List<TopicPartitions> cordoned() {
        return admin.topics().stream()
                .filter(topic -> topic.name().startsWith("cordoned-"))
                .toList();
    }

    private static boolean liesOn(TopicPartitions topic, int broker) {
        return topic.partitions().stream()
                .anyMatch(partition -> partition.replicas().contains(broker));
    }

    private static boolean isCordoned(int broker) {
        return admin.logDirectories(List.of(broker)).get(broker).values().stream()
                .allMatch(KafkaAdmin.LogDirectory::cordoned);
    }
}
