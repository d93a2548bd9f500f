package dev.castellan.operator.kafka;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.KafkaAdmin.NewTopic;
import dev.castellan.operator.kafka.KafkaAdmin.Outcome;
import dev.castellan.operator.kafka.TopicPartitions.Partition;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may lead a partition that nobody leads, in a real Kafka of two nodes. */
class ApacheKafkaElectionKafkaIT {
    @TempDir
    private static Path directory;

    @Test
    void nobodyElseIsElected() {
        try (var nodes = KafkaNodes.start(1, directory);
                var admin = ApacheKafkaAdmin.connect(nodes.bootstrap())) {
            nodes.add(1, admin);
            admin.create(List.of(new NewTopic("orders", 1, Optional.of((short) 1), Map.of())));
            KafkaNodes.await(() ->
                    admin.reassign(Map.of("orders", Map.of(0, List.of(1)))).containsValue(new Outcome.Done()));
            KafkaNodes.await(() -> partition(admin).replicas().equals(List.of(1)));
            assertThat(elect(admin)).as("it has a leader").isEqualTo(new Outcome.Done());

            nodes.stop(1);

            KafkaNodes.await(() -> partition(admin).leader() < 0);
            assertThat(mayLead(partition(admin))).containsExactly(1);
            assertThat(elect(admin)).isInstanceOf(Outcome.Retry.class);
            assertThat(partition(admin).leader()).isNegative();
        }
    }

    private static List<Integer> mayLead(Partition partition) {
        return Stream.concat(partition.inSync().stream(), partition.eligible().stream())
                .toList();
    }

    private static Outcome elect(KafkaAdmin admin) {
        return admin.elect(Map.of("orders", List.of(0))).get("orders");
    }

    private static Partition partition(KafkaAdmin admin) {
        return admin.describe(List.of("orders"))
                .get("orders")
                .topic()
                .partitions()
                .getFirst();
    }
}
