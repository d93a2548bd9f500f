package dev.castellan.operator.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.Layout;
import dev.castellan.operator.cluster.Specs;
import dev.castellan.operator.cluster.desired.PodChanges.Change;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a restart is due, and what for. */
class RevisionTest {
    private static final Installation OLD = new Installation("", "IfNotPresent", Optional.empty());
    private static final Installation NEW = new Installation("registry.example.com", "Always", Optional.empty());
    private static final String SPEC = "{brokers: {replicas: %d%s}, config: {queued.max.requests: %d}}";

    @Test
    void anotherOperatorRestartsNothing() {
        // Given
        var live = desired(SPEC.formatted(3, "", 4), List.of(), OLD).statefulSets();

        // When
        var desired = desired(SPEC.formatted(3, "", 4), live, NEW);

        // Then
        assertThat(desired.statefulSets()).isEqualTo(live);
    }

    @Test
    void whatAnotherOperatorWroteIsKeptToTheLetter() {
        // Given
        var live = desired(SPEC.formatted(3, "", 4), List.of(), OLD).statefulSets();
        var written = annotation(live.getFirst()).replaceFirst("\\{", "{\"fieldOfALaterRelease\":\"x\",");
        live.getFirst().getSpec().getTemplate().getMetadata().getAnnotations().put(Annotations.POD_SPEC, written);

        // When
        var desired = desired(SPEC.formatted(3, "", 4), live, OLD);

        // Then
        assertThat(annotation(desired.statefulSets().getFirst())).isEqualTo(written);
    }

    @Test
    void whatKafkaTakesWhileItRunsChangesNothingElseOfIt() {
        // Given
        var live = desired(SPEC.formatted(3, "", 4), List.of(), OLD).statefulSets();
        var written = annotation(live.getFirst()).replaceFirst("\\{", "{\"fieldOfALaterRelease\":\"x\",");
        live.getFirst().getSpec().getTemplate().getMetadata().getAnnotations().put(Annotations.POD_SPEC, written);
        var threads = "{brokers: {replicas: 3}, config: {queued.max.requests: 4, num.io.threads: 9}}";

        // When
        var desired = desired(threads, live, NEW);

        // Then
        var changes =
                PodChanges.between(written, annotation(desired.statefulSets().getFirst()));
        assertThat(changes.all()).extracting(Change::toString).containsExactly("config.num.io.threads (none) → 9");
        assertThat(changes.restarting()).isEmpty();
        assertThat(configurations(desired)).hasSize(2);
    }

    @Test
    void anotherOperatorsDefaultsComeWithTheUsersNextChange() {
        // Given
        var live = desired(SPEC.formatted(3, "", 4), List.of(), OLD).statefulSets();

        // When
        var desired = desired(SPEC.formatted(3, "", 8), live, NEW);

        // Then
        assertThat(changes(live, desired))
                .containsExactly(
                        "config.queued.max.requests 4 → 8",
                        "image castellan/kafka:0.1.0-4.4.0 → registry.example.com/castellan/kafka:0.1.0-4.4.0",
                        "imagePullPolicy IfNotPresent → Always");
    }

    @Test
    void moreBrokersRestartNothing() {
        // Given
        var live = desired(SPEC.formatted(3, "", 4), List.of(), OLD).statefulSets();

        // When
        var desired = desired(SPEC.formatted(5, "", 4), live, NEW);

        // Then
        assertThat(changes(live, desired)).isEmpty();
        assertThat(desired.statefulSets().getFirst().getSpec().getReplicas()).isEqualTo(5);
    }

    @Test
    void theFirstThreeBrokersRaiseTheNumberOfCopies() {
        // Given
        var live = desired(SPEC.formatted(1, "", 4), List.of(), OLD).statefulSets();

        // When
        var desired = desired(SPEC.formatted(3, "", 4), live, OLD);

        // Then
        assertThat(changes(live, desired)).contains("config.default.replication.factor 1 → 3");
    }

    @Test
    void largerDisksRestartNothing() {
        // Given
        var live = desired(SPEC.formatted(3, ", storage: {size: 10Gi}", 4), List.of(), OLD)
                .statefulSets();

        // When
        var desired = desired(SPEC.formatted(3, ", storage: {size: 20Gi}", 4), live, OLD);

        // Then
        assertThat(desired.statefulSets()).isEqualTo(live);
    }

