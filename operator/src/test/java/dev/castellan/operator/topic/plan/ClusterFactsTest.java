package dev.castellan.operator.topic.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.Specs;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.report.BrokerStatuses;
import dev.castellan.operator.cluster.report.FailureStatus;
import dev.castellan.operator.simulation.CalmCluster;
import dev.castellan.operator.topic.plan.ClusterFacts.Formed;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Quantity;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a cluster is fit for new topics: as long as most of its brokers are in service, whatever else is the matter. */
class ClusterFactsTest {
    private final KafkaCluster cluster = Specs.cluster("brokers: {replicas: 3, storage: {size: 100Gi}}");
    private final CalmCluster world;

    ClusterFactsTest() {
        cluster.getMetadata().setGeneration(1L);
        world = new CalmCluster(cluster);
    }

    @Test
    void itIsNotBeforeAllBrokersAreThereForTheFirstTime() {
        while (world.kube.everything(Pod.class).size() < 3) {
            world.reconcile().pass(1);
        }
        world.loseHostOf("events-brokers-2", true).settle();

        assertThat(BrokerStatuses.inService(cluster.getStatus().brokers)).isEqualTo(2);
        assertThat(formed().ready()).isFalse();
        assertThat(formed().why())
                .isEqualTo(cluster.getStatus().conditions.getFirst().getMessage());
        assertThat(world.bringHostBack().settle().status().conditions.getFirst().getReason())
                .isEqualTo("Serving");
        assertThat(formed()).isEqualTo(new Formed(cluster.getStatus().clusterId, 3, true, "", Optional.of("4.4-IV2")));
    }

    @Test
    void itIsThoughItsSpecCannotBeFollowed() {
        world.settle()
                .edit(spec -> spec.getSpec().brokers.storage.size = new Quantity("50Gi"))
                .settle();

        assertThat(world.last().step()).isInstanceOf(Stall.class);
        assertThat(formed().ready()).isTrue();
    }

    @Test
    void brokersThatCannotGoCountForHowManyReplicasATopicGets() {
        world.settle().edit(spec -> spec.getSpec().brokers.replicas = 1).settle();

        assertThat(world.last().step()).isInstanceOf(Stall.class);
        assertThat(formed()).isEqualTo(new Formed(cluster.getStatus().clusterId, 3, true, "", Optional.of("4.4-IV2")));
    }

    @Test
    void itIsThoughAReconcileFailed() {
        world.settle();
        cluster.setStatus(
                FailureStatus.of(cluster.getStatus(), 1, new IllegalStateException("our bug"), Instant.EPOCH));

        assertThat(formed().ready()).isTrue();
    }

    @Test
    void itIsNotWhileMostBrokersAreAwayAndTheReasonSaysSo() {
        world.settle()
                .edit(spec -> spec.getSpec().brokers.storage.size = new Quantity("50Gi"))
                .settle();
        world.losePod("events-brokers-1").losePod("events-brokers-2").reconcile();

        assertThat(formed().ready()).isFalse();
        assertThat(formed().why()).startsWith("1 of 3 brokers are in service: ");
    }

    @Test
    void itIsNotWhenItIsToHibernate() {
        world.settle().edit(spec -> spec.getSpec().hibernate = true).reconcile();

        assertThat(formed().ready()).isFalse();
        world.settle();
        assertThat(formed().why()).startsWith("0 of 3 brokers are in service: all nodes are stopped");
    }

    @Test
    void itIsWhileClientsAreServedWhateverIsToldOfItsPods() {
        world.settle();
        cluster.getStatus().brokers.forEach(broker -> broker.state = "Starting");

        assertThat(formed().ready()).isTrue();
    }

    private Formed formed() {
        return (Formed) ClusterFacts.of(cluster);
    }
}
