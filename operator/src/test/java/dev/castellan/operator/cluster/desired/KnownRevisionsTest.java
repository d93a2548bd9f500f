package dev.castellan.operator.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.Layout;
import dev.castellan.operator.cluster.NodeSet;
import dev.castellan.operator.cluster.Specs;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.apps.StatefulSetBuilder;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class KnownRevisionsTest {
    private static final Installation INSTALLATION = new Installation("", "IfNotPresent", Optional.empty());
    private static final String SPEC = "{brokers: {replicas: 3, resources: {limits: {memory: 4Gi}}}}";

    private final KnownRevisions known = new KnownRevisions(2);

    @Test
    void theSameWordsOfTheUserAreRenderedOnce() {
        // Given
        var first = rendered(SPEC);

        // When
        var second = rendered(SPEC);

        // Then
        assertThat(second).isSameAs(first);
    }

    @Test
    void aRolloutChangesNoRevision() {
        // Given
        var first = rendered(SPEC);

        // When
        var second = rendered(SPEC.replace("}}}}", "}}}, rollout: {windows: [{cron: '0 2 * * *', duration: 1h}]}}"));

        // Then
        assertThat(second).isSameAs(first);
    }

    @Test
    void otherWordsAreRenderedAnew() {
        // Given
        var first = rendered(SPEC);

        // When
        var second = rendered(SPEC.replace("4Gi", "6Gi"));

        // Then
        assertThat(second.json()).isNotEqualTo(first.json()).contains("6Gi");
    }

    @Test
    void whatStandsIsReadOnce() {
        // Given
        var json = rendered(SPEC).json();
        var first = known.of(standing(json));

        // When
        var second = known.of(standing(new String(json)));

        // Then
        assertThat(second).isPresent().isSameAs(first);
    }

    @Test
    void whatIsNoRevisionIsNone() {
        // When
        var read = known.of(standing("{}"));

        // Then
        assertThat(read).isEmpty();
    }

    @Test
    void whatKafkaIsToldWhileItRunsIsTakenOver() {
        // Given
        var revision = rendered(SPEC);
        known.with(revision, set(Specs.of(SPEC)), told("8"));

        // When
        var adapted = known.with(revision, set(Specs.of(SPEC)), told("9"));

        // Then
        assertThat(adapted.content().properties()).containsEntry("num.io.threads", "9");
    }

    @Test
    void whatWasNotAskedForLongestIsForgotten() {
        // Given
        var first = rendered(SPEC);
        rendered(SPEC.replace("4Gi", "5Gi"));
        rendered(SPEC.replace("4Gi", "6Gi"));

        // When
        var again = rendered(SPEC);

        // Then
        assertThat(again).isEqualTo(first).isNotSameAs(first);
    }

    @Test
    void tellsDifferencesAsTheyAre() {
        // Given
        var one = rendered(SPEC).json();
        var other = rendered(SPEC.replace("4Gi", "6Gi")).json();
        known.changes(other, one);

        // When
        var changes = known.changes(one, other);

        // Then
        assertThat(changes).isEqualTo(PodChanges.between(one, other)).isSameAs(known.changes(one, other));
    }

    private Revision rendered(String yaml) {
        var spec = Specs.of(yaml);
        return known.of(spec, set(spec), new TreeMap<>(Map.of("log.dirs", "/data")), INSTALLATION);
    }

    private static NodeSet set(ClusterSpec spec) {
        return Layout.of(spec, List.of(), List.of(), List.of()).sets().getFirst();
    }

    private static DynamicConfig told(String threads) {
        return new DynamicConfig("4.4.0", new TreeMap<>(Map.of("num.io.threads", threads)), new TreeSet<>());
    }

    private static StatefulSet standing(String revision) {
        return new StatefulSetBuilder()
                .withNewSpec()
                .withTemplate(new PodTemplateSpec(
                        new ObjectMetaBuilder()
                                .addToAnnotations(Annotations.POD_SPEC, revision)
                                .build(),
                        null))
                .endSpec()
                .build();
    }
}
