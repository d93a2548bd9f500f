package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.castellan.operator.cluster.desired.CountingIds;
import dev.castellan.operator.cluster.desired.DesiredCluster;
import dev.castellan.operator.cluster.desired.Installation;
import dev.castellan.operator.cluster.desired.KnownRevisions;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.api.model.PersistentVolumeClaimBuilder;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LayoutTest {
    private static final Installation INSTALLATION = new Installation("", "IfNotPresent", Optional.empty());
    private static final String ZONES = "{version: 4.4.0, brokers: {replicas: %d, zones: [%s]}}";

    @Test
    void givesEachSetAThousandIdsOfItsOwn() {
        // When
        var layout = fresh("{brokers: {replicas: 4, zones: [a, b, c], pools: [{name: fast, replicas: 2, zones: [a]}]},"
                + " controllers: {replicas: 3}}");

        // Then
        assertThat(layout.sets())
                .extracting(NodeSet::name, NodeSet::firstNodeId, NodeSet::replicas)
                .containsExactly(
                        tuple("events-brokers-a", 0, 2),
                        tuple("events-brokers-b", 1000, 1),
                        tuple("events-brokers-c", 2000, 1),
                        tuple("events-fast-a", 3000, 2),
                        tuple("events-controllers-a", 4000, 1),
                        tuple("events-controllers-b", 5000, 1),
                        tuple("events-controllers-c", 6000, 1));
    }

    @Test
    void keepsTheIdsOfSetsThatRun() {
        // Given
        var live = live("{brokers: {replicas: 3}, controllers: {replicas: 3}}");

        // When
        var layout = Layout.of(
                Specs.of("{brokers: {replicas: 3, pools: [{name: fast, replicas: 1}]}, controllers: {replicas: 3}}"),
                List.of(1000, 1001, 1002),
                live,
                List.of());

        // Then
        assertThat(layout.sets())
                .extracting(NodeSet::name, NodeSet::firstNodeId)
                .containsExactly(
                        tuple("events-brokers", 0), tuple("events-fast", 2000), tuple("events-controllers", 1000));
        assertThat(layout.heldBack()).isEmpty();
    }

    @Test
    void takesOverTheIdsOfDisksThatWereKept() {
        // Given
        var claims = claims(live(ZONES.formatted(3, "a, b, c")));

        // When
        var layout = Layout.of(Specs.of(ZONES.formatted(3, "c, b, new")), List.of(), List.of(), claims);

        // Then
        assertThat(layout.sets())
                .extracting(NodeSet::name, NodeSet::firstNodeId)
                .containsExactly(
                        tuple("events-brokers-c", 2000),
                        tuple("events-brokers-b", 1000),
                        // 0 belongs to the disks of zone a
                        tuple("events-brokers-new", 3000),
                        tuple("events-brokers-a", 0));
        assertThat(layout.sets().getLast().nodeIds()).isEmpty();
    }

    @Test
    void believesDisksRatherThanAStatefulSetThatSomebodyChanged() {
        // Given
        var live = live("{brokers: {replicas: 3}}");
        var claims = claims(live);
        live.getFirst().getSpec().getOrdinals().setStart(7);

        // When
        var layout = Layout.of(Specs.of("{brokers: {replicas: 3}}"), List.of(0, 1, 2), live, claims);

        // Then
        assertThat(layout.sets()).extracting(NodeSet::firstNodeId).containsExactly(0);
    }

    @Test
    void neverHasFewerNodesThanRun() {
        // Given
        var live = live("{brokers: {replicas: 5}}");

        // When
        var layout = Layout.of(Specs.of("{brokers: {replicas: 3}}"), List.of(0, 1, 2), live, List.of());

        // Then
        assertThat(layout.sets()).extracting(NodeSet::replicas).containsExactly(5);
        assertThat(layout.sets().getFirst().leaving()).containsExactly(3, 4);
        assertThat(layout.heldBack()).isEmpty();
    }

    @Test
    void noControllerOfTheQuorumLeaves() {
        // Given
        var live = live("{brokers: {replicas: 5}}");

        // When
        var layout = Layout.of(Specs.of("{brokers: {replicas: 2}}"), List.of(0, 1, 2), live, List.of());

        // Then
        assertThat(layout.sets().getFirst().leaving()).containsExactly(3, 4);
        assertThat(layout.heldBack())
                .extracting(HeldBack::reason)
                .containsExactly(
                        "events-brokers keeps 3 nodes instead of 2: node 2 is a controller of the quorum, which"
                                + " cannot be removed yet; set the number back");
    }

    @Test
    void bringsBackEveryControllerOfTheQuorum() {
        // Given: the StatefulSets are gone, the quorum on the disks is of nodes 0, 1 and 2
        var claims = claims(live("{brokers: {replicas: 3}}"));

        // When
        var layout = Layout.of(Specs.of("{brokers: {replicas: 1}}"), List.of(0, 1, 2), List.of(), claims);

        // Then
        assertThat(layout.sets()).extracting(NodeSet::replicas).containsExactly(3);
        assertThat(layout.heldBack()).hasSize(1);
    }

    @Test
    void makesADeletedStatefulSetAgainForAllItsDisks() {
        // Given: of a set of five, deleted while the spec asks for three, a disk of the last is still there
        var last = new PersistentVolumeClaimBuilder(
                        claims(live("{brokers: {replicas: 5}}")).getFirst())
                .editMetadata()
                .withName("data-events-brokers-4")
                .endMetadata()
                .build();

        // When
        var layout = Layout.of(Specs.of("{brokers: {replicas: 3}}"), List.of(0, 1, 2), List.of(), List.of(last));

        // Then
        assertThat(layout.sets()).extracting(NodeSet::replicas).containsExactly(5);
        assertThat(layout.sets().getFirst().leaving()).containsExactly(3, 4);
    }

    @Test
    void allOfASetLeaveWhoseZoneOrPoolIsGoneFromTheSpec() {
        // Given
        var live = live("{brokers: {replicas: 2, zones: [a, b], pools: [{name: fast, replicas: 2, zones: [a]}]}}");

        // When
        var layout = Layout.of(Specs.of(ZONES.formatted(2, "a")), List.of(0), live, List.of());

        // Then
        assertThat(layout.sets())
                .extracting(NodeSet::name, NodeSet::firstNodeId, NodeSet::replicas, NodeSet::staying)
                .containsExactly(
                        tuple("events-brokers-a", 0, 2, 2),
                        tuple("events-brokers-b", 1000, 1, 0),
                        tuple("events-fast-a", 2000, 2, 0));
        assertThat(layout.heldBack()).isEmpty();
    }

    @Test
    void noneOfSuchASetLeavesThatHasAControllerOfTheQuorum() {
        // Given
        var live = live("{brokers: {replicas: 3, zones: [a, b]}}");

        // When
        var layout = Layout.of(Specs.of(ZONES.formatted(3, "a")), List.of(0, 1, 1000), live, List.of());

        // Then
        assertThat(layout.sets())
                .extracting(NodeSet::name, NodeSet::replicas, NodeSet::staying)
                .containsExactly(tuple("events-brokers-a", 3, 3), tuple("events-brokers-b", 1, 1));
        assertThat(layout.heldBack())
                .extracting(HeldBack::reason)
                .containsExactly("the nodes of events-brokers-b are no longer in the spec, but they are kept: 1000 is a"
                        + " controller of the quorum too, which cannot be removed yet; put the pool or zone back");
    }

    @Test
    void noDedicatedControllerGoesWithItsZone() {
        // Given
        var live = live("{brokers: {replicas: 1}, controllers: {replicas: 3, zones: [a, b, c]}}");

        // When
        var spec = Specs.of("{brokers: {replicas: 1}, controllers: {replicas: 3, zones: [a, b]}}");
        var layout = Layout.of(spec, List.of(1000, 2000, 3000), live, List.of());

        // Then
        assertThat(layout.sets().getLast().leaving()).isEmpty();
        assertThat(layout.heldBack()).extracting(HeldBack::set).containsExactly("events-controllers-c");
    }

    @Test
    void makesThePodsOfAZoneThatGoesAsThoseOfItsPool() {
        // Given
        var live = live("{brokers: {replicas: 2, zones: [a, b]}}");
        var spec = Specs.of("{brokers: {replicas: 2, zones: [a]}, config: {num.io.threads: 9}}");

        // When
        var sets = Layout.of(spec, List.of(0), live, List.of()).sets();

        // Then
        assertThat(sets.getLast().specHash()).isEqualTo(sets.getFirst().specHash());
        assertThat(sets.getLast().storage()).isEqualTo(sets.getFirst().storage());
    }

    @Test
    void leavesThePodsOfAPoolThatGoesAsTheyAre() {
        // Given
        var live = live("{brokers: {replicas: 2, pools: [{name: fast, replicas: 1}]}}");
        var spec = Specs.of("{brokers: {replicas: 2}, config: {num.io.threads: 9}}");
        var layout = Layout.of(spec, List.of(0), live, List.of());

        // When
        var desired = desired(spec, layout, live);

        // Then
        assertThat(desired.statefulSets().getFirst().getSpec().getTemplate())
                .isNotEqualTo(live.getFirst().getSpec().getTemplate());
        assertThat(desired.statefulSets().getLast().getSpec().getTemplate())
                .isEqualTo(live.getLast().getSpec().getTemplate());
    }

    @Test
    void leavesSuchAPoolAloneWhoseTemplateSomebodyDamaged() {
        // Given
        var live = live("{brokers: {replicas: 2, pools: [{name: fast, replicas: 1}]}}");
        live.getLast().getSpec().getTemplate().getMetadata().getAnnotations().put(Annotations.POD_SPEC, "{}");
        live.getLast().getMetadata().getAnnotations().remove(Annotations.SPEC_HASH);
        var spec = Specs.of("{brokers: {replicas: 2}}");
        var layout = Layout.of(spec, List.of(0), live, List.of());

        // When
        var desired = desired(spec, layout, live);

        // Then
        assertThat(desired.statefulSets())
                .extracting(set -> set.getMetadata().getName())
                .containsExactly("events-brokers");
        assertThat(desired.heldBack()).extracting(HeldBack::set).containsExactly("events-fast");
    }

    @Test
    void saysNothingAboutTheVolumesOfSuchAPool() {
        // Given: what remains of the spec would hand over its claims to the cluster, and size them otherwise
        var live = live("{brokers: {replicas: 2, pools: [{name: fast, replicas: 1}]}}");
        var spec = Specs.of("{brokers: {replicas: 2, storage: {size: 99Gi, retain: false}}}");

        // When
        var set = Layout.of(spec, List.of(0), live, List.of()).sets().getLast();

        // Then
        assertThat(set.storage()).isEqualTo(new StorageSpec(false, true, List.of(), Optional.empty()));
        assertThat(VolumeChanges.refusal(set, Optional.of(live.getLast()))).isEmpty();
    }

    private static Layout fresh(String spec) {
        return Layout.of(Specs.of(spec), List.of(), List.of(), List.of());
    }

    static List<StatefulSet> live(String yaml) {
        var spec = Specs.of(yaml);
        var layout = Layout.of(spec, List.of(), List.of(), List.of());
        return desired(spec, layout, List.of()).statefulSets();
    }

    private static DesiredCluster desired(ClusterSpec spec, Layout layout, List<StatefulSet> live) {
        var identity = Identity.founded(spec, layout, new CountingIds());
        return DesiredCluster.of(spec, identity, layout, live, INSTALLATION, new KnownRevisions(1));
    }

    /** As the StatefulSet controller makes them, one of each set. */
    static List<PersistentVolumeClaim> claims(List<StatefulSet> sets) {
        return sets.stream()
                .map(set -> set.getSpec().getVolumeClaimTemplates().getFirst())
                .map(template -> new PersistentVolumeClaimBuilder(template).build())
                .toList();
    }
}