    @Test
    void theSameAmountWrittenOtherwiseRestartsNothing() {
        // Given
        var live = desired(SPEC.formatted(3, ", resources: {limits: {cpu: 1000m, memory: 2048Mi}}", 4), List.of(), OLD)
                .statefulSets();

        // When
        var desired = desired(SPEC.formatted(3, ", resources: {limits: {cpu: 1, memory: 2Gi}}", 4), live, OLD);

        // Then
        assertThat(changes(live, desired)).isEmpty();
    }

    @Test
    void aRestartIsNamedInTheUsersWords() {
        // Given
        var before = ", resources: {limits: {memory: 4Gi}}, template: {labels: {team: a}, env: [{name: X, value: 1}]}";
        var after = ", resources: {limits: {memory: 6Gi}}, template: {labels: {team: b}, env: [{name: Y, value: 1}]}";
        var live = desired(SPEC.formatted(3, before, 4), List.of(), OLD).statefulSets();

        // When
        var desired = desired(SPEC.formatted(3, after, 4), live, OLD);

        // Then
        assertThat(changes(live, desired))
                .containsExactlyInAnyOrder(
                        "labels.team a → b",
                        "jvm -Xms2048m -Xmx2048m → -Xms3072m -Xmx3072m",
                        "env[X] 1 → (none)",
                        "env[Y] (none) → 1",
                        "resources.limits.memory 4Gi → 6Gi",
                        "resources.requests.memory 4Gi → 6Gi");
    }

    @Test
    void aPodThatIsNotOfOurMakingIsToBeReplaced() {
        // Given
        var wanted = annotation(
                desired(SPEC.formatted(3, "", 4), List.of(), OLD).statefulSets().getFirst());

        // When
        var changes = PodChanges.between("{}", wanted).all();

        // Then
        assertThat(changes).containsExactly(new Change("pod", "not of this operator's making", "as declared"));
    }

    @Test
    void theConfigurationOfRunningPodsIsKeptBesideTheNewOne() {
        // Given
        var live = desired(SPEC.formatted(3, "", 4), List.of(), OLD);

        // When
        var desired = desired(SPEC.formatted(3, "", 8), live.statefulSets(), OLD);

        // Then
        assertThat(desired.supporting()).containsAll(configurations(live));
        assertThat(configurations(desired)).hasSize(2);
    }

    @Test
    void aTemplateThatSomebodyDamagedIsMadeAnew() {
        // Given
        var live = desired(SPEC.formatted(3, "", 4), List.of(), OLD).statefulSets();
        live.getFirst().getSpec().getTemplate().getMetadata().getAnnotations().put(Annotations.POD_SPEC, "{}");

        // When
        var desired = desired(SPEC.formatted(3, "", 4), live, OLD);

        // Then
        assertThat(desired.statefulSets())
                .isEqualTo(desired(SPEC.formatted(3, "", 4), List.of(), OLD).statefulSets());
    }

    private static List<ConfigMap> configurations(DesiredCluster desired) {
        return desired.supporting().stream()
                .filter(ConfigMap.class::isInstance)
                .map(ConfigMap.class::cast)
                .filter(map -> map.getData().containsKey("server.properties"))
                .toList();
    }

    private static List<String> changes(List<StatefulSet> live, DesiredCluster desired) {
        var from = annotation(live.getFirst());
        var to = annotation(desired.statefulSets().getFirst());
        return PodChanges.between(from, to).all().stream().map(Change::toString).toList();
    }

    private static String annotation(StatefulSet set) {
        return set.getSpec().getTemplate().getMetadata().getAnnotations().get(Annotations.POD_SPEC);
    }

    private static DesiredCluster desired(String yaml, List<StatefulSet> live, Installation installation) {
        var spec = Specs.of(yaml);
        var fresh = Layout.of(spec, List.of(), List.of(), List.of());
        var identity = Identity.founded(
                Specs.of("{brokers: {replicas: 1}}"),
                Layout.of(Specs.of("{brokers: {replicas: 1}}"), List.of(), List.of(), List.of()),
                new CountingIds());
        var layout = live.isEmpty() ? fresh : Layout.of(spec, identity.controllers(), live, List.of());
        return DesiredCluster.of(spec, identity, layout, live, installation, new KnownRevisions(1));
    }
}
