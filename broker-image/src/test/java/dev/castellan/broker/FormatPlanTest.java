package dev.castellan.broker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.castellan.broker.FormatPlan.Quorum;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FormatPlanTest {
    private static final String FOUNDERS = "0@a:9093:x,1000@b:9093:y";
    private static final Identity FORMING = new Identity("ours", false, Set.of(0, 1000), FOUNDERS, Optional.empty());
    private static final Identity FORMED = new Identity("ours", true, Set.of(0, 1000), FOUNDERS, Optional.empty());

    @TempDir
    Path disk;

    private NodeConfig node(int id, String roles) {
        var kafka = new TreeMap<>(Map.of("process.roles", roles, "log.dirs", disk + "/one," + disk + "/two"));
        return new NodeConfig(new NodeEnvironment("node-" + id, id, ""), kafka, new TreeMap<>());
    }

    private void formatted(String name, String clusterId, int nodeId) throws IOException {
        Path directory = Files.createDirectories(disk.resolve(name));
        Files.writeString(
                directory.resolve("meta.properties"),
                "version=1\ncluster.id=" + clusterId + "\nnode.id=" + nodeId + "\ndirectory.id=d\n");
    }

    private Optional<FormatPlan> plan(NodeConfig node, Identity identity) throws IOException {
        return FormatPlan.of(
                node, identity, List.of(Directory.read(disk.resolve("one")), Directory.read(disk.resolve("two"))));
    }

    @Test
    void makesFoundersOfNewControllersWhileTheClusterForms() throws IOException {
        // Given
        var node = node(1000, "broker,controller");

        // When
        var plan = plan(node, FORMING).orElseThrow();

        // Then
        assertThat(plan.quorum()).isEqualTo(Quorum.FOUNDER);
        assertThat(plan.arguments("file", node, FORMING))
                .containsSubsequence("--cluster-id", "ours", "--ignore-formatted", "--initial-controllers", FOUNDERS);
    }

    @Test
    void makesObserversOfNewControllersOnceTheClusterHasFormed() throws IOException {
        // Given
        var node = node(1000, "controller");

        // When
        var plan = plan(node, FORMED).orElseThrow();

        // Then
        assertThat(plan.quorum()).isEqualTo(Quorum.OBSERVER);
        assertThat(plan.arguments("file", node, FORMED))
                .contains("--no-initial-controllers")
                .doesNotContain("--initial-controllers");
    }

    @Test
    void makesObserversOfControllersThatAreNoFounders() throws IOException {
        assertThat(plan(node(7, "controller"), FORMING).orElseThrow().quorum()).isEqualTo(Quorum.OBSERVER);
    }

    @Test
    void saysNothingOfTheQuorumForBrokers() throws IOException {
        // Given
        var node = node(1, "broker");

        // When
        var plan = plan(node, FORMING).orElseThrow();

        // Then
        assertThat(plan.arguments("file", node, FORMING))
                .noneMatch(argument -> argument.contains("initial-controllers"));
    }

    @Test
    void leavesAFormattedNodeAlone() throws IOException {
        // Given
        formatted("one", "ours", 0);
        formatted("two", "ours", 0);

        // Then
        assertThat(plan(node(0, "broker,controller"), FORMING)).isEmpty();
    }

    @Test
    void formatsAnExtraDiskWithoutTouchingTheQuorum() throws IOException {
        // Given
        formatted("one", "ours", 0);

        // When
        var plan = plan(node(0, "broker,controller"), FORMING).orElseThrow();

        // Then
        assertThat(plan.quorum()).isEqualTo(Quorum.OBSERVER);
        assertThat(plan.unformatted()).extracting(Directory::path).containsExactly(disk.resolve("two"));
    }

    @Test
    void refusesADiskOfAnotherCluster() throws IOException {
        // Given
        formatted("one", "theirs", 0);

        // Then
        assertThatThrownBy(() -> plan(node(0, "broker"), FORMING))
                .isInstanceOf(Fatal.class)
                .hasMessageContainingAll("theirs", "ours");
    }

    @Test
    void refusesADiskOfAnotherNode() throws IOException {
        // Given
        formatted("one", "ours", 2000);

        // Then
        assertThatThrownBy(() -> plan(node(1000, "broker"), FORMED))
                .isInstanceOf(Fatal.class)
                .hasMessageContainingAll("2000", "1000");
    }

    @Test
    void refusesToFormatOverData() throws IOException {
        // Given
        Files.createDirectories(disk.resolve("one/orders-7"));

        // Then
        assertThatThrownBy(() -> plan(node(0, "broker"), FORMED))
                .isInstanceOf(Fatal.class)
                .hasMessageContaining("meta.properties");
    }

    @Test
    void refusesToFormatOverAMetadataLog() throws IOException {
        // Given
        Files.createDirectories(disk.resolve("one/__cluster_metadata-0"));
        Files.createFile(disk.resolve("one/__cluster_metadata-0/00000000000000000000.log"));

        // Then
        assertThatThrownBy(() -> plan(node(0, "controller"), FORMED)).isInstanceOf(Fatal.class);
    }

    @Test
    void goesOnWithAFormatThatWasCutShort() throws IOException {
        // Given
        Files.createDirectories(disk.resolve("one/lost+found"));
        Files.createDirectories(disk.resolve("one/__cluster_metadata-0"));
        Files.createFile(disk.resolve("one/__cluster_metadata-0/00000000000000000000-0000000000.checkpoint"));

        // Then
        assertThat(plan(node(0, "controller"), FORMING).orElseThrow().quorum()).isEqualTo(Quorum.FOUNDER);
    }

    @Test
    void refusesToFoundAClusterWithoutItsFounders() {
        // Given
        var identity = new Identity("ours", false, Set.of(0), "", Optional.empty());

        // Then
        assertThatThrownBy(() -> plan(node(0, "controller"), identity))
                .isInstanceOf(Fatal.class)
                .hasMessageContaining("initial.controllers");
    }

    @Test
    void passesOnTheFeatureLevelThatTheClusterBeginsWith() {
        // Given
        var node = new NodeConfig(
                new NodeEnvironment("a", 0, ""),
                new TreeMap<>(),
                new TreeMap<>(Map.of(NodeConfig.RELEASE_VERSION, "4.3-IV0")));

        // Then
        assertThat(new FormatPlan(List.of(), Quorum.NOT_A_CONTROLLER).arguments("file", node, FORMING))
                .containsSubsequence("--release-version", "4.3-IV0");
    }
}
