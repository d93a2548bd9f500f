package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Ongoing;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.placement.Rate;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.placement.Throttle.Sign;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Replicas on the move, and what slows them down, in a real Kafka of two nodes. */
class ApacheKafkaReplicasKafkaIT {
    @TempDir
    private static Path directory;

    private static KafkaNodes nodes;
    private static KafkaAdmin admin;

    @BeforeAll
    static void start() {
        nodes = KafkaNodes.start(1, directory);
        admin = ApacheKafkaAdmin.connect(nodes.bootstrap());
        admin.create(List.of(new NewTopic("orders", 1, Optional.of((short) 1), Map.of())));
        fill("orders", 4_000);
        nodes.add(1, admin);
    }

    @AfterAll
    static void stop() {
        admin.close();
        nodes.close();
    }

    /** Four megabytes at 64 kB a second: as good as never. The rate of the whole cluster holds for each broker. */
    @Test
    void aThrottledCopyIsSlowIsTakenBackAndIsFastWithoutThrottle() {
        var copy = new Ongoing("orders", 0, List.of(0, 1), List.of(1), List.of());
        admin.alterClusterConfig(Throttle.rate(new Rate(64_000, 64_000, 0)));
        admin.alterConfigs(Map.of("orders", Throttle.of(Sign.TOPIC, List.of(copy))));
        KafkaNodes.await(() -> Throttle.isSigned(Sign.TOPIC, config()));

        assertThat(reassign(List.of(0, 1))).isEqualTo(new Outcome.Done());
        assertThat(admin.reassignments()).containsExactly(copy);
        assertThat(Throttle.isRateOurs(admin.clusterConfig())).isTrue();
        stays(() -> admin.reassignments().equals(List.of(copy)), 5);

        assertThat(reassign(List.of())).isEqualTo(new Outcome.Done());
        assertThat(admin.reassignments()).isEmpty();
        assertThat(reassign(List.of())).as("there is nothing any more").isEqualTo(new Outcome.Done());

        admin.alterConfigs(Map.of("orders", Throttle.none(Sign.TOPIC, config())));
        admin.alterClusterConfig(Throttle.noRate(admin.clusterConfig()));
        assertThat(reassign(List.of(0, 1))).isEqualTo(new Outcome.Done());
        KafkaNodes.await(() -> admin.reassignments().isEmpty());
        KafkaNodes.await(() -> replicas().equals(List.of(0, 1)));
        KafkaNodes.await(() -> config().isEmpty());
        assertThat(admin.clusterConfig()).doesNotContainKey("leader.replication.throttled.rate");

        assertThat(reassign(List.of(0))).isEqualTo(new Outcome.Done());
        assertThat(admin.reassignments()).isEmpty();
        assertThat(reassign(List.of(0, 77))).isInstanceOf(Outcome.Retry.class);
    }

    private static Outcome reassign(List<Integer> to) {
        return admin.reassign(Map.of("orders", Map.of(0, to))).get("orders");
    }

    private static Map<String, String> config() {
        return admin.describe(List.of("orders")).get("orders").config();
    }

    private static List<Integer> replicas() {
        return admin.describe(List.of("orders"))
                .get("orders")
                .topic()
                .partitions()
                .getFirst()
                .replicas();
    }

    private static void fill(String topic, int kilobytes) {
        Map<String, Object> settings = Map.of("bootstrap.servers", nodes.bootstrap());
        try (var producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < kilobytes; i++) {
                producer.send(new ProducerRecord<>(topic, new byte[1_000]));
            }
            producer.flush();
        }
    }

    private static void stays(BooleanSupplier condition, int seconds) {
        var end = Instant.now().plusSeconds(seconds);
        while (Instant.now().isBefore(end)) {
            assertThat(condition.getAsBoolean()).isTrue();
        }
    }
}
