package dev.castellan.operator.cluster;

import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.plan.Step.AddVoter;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.MoveReplicas;
import dev.castellan.operator.cluster.plan.Step.Wait;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.Service;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What Kafka does not do holds up nothing else, and is told. */
class AskedInVainTest {
    private static final String SERVICE = "events-controllers-1001";

    /** Kafka waits in vain for a controller of which nobody knows the address. */
    @Test
    void aServiceThatIsGoneUnderAControllerThatIsToVoteIsMadeAgain() {
        // Given
        var cluster = aboutToAddAVoter();
        delete(cluster, Service.class, SERVICE);
        // When
        cluster.settle();
        // Then
        assertThat(cluster.plan()).anyMatch(line -> line.startsWith("ApplyObjects") && line.contains(SERVICE));
        assertThat(cluster.kafka.voters()).hasSize(3);
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    @Test
    void theUserReadsWhatKafkaAnswersWhenItTakesNoVoter() {
        // Given
        var cluster = aboutToAddAVoter();
        cluster.kafka.refuseVoters(60);
        // When
        cluster.reconcile().pass(1).reconcile();
        // Then
        assertThat(cluster.last().step().reason())
                .contains(
                        "has no vote in the quorum that is up to date, which Kafka has not done: InvalidRequest; it is asked again after 5 s");
        // When
        delete(cluster, ConfigMap.class, "events-brokers");
        cluster.pass(60).settle();
        // Then
        assertThat(cluster.kafka.voters()).hasSize(3);
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    /** It would be missed when it goes, and now nobody does. */
    @Test
    void aControllerWhoseVolumeIsToGoGetsItsVoteWithAnother() {
        // Given
        var cluster = aboutToAddAVoter();
        cluster.plan().clear();
        cluster.deleteClaims("events-controllers-1001");
        // When
        cluster.pass(1).settle();
        // Then
        assertThat(cluster.plan())
                .filteredOn(line -> line.matches("(ReplaceDisk|AddVoter|RemoveVoter): .*"))
                .extracting(line -> line.substring(0, line.indexOf(':')))
                .containsExactly("ReplaceDisk", "AddVoter");
        assertThat(cluster.kafka.voters()).hasSize(3);
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    @Test
    void theUserReadsWhatKafkaAnswersWhenItLetsNoVoterGo() {
        // Given
        var cluster = of("{brokers: {replicas: 3}, controllers: {replicas: 3, zones: []}}");
        // When
        cluster.kafka.refuseVoters(30);
        cluster.edit(controllers(1)).settle();
        // Then
        assertThat(cluster.plan())
                .contains(
                        "Wait: controller 1002 is to lose its vote, which Kafka has not done: InvalidRequest; it is asked again after 5 s");
        assertThat(cluster.kafka.voters()).containsExactly(1000);
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
    }

    @Test
    void movesThatKafkaRefusesLetOthersHaveTheirTurnAndAreAskedForAgain() {
        // Given
        var cluster = of("{brokers: {replicas: 4}, controllers: {replicas: 1, zones: []}}");
        cluster.kafka.createTopic("orders", 1, List.of(List.of(3, 0)));
        cluster.pass(40).reconcile();
        cluster.kafka.refuseMoves(20);
        cluster.edit(replicas(3));
        cluster.until(() -> cluster.last().step() instanceof MoveReplicas
                || cluster.plan().stream().anyMatch(AskedInVainTest::isTold));
        // When
        delete(cluster, Service.class, "events-brokers-0");
        cluster.reconcile().pass(1).reconcile();
        // Then
        assertThat(cluster.kube.exists(Service.class, "events-brokers-0")).isTrue();
        assertThat(cluster.kafka.holdsAnything(3)).isTrue();
        // When
        cluster.settle();
        // Then
        assertThat(cluster.kafka.known()).containsExactly(0, 1, 2);
    }

    /** As many as may be under way at a time, and they come first. */
    @Test
    void movesThatKafkaRefusesForEverLetOtherMovesHaveTheirTurn() {
        // Given
        var cluster = of("{brokers: {replicas: 4}, controllers: {replicas: 1, zones: []}}");
        cluster.kafka.createTopic("audit", 1, Collections.nCopies(250, List.of(3, 0)));
        cluster.kafka.createTopic("orders", 1, Collections.nCopies(3, List.of(3, 1)));
        cluster.kafka.refuseMovesOf("audit");
        cluster.pass(40).reconcile();
        // When
        cluster.edit(replicas(3)).until(() -> partitionsOn(cluster, 3, "orders") == 0);
        // Then
        assertThat(partitionsOn(cluster, 3, "audit")).isEqualTo(250);
        assertThat(cluster.plan()).anyMatch(line -> line.startsWith("Wait: partitions are to be moved (audit-"));
    }

    /** Though the hundred that were asked for last are others each time. */
    @Test
    void theUserReadsTheSameAsLongAsKafkaRefusesTheSame() {
        // Given
        var cluster = of("{brokers: {replicas: 4}, controllers: {replicas: 1, zones: []}}");
        cluster.kafka.createTopic("audit", 1, Collections.nCopies(250, List.of(3, 0)));
        cluster.kafka.refuseMovesOf("audit");
        cluster.pass(40).reconcile();
        cluster.edit(replicas(3)).until(() -> cluster.plan().stream().anyMatch(line -> line.contains("and 245 more")));
        cluster.plan().clear();
        // When
        for (int second = 0; second < 60; second++) {
            cluster.reconcile().pass(1);
        }
        // Then
        assertThat(cluster.plan().stream()
                        .filter(line -> line.startsWith("Wait: "))
                        .distinct())
                .containsExactly(
                        "Wait: partitions are to be moved (audit-0, audit-1, audit-10, audit-100, audit-101 and"
                                + " 245 more), which Kafka has not done: invalid replication factor; it is asked again after 25 s");
    }

    /** Kafka has no events: nobody else would say that it is time. */
    @Test
    void movesThatKafkaRefusesAreLookedAtAgainAsSoonAsOthersMayHaveTheirTurn() {
        // Given
        var cluster = of("{brokers: {replicas: 4}, controllers: {replicas: 1, zones: []}}");
        cluster.kafka.createTopic("audit", 1, Collections.nCopies(101, List.of(3, 0)));
        cluster.kafka.refuseMovesOf("audit");
        cluster.pass(40).reconcile();
        // When
        cluster.edit(replicas(3)).until(() -> cluster.plan().stream()
                .anyMatch(line -> line.startsWith("Wait: partitions are to be moved (audit-")));
        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Wait.class, wait -> assertThat(wait.recheck())
                .isBetween(ofSeconds(1), ofSeconds(5)));
    }

    private static long partitionsOn(CalmCluster cluster, int broker, String topic) {
        return cluster.kafka.truth().stream()
                .filter(found -> found.name().equals(topic))
                .flatMap(found -> found.partitions().stream())
                .filter(partition -> partition.replicas().contains(broker))
                .count();
    }

    private static boolean isTold(String line) {
        return line.startsWith("Wait: partitions are to be moved (orders-0), which Kafka has not done: ");
    }

    private static CalmCluster aboutToAddAVoter() {
        var cluster = of("{brokers: {replicas: 3}, controllers: {replicas: 3, zones: []}}");
        cluster.loseDisk("events-controllers-1001");
        cluster.until(() -> cluster.kafka.voters().equals(Set.of(1000, 1002)));
        assertThat(cluster.last().step()).isNotInstanceOf(AddVoter.class);
        return cluster;
    }

    private static CalmCluster of(String spec) {
        var declared = Specs.cluster(spec);
        declared.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(declared).settle();
        cluster.plan().clear();
        return cluster;
    }

    private static <T extends HasMetadata> void delete(CalmCluster cluster, Class<T> kind, String name) {
        cluster.kube.everything(kind).stream()
                .filter(object -> object.getMetadata().getName().equals(name))
                .forEach(cluster.kube::erase);
    }

    private static Consumer<KafkaCluster> replicas(int replicas) {
        return cluster -> cluster.getSpec().brokers.replicas = replicas;
    }

    private static Consumer<KafkaCluster> controllers(int replicas) {
        return cluster -> cluster.getSpec().controllers.replicas = replicas;
    }
}
