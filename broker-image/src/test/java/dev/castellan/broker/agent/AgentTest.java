package dev.castellan.broker.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.broker.agent.NodeFacts.Node;
import dev.castellan.broker.agent.NodeFacts.Phase;
import dev.castellan.broker.disk.DiskState;
import dev.castellan.broker.disk.DiskState.Failed;
import dev.castellan.broker.disk.DiskState.Full;
import dev.castellan.broker.disk.Looks;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTest {
    private final FactsReader reader =
            new FactsReader(new Node(1000, Set.of("broker"), "4.4.0", "cluster", Map.of("/data \"1\"", "directory")));
    private final CountDownLatch slowScrape = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private final CountDownLatch hangingDisk = new CountDownLatch(1);
    private Agent agent;

    @TempDir
    private Path disk;

    private final Path hanging = Path.of("/hanging");
    private Looks<DiskState> looks;

    @BeforeEach
    void start() throws IOException {
        looks = new Looks<>(List.of(disk, hanging), this::look);
        agent = Agent.start(0, reader, looks, () -> {
            await(slowScrape);
            return "up 1\n";
        });
    }

    private DiskState look(Path directory) {
        if (directory.equals(hanging)) {
            await(hangingDisk);
            return new Failed("Input/output error");
        }
        return new Full(1_000);
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @AfterEach
    void stop() {
        slowScrape.countDown();
        hangingDisk.countDown();
        agent.stop();
        client.close();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + agent.port() + path))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    @Test
    void isAliveAndNotReadyFromTheFirstMoment() throws Exception {
        // When
        var alive = get("/livez");
        var ready = get("/readyz");

        // Then
        assertThat(alive.statusCode()).isEqualTo(200);
        assertThat(ready.statusCode()).isEqualTo(503);
        assertThat(ready.body()).isEqualTo("broker is NOT_RUNNING, no quorum leader known\n");
    }

    @Test
    void reportsItsStateAsJson() throws Exception {
        // When
        var state = get("/state");

        // Then
        assertThat(state.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(state.body())
                .contains(
                        "\"nodeId\": 1000",
                        "\"roles\": [\"broker\"]",
                        "\"brokerState\": \"NOT_RUNNING\"",
                        "\"metadataLag\": null")
                .contains("{\"/data \\\"1\\\"\": \"directory\"}");
    }

    @Test
    void staysAliveWhileItShutsDown() throws Exception {
        // Given
        reader.phase(Phase.STOPPING);

        // Then
        assertThat(get("/livez").statusCode()).isEqualTo(200);
        assertThat(get("/readyz").body()).isEqualTo("shutting down\n");
    }

    @Test
    void answersAllElseWhileScrapesHang() throws Exception {
        // Given
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + agent.port() + "/metrics"))
                .build();
        var scrapes = Stream.generate(() -> client.sendAsync(request, BodyHandlers.ofString()))
                .limit(50)
                .toList();
        var refused = CompletableFuture.anyOf(scrapes.toArray(CompletableFuture[]::new));
        assertThat(((HttpResponse<?>) refused.get()).statusCode()).isEqualTo(503);

        // When
        var answers = List.of(get("/livez"), get("/state"), get("/disks"));
        slowScrape.countDown();

        // Then
        assertThat(answers).extracting(HttpResponse::statusCode).containsOnly(200);
        for (var scrape : scrapes) {
            assertThat(scrape.get().body()).isIn("up 1\n", "those who asked before wait for it\n");
        }
    }

    @Test
    void answersWhileADiskHangs() throws Exception {
        // When
        var hanging = List.of(get("/disks"), get("/disks"));
        hangingDisk.countDown();
        assertThat(looks.await(Duration.ofMinutes(1))).isTrue();
        var over = get("/disks");

        // Then
        assertThat(hanging)
                .extracting(HttpResponse::body)
                .containsOnly("{\"failed\": {}, \"hanging\": {}, \"full\": {\"" + disk
                        + "\": \"1000\"}, \"roomAgain\": {}}\n"); // it may be slow: that much time has not gone by
        assertThat(over.body())
                .isEqualTo("{\"failed\": {\"/hanging\": \"Input/output error\"}, \"hanging\": {}, \"full\": {\"" + disk
                        + "\": \"1000\"}, \"roomAgain\": {}}\n");
    }

    @Test
    void saysSoWhenAQuestionFails() throws Exception {
        // Given
        reader.unfenced(() -> {
            throw new IllegalStateException("no cache yet");
        });

        // Then
        assertThat(get("/readyz").statusCode()).isEqualTo(500);
    }

    @Test
    void knowsNoOtherPaths() throws Exception {
        assertThat(get("/livez/more").statusCode()).isEqualTo(404);
        assertThat(get("/").statusCode()).isEqualTo(404);
    }
}
