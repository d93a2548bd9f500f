package dev.castellan.operator.cluster;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.castellan.api.v1beta1.Brokers;
import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.plan.Step.Done;
import dev.castellan.operator.cluster.plan.Step.Stall;
import dev.castellan.operator.cluster.plan.Step.StallReason;
import dev.castellan.operator.placement.Throttle;
import dev.castellan.operator.simulation.CalmCluster;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Pools and zones that come and go as a whole: what must hold on the way, whatever happens on it. */
class PoolsTest {
    private static final int LONG = 300;
    private static final String OLD = "{replicas: 3, pools: [{name: old, replicas: 2}]}";
    private static final String NEW = "{replicas: 3, pools: [{name: new, replicas: 2}]}";

    @Test
    void dataMovesFromAPoolToTheOneThatTakesItsPlace() {
        // Given
        var cluster = of(OLD);
        // When
        cluster.edit(brokers(NEW)).settle();
        // Then: 36 replicas over brokers 0 to 2 and the new two
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(counts(cluster).keySet()).containsExactly(0, 1, 2, 2000, 2001);
        assertThat(counts(cluster).values())
                .allSatisfy(count -> assertThat(count).isBetween(7L, 8L));
        assertNothingIsLeftOf("events-old", cluster);
    }

    @Test
    void goesOnThoughTheOperatorIsAnotherWithEachReconcile() {
        // Given
        var cluster = of(OLD).edit(brokers(NEW));
        // When
        for (int i = 0; i < LONG; i++) {
            cluster.restartOperator().reconcile().pass(1);
        }
        // Then
        assertThat(counts(cluster).keySet()).containsExactly(0, 1, 2, 2000, 2001);
        assertNothingIsLeftOf("events-old", cluster);
    }

    @Test
    void disksAreKeptAndTakenUpAgain() {
        // Given
        var cluster = of(OLD).edit(brokers("{replicas: 3}")).settle();
        assertThat(names(cluster, PersistentVolumeClaim.class))
                .contains("data-events-old-1000", "data-events-old-1001");
        // When
        cluster.edit(brokers(OLD)).settle();
        // Then: 36 replicas over 5 brokers
        assertThat(counts(cluster).keySet()).containsExactly(0, 1, 2, 1000, 1001);
        assertThat(counts(cluster).values())
                .allSatisfy(count -> assertThat(count).isBetween(7L, 8L));
    }

    @Test
    void nothingMovesBeforeThoseToComeAreThere() {
        // Given
        var cluster = of(OLD).edit(brokers(NEW));
        while (!cluster.kafka.known().contains(2001)) {
            // When
            cluster.reconcile().pass(1);
            // Then
            boolean isThere = cluster.kafka.known().contains(2001);
            assertThat(isThere || cluster.kafka.moving().isEmpty()).isTrue();
        }
    }

    @Test
    void aPoolThatIsSetBackHalfWayStays() {
        // Given
        var cluster = of(OLD).edit(brokers("{replicas: 3}"));
        while (cluster.kafka.holdsAnything(1001)) {
            cluster.reconcile().pass(1);
        }
        // When
        cluster.edit(brokers(OLD)).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(counts(cluster).values()).hasSize(5).allSatisfy(count -> assertThat(count)
                .isBetween(7L, 8L));
        assertNothingIsSlowedDown(cluster);
    }

    @Test
    void aPoolThatIsSetBackWhenItsPodsHaveGoneComesBack() {
        // Given
        var cluster = of(OLD).edit(brokers("{replicas: 3}"));
        while (names(cluster, Pod.class).contains("events-old-1001")) {
            cluster.reconcile().pass(1);
        }
        // When
        cluster.edit(brokers(OLD)).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(counts(cluster).values()).hasSize(5).allSatisfy(count -> assertThat(count)
                .isBetween(7L, 8L));
    }

    @Test
    void whatTheSpecSaysOfOthersRestartsNoneThatIsToGo() {
        // Given
        var cluster = of(OLD);
        var uid = cluster.pod("events-old-1000").getMetadata().getUid();
        // When
        cluster.edit(brokers("{replicas: 3}"))
                .edit(spec -> spec.getSpec().config = Map.of("log.retention.hours", new TextNode("1")));
        // Then
        for (int i = 0; i < LONG; i++) {
            cluster.reconcile().pass(1);
            assertThat(cluster.kube.everything(Pod.class))
                    .filteredOn(pod -> pod.getMetadata().getName().equals("events-old-1000"))
                    .allMatch(pod -> pod.getMetadata().getUid().equals(uid));
        }
        assertNothingIsLeftOf("events-old", cluster);
    }

