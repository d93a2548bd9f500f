package dev.castellan.operator.cluster.desired;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.ClusterSpec;
import dev.castellan.operator.cluster.ClusterSpec.Invalid;
import dev.castellan.operator.cluster.ClusterSpec.Valid;
import dev.castellan.operator.cluster.Identity;
import dev.castellan.operator.cluster.Layout;
import dev.castellan.operator.cluster.Problem;
import dev.castellan.operator.kube.Annotations;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * For each folder golden/cluster/case: in.yaml becomes exactly the out-Kind-name.yaml files, or problems.txt. Run with
 * -Dgolden.update to write them anew, and read the difference before you commit it.
 */
class DesiredClusterGoldenTest {
    private static final Path CASES = Path.of("src/test/resources/golden/cluster");
    private static final Installation INSTALLATION = new Installation("", "IfNotPresent", Optional.of("castellan"));

    @TestFactory
    Stream<DynamicTest> becomesWhatItsFolderHolds() throws IOException {
        try (var folders = Files.list(CASES)) {
            return folders.sorted().toList().stream()
                    .map(folder -> DynamicTest.dynamicTest(
                            folder.getFileName().toString(), () -> becomesWhatItHolds(new GoldenFolder(folder))));
        }
    }

    private static void becomesWhatItHolds(GoldenFolder folder) throws IOException {
        // Given
        CrdSchema.ofKafkaCluster().check(folder.input());
        var cluster = folder.input(KafkaCluster.class);

        // When
        var files = files(cluster);

        // Then
        folder.compare(files);
    }

    private static SortedMap<String, String> files(KafkaCluster cluster) throws IOException {
        var files = new TreeMap<String, String>();
        switch (ClusterSpec.resolve(cluster)) {
            case Invalid(var problems) ->
                files.put(
                        "problems.txt",
                        problems.stream().map(Problem::message).collect(Collectors.joining("\n", "", "\n")));
            case Valid(var spec) -> {
                for (HasMetadata object : objects(desired(spec))) {
                    var name = "out-" + object.getKind() + "-"
                            + object.getMetadata().getName() + ".yaml";
                    assertThat(files.put(name, GoldenFolder.yaml(object)))
                            .as("a second " + name)
                            .isNull();
                }
            }
        }
        return files;
    }

    private static DesiredCluster desired(ClusterSpec spec) {
        var layout = Layout.of(spec, List.of(), List.of(), List.of());
        var identity = Identity.founded(spec, layout, new CountingIds());
        return DesiredCluster.of(spec, identity, layout, List.of(), INSTALLATION, new KnownRevisions(1));
    }

    private static List<HasMetadata> objects(DesiredCluster desired) {
        return Stream.concat(
                        desired.supporting().stream(),
                        desired.statefulSets().stream().map(DesiredClusterGoldenTest::withoutRevision))
                .toList();
    }

    /** The revision says over again what the template says, in one long line: checked here, left out of the file. */
    private static StatefulSet withoutRevision(StatefulSet set) {
        var annotations = set.getSpec().getTemplate().getMetadata().getAnnotations();
        var revision = Revision.parse(annotations.get(Annotations.POD_SPEC)).orElseThrow();
        assertThat(revision.template()).isEqualTo(set.getSpec().getTemplate());
        annotations.put(Annotations.POD_SPEC, "(see the test)");
        return set;
    }
}
