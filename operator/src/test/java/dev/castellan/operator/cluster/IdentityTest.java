package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.KnownIdentity.Contradiction;
import dev.castellan.operator.cluster.KnownIdentity.None;
import dev.castellan.operator.cluster.KnownIdentity.Rebuilt;
import dev.castellan.operator.cluster.KnownIdentity.Recorded;
import dev.castellan.operator.cluster.desired.CountingIds;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.ConfigMapBuilder;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class IdentityTest {
    private static final String THREE = "{brokers: {replicas: 3}}";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{brokers: {replicas: 1}}                                                                 | 0",
                "{brokers: {replicas: 2}}                                                                 | 0",
                "{brokers: {replicas: 3}}                                                                 | 0 1 2",
                "{brokers: {replicas: 9}}                                                                 | 0 1 2",
                "{brokers: {replicas: 5, zones: [a, b, c]}}                                               | 0 1000 2000",
                "{brokers: {replicas: 4, zones: [a, b]}}                                                  | 0 1 1000",
                "{brokers: {replicas: 3, pools: [{name: fast, replicas: 3}]}}                             | 0 1 2",
                "{brokers: {replicas: 1, zones: [a], pools: [{name: p, replicas: 2, zones: [b, c]}]}}     | 0 1000 2000",
                "{brokers: {replicas: 3}, controllers: {replicas: 1}}                                     | 1000",
                "{brokers: {replicas: 3, zones: [a, b]}, controllers: {replicas: 3}}                      | 2000 2001 3000",
                "{brokers: {replicas: 1}, controllers: {replicas: 5}}                                     | 1000 1001 1002 1003 1004"
            })
    void theFoundersAreAnOddNumberInDifferentZones(String spec, String controllers) {
        // When
        var identity = founded(spec);

        // Then
        assertThat(identity.controllers().stream().map(String::valueOf)).containsExactly(controllers.split(" "));
        assertThat(identity.formed()).isFalse();
    }

    @Test
    void theConfigMapHoldsAllOfIt() {
        // Given
        var identity = founded(THREE).asFormed();
        var map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("events-identity")
                .endMetadata()
                .withData(identity.data(identity.quorum(List.of(), "shop")))
                .build();

        // When
        var known = KnownIdentity.of("events", List.of(map), List.of(), List.of());

        // Then
        assertThat(known).isEqualTo(new Recorded(identity));
    }

    @Test
    void isRebuiltFromStatefulSetsOrFromDisksAlone() {
        // Given
        var live = LayoutTest.live(THREE);

        // When
        var fromSets = KnownIdentity.of("events", List.of(), live, List.of());
        var fromDisks = KnownIdentity.of("events", List.of(), List.of(), LayoutTest.claims(live));

        // Then
        assertThat(fromSets).isEqualTo(new Rebuilt(founded(THREE)));
        assertThat(fromDisks).isEqualTo(new Rebuilt(founded(THREE)));
    }

    @Test
    void isFormedWhenAnyDiskRemembersSo() {
        // Given
        var claims = LayoutTest.claims(LayoutTest.live("{brokers: {replicas: 3, zones: [a, b, c]}}"));
        claims.getLast().getMetadata().getAnnotations().put(Annotations.FORMED, "true");

        // When
        var known = KnownIdentity.of("events", List.of(), List.of(), claims);

        // Then
        assertThat(known.known())
                .hasValueSatisfying(identity -> assertThat(identity.formed()).isTrue());
    }

    @Test
    void isNotGuessedFromTheDisksOfTwoClusters() {
        // Given
        var claims = LayoutTest.claims(LayoutTest.live("{brokers: {replicas: 2, zones: [a, b]}}"));
        claims.getLast().getMetadata().getAnnotations().put(Annotations.CLUSTER_ID, "another");

        // When
        var known = KnownIdentity.of("events", List.of(), List.of(), claims);

        // Then
        assertThat(known).isInstanceOf(Contradiction.class);
    }

    @Test
    void isNotMadeAnewWhenItsConfigMapIsDamaged() {
        // Given
        var map = new ConfigMapBuilder()
                .withNewMetadata()
                .withName("events-identity")
                .endMetadata()
                .build();

        // When
        var known = KnownIdentity.of("events", List.of(map), List.of(), List.of());

        // Then
        assertThat(known).isInstanceOf(Contradiction.class);
    }

    @Test
    void isUnknownWhereNothingExists() {
        // When
        var known = KnownIdentity.of("events", List.of(), List.of(), List.of());

        // Then
        assertThat(known).isEqualTo(new None());
    }

    private static Identity founded(String yaml) {
        var spec = Specs.of(yaml);
        return Identity.founded(spec, Layout.of(spec, List.of(), List.of(), List.of()), new CountingIds());
    }
}