    @Test
    void aLostPodOfAPoolThatIsToGoComesBack() {
        // Given
        var cluster = of(OLD);
        cluster.kafka.createTopic("audit", 2, List.of(List.of(0, 1, 2, 1000, 1001)));
        cluster.pass(40).edit(brokers("{replicas: 3}")).settle();
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> {
            assertThat(stall.why()).isEqualTo(StallReason.ScaleDownBlocked);
            assertThat(stall.reason()).contains("audit (5)", "set the pool or zone back");
        });
        // When
        cluster.losePod("events-old-1001").settle();
        // Then
        assertThat(names(cluster, Pod.class)).contains("events-old-1001");
        assertThat(cluster.kafka.isCaughtUp(1001)).isTrue();
    }

    @Test
    void whoHasLostItsStatefulSetIsForgottenAllTheSame() {
        // Given
        var cluster = of(OLD).edit(brokers("{replicas: 3}"));
        // When
        cluster.kube.everything(StatefulSet.class).stream()
                .filter(set -> set.getMetadata().getName().equals("events-old"))
                .forEach(cluster.kube::erase);
        cluster.settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(counts(cluster)).isEqualTo(Map.of(0, 12L, 1, 12L, 2, 12L));
        assertNothingIsLeftOf("events-old", cluster);
    }

    @Test
    void aPoolThatNeverCameUpGoes() {
        // Given
        var cluster = of("{replicas: 3}")
                .edit(brokers("{replicas: 3, pools: [{name: old, replicas: 2, template: {annotations: {test/broken:"
                        + " crash}}}]}"))
                .settle();
        assertThat(cluster.last().step()).isNotInstanceOf(Done.class);
        // When
        cluster.edit(brokers("{replicas: 3}")).settle();
        cluster.until(() -> cluster.kube.everything(Pod.class).size() == 3).settle(); // whose end wakes the operator
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertNothingIsLeftOf("events-old", cluster);
    }

    @Test
    void brokersThatAreControllersTooStay() {
        // Given
        var cluster = of("{replicas: 3, zones: [a, b, c]}");
        // When
        cluster.edit(brokers("{replicas: 3, zones: [a, b]}")).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> {
            assertThat(stall.why()).isEqualTo(StallReason.ScaleDownNotSupported);
            assertThat(stall.reason()).contains("events-brokers-c", "2000 is a controller of the quorum too");
        });
        assertThat(names(cluster, Pod.class)).contains("events-brokers-c-2000");
        assertThat(cluster.kafka.holdsAnything(2000)).isTrue();
    }

    @Test
    void dataMovesOutOfAZoneThatGoesAndIntoOneThatComes() {
        // Given
        var cluster = dedicated("{replicas: 6, zones: [a, b, c]}");
        // When
        cluster.edit(brokers("{replicas: 6, zones: [a, b, d]}")).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(counts(cluster).keySet()).containsExactly(0, 1, 1000, 1001, 4000, 4001);
        assertThat(counts(cluster).values()).containsOnly(6L);
        assertRacks(cluster, 3);
        assertNothingIsLeftOf("events-brokers-c", cluster);
    }

    @Test
    void fewerZonesWithAsManyBrokers() {
        // Given
        var cluster = dedicated("{replicas: 3, zones: [a, b, c]}");
        // When
        cluster.edit(brokers("{replicas: 3, zones: [a, b]}")).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(counts(cluster)).isEqualTo(Map.of(0, 12L, 1, 12L, 1000, 12L));
        // When: and one more, of which the higher ids of another go
        cluster.edit(brokers("{replicas: 3, zones: [a, b, c]}")).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(counts(cluster)).isEqualTo(Map.of(0, 12L, 1000, 12L, 2000, 12L));
        assertRacks(cluster, 3);
    }

    @Test
    void fromNoZonesToZones() {
        // Given
        var cluster = dedicated("{replicas: 3}");
        // When
        cluster.edit(brokers("{replicas: 3, zones: [a, b, c]}")).settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOf(Done.class);
        assertThat(counts(cluster).values()).containsExactly(12L, 12L, 12L);
        assertRacks(cluster, 3);
        assertNothingIsLeftOf("events-brokers", cluster);
    }

    @Test
    void aPoolWhoseBrokersWouldHaveNoNodePortsIsRefusedAsAWhole() {
        // Given: disks of the first pool keep their thousand ids
        var cluster = made(
                "{brokers: {replicas: 1, pools: [{name: old, replicas: 2}]}, listeners: [{name: outside, port: 9094,"
                        + " type: nodeport, nodePort: 31000}]}");
        // When
        cluster.edit(brokers("{replicas: 1, pools: [{name: new, replicas: 2}]}"))
                .settle();
        // Then
        assertThat(cluster.last().step()).isInstanceOfSatisfying(Stall.class, stall -> {
            assertThat(stall.why()).isEqualTo(StallReason.InvalidSpec);
            assertThat(stall.reason()).contains("broker 2000 would need node port 33001");
        });
        assertThat(names(cluster, Pod.class)).contains("events-old-1001").doesNotContain("events-new-2000");
    }

    private static CalmCluster of(String brokers) {
        return made("{brokers: " + brokers + "}");
    }

    private static CalmCluster dedicated(String brokers) {
        return made("{brokers: " + brokers + ", controllers: {replicas: 1, zones: []}}");
    }

    /** Twelve partitions of three replicas, one after the other over all brokers, and over racks. */
    private static CalmCluster made(String yaml) {
        var spec = Specs.cluster(yaml);
        spec.getMetadata().setGeneration(1L);
        var cluster = new CalmCluster(spec).settle();
        var brokers = new ArrayList<>(cluster.kafka.known());
        brokers.sort(Comparator.comparing(id -> id % NodeSet.RANGE));
        var partitions = new ArrayList<List<Integer>>();
        for (int i = 0; i < 12; i++) {
            Collections.rotate(brokers, 1);
            partitions.add(List.copyOf(brokers.subList(0, 3)));
        }
        cluster.kafka.createTopic("orders", 2, partitions);
        cluster.pass(40).settle();
        cluster.plan().clear();
        return cluster;
    }

    private static Consumer<KafkaCluster> brokers(String yaml) {
        return cluster -> {
            try {
                cluster.getSpec().brokers = new YAMLMapper().readValue(yaml, Brokers.class);
            } catch (JsonProcessingException e) {
                throw new IllegalArgumentException(e);
            }
        };
    }

    private static TreeMap<Integer, Long> counts(CalmCluster cluster) {
        return cluster.kafka.truth().stream()
                .flatMap(topic -> topic.partitions().stream())
                .flatMap(partition -> partition.replicas().stream())
                .collect(groupingBy(id -> id, TreeMap::new, counting()));
    }

    /** A zone is a StatefulSet, and a StatefulSet a thousand ids. */
    private static void assertRacks(CalmCluster cluster, int racks) {
        assertThat(cluster.kafka.truth().stream().flatMap(topic -> topic.partitions().stream()))
                .allSatisfy(
                        partition -> assertThat(partition.replicas().stream().map(id -> id / NodeSet.RANGE))
                                .hasSize(racks)
                                .doesNotHaveDuplicates());
    }

    private static void assertNothingIsLeftOf(String set, CalmCluster cluster) {
        for (var kind : List.of(StatefulSet.class, Pod.class, Service.class, ConfigMap.class)) {
            assertThat(names(cluster, kind)).noneMatch(name -> name.matches(set + "(-\\d+|-[0-9a-f]{8,})?"));
        }
        assertThat(cluster.kafka.known()).allMatch(id -> cluster.kube.everything(Pod.class).stream()
                .anyMatch(pod -> pod.getMetadata().getName().endsWith("-" + id)));
        assertNothingIsSlowedDown(cluster);
        assertThat(cluster.kube.everything(StatefulSet.class))
                .allMatch(live -> Shareless.of(live).isEmpty());
    }

    private static <T extends HasMetadata> List<String> names(CalmCluster cluster, Class<T> kind) {
        return cluster.kube.everything(kind).stream()
                .map(object -> object.getMetadata().getName())
                .toList();
    }

    private static void assertNothingIsSlowedDown(CalmCluster cluster) {
        assertThat(Throttle.isRateOurs(cluster.kafka.config())).isFalse();
        assertThat(cluster.kafka.details().values()).noneMatch(topic -> Throttle.isSigned(topic.config()));
    }
}
