package dev.castellan.broker.agent;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.broker.agent.NodeFacts.Node;
import dev.castellan.broker.agent.NodeFacts.Phase;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AgentTest {
    private final FactsReader reader =
            new FactsReader(new Node(1000, Set.of("broker"), "4.4.0", "cluster", Map.of("/data \"1\"", "directory")));
    private final CountDownLatch slowScrape = new CountDownLatch(1);
    private final HttpClient client = HttpClient.newHttpClient();
    private Agent agent;

    @TempDir
    private Path disk;

    @BeforeEach
    void start() throws IOException {
        agent = Agent.start(0, reader, List.of(disk), () -> {
            try {
                slowScrape.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
            return "up 1\n";
        });
    }

    @AfterEach
    void stop() {
        slowScrape.countDown();
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
    void answersProbesWhileAScrapeIsSlow() throws Exception {
        // Given
        var request = HttpRequest.newBuilder(URI.create("http://localhost:" + agent.port() + "/metrics"))
                .build();
        var scrape = client.sendAsync(request, BodyHandlers.ofString());

        // When
        var alive = get("/livez");
        slowScrape.countDown();

        // Then
        assertThat(alive.statusCode()).isEqualTo(200);
        assertThat(scrape.get().body()).isEqualTo("up 1\n");
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

    @Test
    void asksDisksOnlyWhenItIsAsked() throws Exception {
        // When
        var disks = get("/disks");

        // Then
        assertThat(disks.body()).isEqualTo("{\"failed\": {}}\n");
        assertThat(disk).isEmptyDirectory();
    }
}
