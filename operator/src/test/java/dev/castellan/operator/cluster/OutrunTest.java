package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.Rebalance;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.Quantity;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Copies that do not gain on what is produced are let go faster, as far as the user allows, and never for longer than they last. */
class OutrunTest {
    private static final long MEBI = 1024 * 1024;
    private static final String RATE = "follower.replication.throttled.rate";

    @Test
    void copiesThatAreOutrunAreLetGoFaster() {
        // Given
        var cluster = three(150);
        // When
        cluster.edit(replicas(4)).settle();
        // Then
        assertThat(cluster.plan())
                .filteredOn(line -> line.startsWith("RaiseThrottle"))
                .satisfiesExactly(
                        line -> assertThat(line)
                                .isEqualTo(
                                        "RaiseThrottle: what broker 3 is to copy has not become less for 60 s (300Mi,"
                                                + " now 300Mi), as much is produced meanwhile; replicas move at 100Mi a second"
                                                + " instead of 50Mi"),
                        line -> assertThat(line).endsWith("; replicas move at 200Mi a second instead of 100Mi"));
        assertAtRest(cluster);
    }

    @Test
    void copiesThatGainKeepTheirRate() {
        // Given
        var cluster = three(40);
        // When
        cluster.edit(replicas(4)).settle();
        // Then
        assertThat(cluster.plan()).noneMatch(line -> line.startsWith("RaiseThrottle"));
        assertAtRest(cluster);
    }

    @Test
    void itIsNeverMoreThanTheUserAllowsAndWhatHelpsIsTold() {
        // Given
        var cluster = three(170);
        // When
        cluster.edit(rebalance("50Mi", "150Mi")).edit(replicas(4)).settle();
        // Then
        assertThat(rate(cluster)).isLessThanOrEqualTo(150 * MEBI).isGreaterThan(149 * MEBI);
        assertThat(cluster.last().step().reason())
                .contains("; the throttle of 50Mi a second was raised to 150Mi; what broker 3 is to copy")
                .endsWith("raise spec.rebalance.maxThrottle, or let clients produce less");
        // When
        cluster.edit(rebalance("50Mi", "1Gi")).reconcile();
        // Then: it goes on from there
        assertThat(rate(cluster)).isGreaterThan(199 * MEBI);
        assertAtRest(cluster.settle());
    }

    @Test
    void whoeverDoesNotWantItRaisedKeepsIt() {
        // Given
        var cluster = three(100);
        // When
        cluster.edit(rebalance("50Mi", "50Mi")).edit(replicas(4)).settle();
        // Then
        assertThat(rate(cluster)).isLessThanOrEqualTo(50 * MEBI);
        assertThat(cluster.last().step().reason()).contains("it may not be copied faster");
        // When
        cluster.kafka.produce(0);
        // Then
        assertAtRest(cluster.settle());
    }

    @Test
    void whatWasRaisedOutlivesTheOperator() {
        // Given
        var cluster = three(90);
        cluster.edit(replicas(4)).kafka.produce(250 * MEBI);
        untilRaised(cluster);
        long raised = rate(cluster);
        // When
        cluster.restartOperator().reconcile().pass(30).reconcile();
        // Then
        assertThat(rate(cluster)).isEqualTo(raised).isBetween(99 * MEBI, 100 * MEBI);
        // When
        cluster.kafka.produce(90 * MEBI);
        // Then
        assertAtRest(cluster.settle());
    }

    @Test
    void anotherThrottleBeginsAnew() {
        // Given
        var cluster = three(150);
        cluster.edit(replicas(4));
        untilRaised(cluster);
        // When
        cluster.edit(rebalance("60Mi", "480Mi")).reconcile();
        // Then
        assertThat(rate(cluster)).isBetween(59 * MEBI, 60 * MEBI);
        assertAtRest(cluster.settle());
    }

    private static void untilRaised(CalmCluster cluster) {
        cluster.until(() -> cluster.plan().stream().anyMatch(line -> line.startsWith("RaiseThrottle")));
    }

    /** @param produced mebibytes a second to each broker */
    private static CalmCluster three(long produced) {
        var spec = Specs.cluster("{brokers: {replicas: 3}}");
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle();
        cluster.kafka.createTopic(
                "orders", 1, List.of(List.of(0, 1, 2), List.of(1, 2, 0), List.of(2, 0, 1), List.of(0, 1, 2)));
        cluster.kafka.fill("orders", 100 * MEBI);
        cluster.kafka.produce(produced * MEBI);
        return cluster.pass(60).settle();
    }

    private static long rate(CalmCluster cluster) {
        return Long.parseLong(cluster.kafka.config().get(RATE));
    }

    private static Consumer<KafkaCluster> replicas(int replicas) {
        return cluster -> cluster.getSpec().brokers.replicas = replicas;
    }

    private static Consumer<KafkaCluster> rebalance(String throttle, String max) {
        return cluster -> {
            cluster.getSpec().rebalance = new Rebalance();
            cluster.getSpec().rebalance.throttle = new Quantity(throttle);
            cluster.getSpec().rebalance.maxThrottle = new Quantity(max);
        };
    }

    private static void assertAtRest(CalmCluster cluster) {
        assertThat(cluster.kafka.moving()).isEmpty();
        assertThat(cluster.kafka.holdsAnything(3)).isTrue();
        assertThat(Throttle.isRateOurs(cluster.kafka.config())).isFalse();
        assertThat(cluster.kafka.details().values()).noneMatch(topic -> Throttle.isSigned(topic.config()));
    }
}
