package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.kafka.FakeKafka;
import dev.castellan.operator.simulation.CalmCluster;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How soon a cluster is looked at again of which Kubernetes has nothing to tell. */
class RecheckTest {
    private final CalmCluster cluster = new CalmCluster(Specs.cluster("brokers: {replicas: 3}")).settle();

    @Test
    void isInNoHurryWhileAllIsWell() {
        cluster.pass(40).reconcile();

        assertThat(cluster.last().recheck()).isEqualTo(Duration.ofMinutes(1));
    }

    @Test
    void looksSoonWhetherWhatIsDegradedHasMended() {
        cluster.kafka.createTopic("orders", 2, List.of(List.of(0, 1, FakeKafka.NOBODY)));
        cluster.pass(40).reconcile(); // shuts the budget

        cluster.reconcile();

        assertThat(cluster.last().recheck()).isEqualTo(Duration.ofSeconds(2));
    }

    @Test
    void looksEverMoreRarelyAtWhatStaysDegraded() {
        cluster.kafka.createTopic("orders", 2, List.of(List.of(0, 1, FakeKafka.NOBODY)));
        cluster.pass(40).reconcile();

        cluster.pass(60).reconcile();

        assertThat(cluster.last().recheck()).isEqualTo(Duration.ofSeconds(15));
        cluster.pass(600).reconcile();
        assertThat(cluster.last().recheck()).isEqualTo(Duration.ofMinutes(1));
    }
}
