package dev.castellan.operator.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.desired.PodChanges.Change;
import dev.castellan.operator.cluster.desired.PodChanges.Leaves;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodChangesTest {
    @Test
    void whatKafkaTakesWhileItRunsNeedsNoRestart() {
        var before = revision("'num.io.threads': '8', 'num.network.threads': '3'");
        var after = revision("'num.io.threads': '9', 'log.retention.ms': '1000'");

        assertThat(restarting(before, after)).isEmpty();
        assertThat(PodChanges.between(before, after).all()).hasSize(3);
    }

    @Test
    void onlyWhatNeedsTheRestartIsItsReason() {
        assertThat(restarting(
                        revision("'num.io.threads': '8', 'queued.max.requests': '500'"),
                        revision("'num.io.threads': '9', 'queued.max.requests': '400'")))
                .containsExactly("config.queued.max.requests 500 → 400");
    }

    @Test
    void whatHasNoDefaultToSetInItsPlaceIsTakenAwayByARestart() {
        assertThat(restarting(revision("'log.retention.ms': '1000'"), revision("")))
                .containsExactly("config.log.retention.ms 1000 → (none)");
    }

    @Test
    void aPlanIsTheSameWhateverKafkaIsToldMeanwhile() {
        var plan = onlyByRestart(revision("'num.io.threads': '8', 'log.retention.ms': '1000'"));

        assertThat(onlyByRestart(revision("'min.insync.replicas': '1', 'log.retention.ms': '2000'")))
                .isEqualTo(plan);
    }

    @Test
    void anotherPlanIsWhatRestartsNodes() {
        var plan = onlyByRestart(revision("'num.io.threads': '8', 'log.retention.ms': '1000'"));

        for (var other : List.of(
                "'num.io.threads': '8'",
                "'num.io.threads': '${env:THREADS}', 'log.retention.ms': '1000'",
                "'log.retention.ms': '1000', 'queued.max.requests': '400'")) {
            assertThat(onlyByRestart(revision(other))).as(other).isNotEqualTo(plan);
        }
    }

    @Test
    void listsGoByName() {
        assertThat(restarting(env("{'name': 'A', 'value': '1'}"), env("{'name': 'B'}, {'name': 'A', 'value': '2'}")))
                .containsExactly("env[A] 1 → 2");
    }

    @Test
    void theOrderOfAListIsToldWhereNothingElseDiffers() {
        assertThat(restarting(env("{'name': 'A'}, {'name': 'B'}"), env("{'name': 'B'}, {'name': 'A'}")))
                .containsExactly("env[] A, B → B, A");
    }

    @Test
    void whatHasANameTwiceGoesByItsPlace() {
        assertThat(restarting(
                        env("{'name': 'A', 'value': '1'}, {'name': 'A', 'value': '2'}"),
                        env("{'name': 'A', 'value': '1'}, {'name': 'A', 'value': '3'}")))
                .containsExactly("env[A1] 2 → 3");
    }

    @Test
    void whatIsLongIsCut() {
        assertThat(new Change("image", "a".repeat(80), null)).hasToString("image " + "a".repeat(57) + "... → (none)");
    }

    @Test
    void cpuAndMemoryNeedNoRestart() {
        var changes = PodChanges.between(resources("cpu: 1", "memory: 2Gi"), resources("cpu: 2", "memory: 3Gi"));

        assertThat(changes.restarting()).isEmpty();
        assertThat(changes.resizing())
                .extracting(Change::toString)
                .containsExactly("resources.limits.memory 2Gi → 3Gi", "resources.requests.cpu 1 → 2");
        assertThat(changes.hasDynamic()).isFalse();
        assertThat(changes.withoutResize().restarting()).isEqualTo(changes.resizing());
    }

    @Test
    void whatNeedsARestartTakesThemAlong() {
        var changes = PodChanges.between(
                resources("cpu: 1", "memory: 2Gi"),
                resources("cpu: 2", "memory: 2Gi")
                        .replace("{\"containers\"", "{\"hostNetwork\": true, \"containers\""));

        assertThat(changes.resizing()).isEmpty();
        assertThat(changes.restarting()).hasSize(2);
    }

    /** All of these Kubernetes or the process would take amiss. */
    @ParameterizedTest
    @CsvSource({
        "cpu: 1, memory: 2Gi, cpu: 1, memory: 2000Mi",
        "cpu: 1, 'memory: 2Gi, cpu: 2', cpu: 1, memory: 2Gi",
        "cpu: 1, 'memory: 2Gi, cpu: 2', 'cpu: 2, memory: 2Gi', 'memory: 2Gi, cpu: 2'",
        "cpu: 1, memory: 2Gi, 'cpu: 1, ephemeral-storage: 1Gi', memory: 2Gi"
    })
    void someOfThemNeedARestart(String requests, String limits, String newRequests, String newLimits) {
        var changes = PodChanges.between(resources(requests, limits), resources(newRequests, newLimits));

        assertThat(changes.resizing()).isEmpty();
        assertThat(changes.restarting()).isNotEmpty();
    }

    private static String resources(String requests, String limits) {
        return revision(
                "",
                "{'containers': [{'name': 'kafka', 'resources': {'requests': {%s}, 'limits': {%s}}}]}"
                        .formatted(quoted(requests), quoted(limits)));
    }

    private static String quoted(String quantities) {
        return quantities.replaceAll("([\\w-]+): (\\w+)", "'$1': '$2'");
    }

    private static List<String> restarting(String before, String after) {
        return PodChanges.between(before, after).restarting().stream()
                .map(Change::toString)
                .toList();
    }

    private static String env(String env) {
        return revision("", "{'containers': [{'name': 'kafka', 'env': [%s]}]}".formatted(env));
    }

    private static String revision(String properties) {
        return revision(properties, "{}");
    }

    private static String revision(String properties, String spec) {
        return "{'labels': {'app.kubernetes.io/version': '4.4.0'}, 'properties': {%s}, 'spec': %s}"
                .formatted(properties, spec)
                .replace('\'', '"');
    }

    private static String onlyByRestart(String revision) {
        return PodChanges.onlyByRestart(Leaves.of(revision));
    }
}
