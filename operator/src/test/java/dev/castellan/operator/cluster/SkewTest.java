package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Rebalance;
import dev.castellan.operator.simulation.CalmCluster;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Brokers get even shares of bytes by themselves, where their user says so. */
class SkewTest {
    private static final long MEBI = 1024 * 1024;

    @Test
    void brokersExchangeReplicasUntilBytesAreEven() {
        // Given
        var cluster = skewed();
        // When
        cluster.edit(whenSkewAbove(20)).settle();
        // Then
        assertThat(bytes(cluster)).isEqualTo(Map.of(0, 202 * MEBI, 1, 202 * MEBI, 2, 202 * MEBI));
        assertThat(cluster.plan())
                .anyMatch(line -> line.startsWith("MarkShareless: the fullest broker holds 49% more than the average"))
                .anyMatch(line -> line.matches("MoveReplicas: .*; \\d+Mi to copy, in \\d+ s at least; \\d are begun"));
    }

    @Test
    void whatIsNotAskedForIsNotMoved() {
        // Given
        var cluster = skewed();
        var before = bytes(cluster);
        // When
        cluster.edit(whenSkewAbove(50)).settle();
        // Then
        assertThat(bytes(cluster)).isEqualTo(before);
        assertThat(cluster.plan()).noneMatch(line -> line.startsWith("MarkShareless"));
    }

    @Test
    void onePartitionThatIsLargerThanAllElseMovesNothing() {
        // Given
        var cluster = awake();
        cluster.kafka.createTopic("giant", 1, List.of(List.of(0)));
        cluster.kafka.fill("giant", 1000 * MEBI);
        cluster.kafka.createTopic("small", 1, List.of(List.of(1), List.of(2)));
        cluster.kafka.fill("small", MEBI);
        // When
        cluster.edit(whenSkewAbove(20)).pass(60).settle();
        // Then
        assertThat(cluster.plan()).noneMatch(line -> line.startsWith("MarkShareless"));
    }

    /** Two brokers with all that is large, a third with as many that are small. */
    private static CalmCluster skewed() {
        var cluster = awake();
        cluster.kafka.createTopic(
                "large", 1, List.of(List.of(0), List.of(0), List.of(0), List.of(1), List.of(1), List.of(1)));
        cluster.kafka.fill("large", 100 * MEBI);
        cluster.kafka.createTopic("small", 1, Collections.nCopies(6, List.of(2)));
        cluster.kafka.fill("small", MEBI);
        return cluster.pass(60).settle();
    }

    private static CalmCluster awake() {
        var spec = Specs.cluster("{brokers: {replicas: 3}}");
        spec.getMetadata().setGeneration(1L);
        return new CalmCluster(spec).settle();
    }

    private static Consumer<KafkaCluster> whenSkewAbove(int percent) {
        return cluster -> {
            cluster.getSpec().rebalance = new Rebalance();
            cluster.getSpec().rebalance.whenSkewAbove = percent;
        };
    }

    private static Map<Integer, Long> bytes(CalmCluster cluster) {
        var bytes = new TreeMap<Integer, Long>();
        cluster.kafka.truth().forEach(topic -> topic.partitions().forEach(partition -> partition
                .replicas()
                .forEach(id -> bytes.merge(id, topic.name().equals("large") ? 100 * MEBI : MEBI, Long::sum))));
        return bytes;
    }
}
