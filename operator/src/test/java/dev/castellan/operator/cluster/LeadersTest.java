package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.TopicPartitions.Partition;
import dev.castellan.operator.simulation.CalmCluster;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Who may lead, leads: Kafka may miss that a broker comes with another disk. */
class LeadersTest {
    @Test
    void aMissedElectionTakesPlace() {
        // Given
        var cluster = cluster();
        // When
        cluster.loseDisk("events-brokers-2").pass(30).settle();
        // Then
        assertThat(leaders(cluster)).containsExactly(0, 2, 2);
        assertThat(cluster.plan())
                .contains("ElectLeaders: nobody leads orders-1, orders-2, though a broker is there that may");
        assertThat(cluster.kube.events()).anyMatch(event -> event.startsWith("Normal LeadersElected: "));
    }

    @Test
    void nobodyIsElectedWhoseDiskHasFailed() {
        // Given
        var cluster = cluster();
        // When
        cluster.failDisk("data", "events-brokers-2").pass(30).settle();
        // Then
        assertThat(leaders(cluster)).containsExactly(0, -1, -1);
        assertThat(cluster.plan()).noneMatch(line -> line.startsWith("ElectLeaders"));
    }

    private static CalmCluster cluster() {
        var cluster = new CalmCluster(Specs.cluster("brokers: {replicas: 3}"))
                .settle()
                .pass(60)
                .settle();
        cluster.kafka.createTopic("orders", 1, List.of(List.of(0), List.of(2), List.of(2)));
        return cluster;
    }

    private static List<Integer> leaders(CalmCluster cluster) {
        return cluster.kafka.truth().getFirst().partitions().stream()
                .map(Partition::leader)
                .toList();
    }
}
