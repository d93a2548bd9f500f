package dev.castellan.operator.cluster.plan;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.operator.cluster.DynamicConfig;
import dev.castellan.operator.cluster.plan.DynamicChanges.NodeFile;
import dev.castellan.operator.cluster.plan.Step.ReconfigureDynamically;
import dev.castellan.operator.cluster.plan.ThreadSteps.Broker;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DynamicChangesTest {
    private static final String IO = "num.io.threads";
    private static final String RETENTION = "log.retention.ms";

    private static final List<NodeFile> FILES = List.of(new NodeFile(true, "4.4.0", Map.of()));

    @Test
    void saysNothingOfWhatAllNodesStartedWith() {
        assertThat(step(Map.of(IO, "8"), Set.of(IO), Map.of(), Map.of(IO, "8"), Map.of(IO, "8")))
                .isEmpty();
    }

    @Test
    void setsWhatOneNodeDidNotStartWith() {
        var step = step(Map.of(IO, "9"), Set.of(IO), Map.of(), Map.of(IO, "9"), Map.of(IO, "8"))
                .orElseThrow();

        assertThat(step.set()).isEqualTo(Map.of(IO, "9"));
        assertThat(step.reason()).isEqualTo("without a restart: num.io.threads 9/8 → 9");
    }

    @Test
    void setsBackWhatSomebodyChanged() {
        assertThat(step(Map.of(IO, "8"), Set.of(IO), Map.of(IO, "5"), Map.of(IO, "8"))
                        .orElseThrow()
                        .set())
                .isEqualTo(Map.of(IO, "8"));
    }

    @Test
    void isOnRecordBeforeAnythingIsSet() {
        var step = step(Map.of(RETENTION, "5"), Set.of(), Map.of(), Map.of()).orElseThrow();

        assertThat(step.claimed()).containsExactly(RETENTION);
        assertThat(step.owned()).containsExactly(RETENTION);
        assertThat(step.set()).isEqualTo(Map.of(RETENTION, "5"));
    }

    @Test
    void leavesAloneWhatOthersSet() {
        assertThat(step(Map.of(), Set.of(), Map.of("compression.type", "gzip"), Map.of()))
                .isEmpty();
    }

    @Test
    void setsKafkasDefaultWhileANodeHasTheOldValueInItsFile() {
        var step = step(Map.of(), Set.of(IO), Map.of(IO, "12"), Map.of(IO, "12"), Map.of())
                .orElseThrow();

        assertThat(step.set()).isEqualTo(Map.of(IO, "8"));
        assertThat(step.unset()).isEmpty();
        assertThat(step.owned()).containsExactly(IO);
    }

    @Test
    void unsetsWhatNoNodeHasInItsFileAnyMore() {
        var step =
                step(Map.of(), Set.of(IO), Map.of(IO, "8"), Map.of(), Map.of()).orElseThrow();

        assertThat(step.set()).isEmpty();
        assertThat(step.unset()).containsExactly(IO);
        assertThat(step.claimed()).containsExactly(IO);
        assertThat(step.owned()).isEmpty();
    }

    @Test
    void threadsGoBackAsFarAtATimeAsKafkaGoes() {
        var step =
                step(Map.of(), Set.of(IO), Map.of(IO, "20"), Map.of(), Map.of()).orElseThrow();

        assertThat(step.set()).isEqualTo(Map.of(IO, "10"));
        assertThat(step.unset()).isEmpty();
        assertThat(step.owned()).containsExactly(IO);
    }

    @Test
    void whatHasNoDefaultWaitsForTheRestart() {
        assertThat(step(Map.of(), Set.of(RETENTION), Map.of(RETENTION, "7"), Map.of(RETENTION, "5")))
                .isEmpty();
    }

    @Test
    void threadsComeToTheirNumberAsFarAtATimeAsKafkaGoes() {
        assertThat(step(Map.of(IO, "40"), Set.of(IO), Map.of(), Map.of(IO, "8"))
                        .orElseThrow()
                        .set())
                .isEqualTo(Map.of(IO, "16"));
        assertThat(step(Map.of(IO, "40"), Set.of(IO), Map.of(IO, "32"), Map.of(IO, "8"))
                        .orElseThrow()
                        .set())
                .isEqualTo(Map.of(IO, "40"));
        assertThat(step(Map.of(IO, "1"), Set.of(IO), Map.of(), Map.of())
                        .orElseThrow()
                        .set())
                .isEqualTo(Map.of(IO, "4"));
    }

    @Test
    void threadsTooFarApartComeAloneAndWhoeverTakesThem() {
        var wanted = Map.of(IO, "40", RETENTION, "5");

        var first = step(wanted, Set.of(), Map.of(), Map.of(), Map.of(IO, "40")).orElseThrow();
        var second = step(wanted, Set.of(), Map.of(RETENTION, "5"), Map.of(), Map.of(IO, "40"))
                .orElseThrow();

        assertThat(first.set()).isEqualTo(Map.of(RETENTION, "5"));
        assertThat(first.isTrial()).isFalse();
        assertThat(second.set()).isEqualTo(Map.of(IO, "16"));
        assertThat(second.isTrial()).isTrue();
    }

    @Test
    void controllersAreToldButNotWaitedFor() {
        var wanted = new DynamicConfig("4.4.0", new TreeMap<>(Map.of(IO, "40")), new TreeSet<>(Set.of(IO)));
        var files = List.of(new NodeFile(true, "4.4.0", Map.of(IO, "40")), new NodeFile(false, "4.4.0", Map.of()));

        var brokers = List.of(new Broker("broker 1", Optional.of(Map.of(IO, "40"))));
        var step = DynamicChanges.of(wanted, Map.of(), files, brokers, false)
                .step()
                .orElseThrow();

        assertThat(step.set()).isEqualTo(Map.of(IO, "40"));
        assertThat(step.isTrial()).isFalse();
    }

    @Test
    void nothingElseIsChangedWhileABrokerRefuses() {
        var wanted = wanted(Map.of(IO, "40", RETENTION, "5"), Set.of(IO, "log.segment.bytes"));
        var changes =
                DynamicChanges.of(wanted, Map.of(IO, "40", "log.segment.bytes", "6"), FILES, brokers("40", "8"), false);

        var step = changes.step().orElseThrow();

        assertThat(step.set()).isEqualTo(Map.of(IO, "16"));
        assertThat(step.unset()).isEmpty();
        assertThat(step.isTrial()).isTrue();
        assertThat(step.owned()).contains("log.segment.bytes", RETENTION);
        assertThat(changes.isPending()).isTrue();
        assertThat(step.reason()).isEqualTo("without a restart: num.io.threads 40/8 → 16 on the way to 40");
    }

    @Test
    void threadsAreNotGivenUpWhileABrokerIsAway() {
        var wanted = wanted(Map.of(), Set.of(IO));

        assertThat(DynamicChanges.of(wanted, Map.of(IO, "8"), FILES, brokers("8"), true)
                        .step())
                .isEmpty();
        assertThat(DynamicChanges.of(wanted, Map.of(IO, "8"), FILES, brokers("8", "20"), false)
                        .step()
                        .orElseThrow()
                        .set())
                .isEqualTo(Map.of(IO, "10"));
        assertThat(DynamicChanges.of(wanted, Map.of(IO, "8"), FILES, brokers("8", "8"), false)
                        .step()
                        .orElseThrow()
                        .unset())
                .containsExactly(IO);
    }

    @Test
    void whatNotAllWorkWithThoughItIsTakenForSetIsSet() {
        var wanted = wanted(Map.of(IO, "8"), Set.of(IO));
        var files = List.of(new NodeFile(true, "4.4.0", Map.of(IO, "8")));

        assertThat(DynamicChanges.of(wanted, Map.of(), files, brokers("8", "40"), false)
                        .step()
                        .orElseThrow()
                        .set())
                .isEqualTo(Map.of(IO, "20"));
    }

    @Test
    void whatOnlyTheNewerVersionKnowsComesWithTheFiles() {
        var wanted = new DynamicConfig(
                "4.4.0", new TreeMap<>(Map.of("max.decompressed.message.bytes", "9")), new TreeSet<>());

        assertThat(DynamicChanges.of(wanted, Map.of(), List.of(new NodeFile(true, "4.3.1", Map.of())), List.of(), false)
                        .step())
                .isEmpty();
    }

    @Test
    void whatNowDiffersFromNodeToNodeIsUnset() {
        var step = step(Map.of(IO, "${env:IO}"), Set.of(IO), Map.of(IO, "12"), Map.of(IO, "12"))
                .orElseThrow();

        assertThat(step.unset()).containsExactly(IO);
        assertThat(step.owned()).isEmpty();
    }

    @SafeVarargs
    private static Optional<ReconfigureDynamically> step(
            Map<String, String> wanted, Set<String> owned, Map<String, String> actual, Map<String, String>... files) {
        var config = new DynamicConfig("4.4.0", new TreeMap<>(wanted), new TreeSet<>(owned));
        var nodes = List.of(files).stream()
                .map(file -> new NodeFile(true, "4.4.0", file))
                .toList();
        var brokers = List.of(files).stream().map(file -> broker(file, actual)).toList();
        return DynamicChanges.of(config, actual, nodes, brokers, false).step();
    }

    private static DynamicConfig wanted(Map<String, String> declared, Set<String> owned) {
        return new DynamicConfig("4.4.0", new TreeMap<>(declared), new TreeSet<>(owned));
    }

    private static List<Broker> brokers(String... threads) {
        return IntStream.range(0, threads.length)
                .mapToObj(id -> new Broker("broker " + id, Optional.of(Map.of(IO, threads[id]))))
                .toList();
    }

    private static Broker broker(Map<String, String> file, Map<String, String> actual) {
        var threads = actual.getOrDefault(IO, file.getOrDefault(IO, "8"));
        return new Broker("broker 1", Optional.of(Map.of(IO, threads)));
    }
}
