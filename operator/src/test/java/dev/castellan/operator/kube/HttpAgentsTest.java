package dev.castellan.operator.kube;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.castellan.operator.kube.Agents.DiskReport;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class HttpAgentsTest {
    private static final Pod POD = new PodBuilder()
            .withNewMetadata()
            .withName("events-brokers-0")
            .withUid("events-brokers-0-uid")
            .endMetadata()
            .withNewStatus()
            .withPodIP("127.0.0.1")
            .endStatus()
            .build();

    private HttpServer agent;
    private HttpAgents agents;
    private String disks;

    private Instant now = Instant.parse("2026-01-01T00:00:00Z");

    /** What has not been asked yet. */
    private final Queue<Runnable> background = new ArrayDeque<>();

    @BeforeEach
    void start() throws IOException {
        agent = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        agent.createContext("/disks", exchange -> {
            var body = disks.getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        agent.start();
        agents = new HttpAgents(agent.getAddress().getPort(), background::add, () -> now);
    }

    @AfterEach
    void stop() {
        agent.stop(0);
    }

    @Test
    void tellsWhichDisksHaveFailed() {
        disks = "{\"failed\": {\"/a\": \"Input/output error\"}, \"hanging\": {\"/b\": \"2026-01-01T00:00:00Z\"}}\n";

        assertThat(agents.disks(POD))
                .as("as agents of former releases tell it")
                .isEqualTo(new DiskReport(Map.of("/a", "Input/output error"), Map.of(), Set.of()));
    }

    @Test
    void andWhichAreFullOrWere() {
        disks = "{\"failed\": {}, \"hanging\": {}, \"full\": {\"/a\": \"100\"}, \"roomAgain\": {\"/b\": \"20\"}}\n";

        assertThat(agents.disks(POD)).isEqualTo(new DiskReport(Map.of(), Map.of("/a", 100L), Set.of("/b")));
    }

    @Test
    void nobodyWaitsForWordOfDisksThatHang() {
        disks = "{\"failed\": {}, \"hanging\": {\"/b\": \"2026-01-01T00:00:00Z\"}}\n";

        assertThat(agents.hangingDisks(POD)).isEmpty();
        assertThat(agents.hangingDisks(POD)).isEmpty();
        assertThat(background).as("it is asked once, and seldom").hasSize(1);

        background.remove().run();

        assertThat(agents.hangingDisks(POD)).containsExactly("/b");
        assertThat(background).isEmpty();
    }

    @Test
    void whatAnAgentSaidLastStandsUntilItSaysSomethingElse() {
        disks = "{\"failed\": {}, \"hanging\": {\"/b\": \"2026-01-01T00:00:00Z\"}}\n";
        agents.hangingDisks(POD);
        background.remove().run();

        disks = "{\"fai";
        askAgain();
        assertThat(agents.hangingDisks(POD)).containsExactly("/b");

        disks = "{\"failed\": {}, \"hanging\": {}}\n";
        askAgain();
        assertThat(agents.hangingDisks(POD)).isEmpty();
    }

    private void askAgain() {
        now = now.plusSeconds(31);
        agents.hangingDisks(POD);
        background.remove().run();
    }

    /** As those of former releases do. */
    @Test
    void knowsNothingOfDisksThatHangFromAnAgentThatDoesNotTell() {
        disks = "{\"failed\": {}}\n";

        agents.hangingDisks(POD);
        background.remove().run();

        assertThat(agents.hangingDisks(POD)).isEmpty();
    }

    @Test
    void knowsNothingOfAnAgentThatDoesNotAnswer() {
        agent.stop(0);

        agents.hangingDisks(POD);
        background.remove().run();

        assertThat(agents.disks(POD)).isEqualTo(DiskReport.NOTHING);
        assertThat(agents.hangingDisks(POD)).isEmpty();
    }
}
