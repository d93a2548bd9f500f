package dev.castellan.broker.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Collection;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server beside Kafka that tells Kubernetes, the operator and Prometheus about it. */
public final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    private record Answer(int status, String type, String body) {}

    private final HttpServer server;
    private final FactsReader reader;
    private final Liveness liveness = new Liveness();

    private final Collection<Path> directories;

    private Agent(HttpServer server, FactsReader reader, Collection<Path> directories) {
        this.server = server;
        this.reader = reader;
        this.directories = directories;
    }

    /** Answers from the first moment: a node that is still starting is alive and not ready. */
    public static Agent start(int port, FactsReader reader, Collection<Path> directories, Supplier<String> metrics)
            throws IOException {
        var agent = new Agent(HttpServer.create(new InetSocketAddress(port), 0), reader, directories);
        agent.serve("/livez", agent::livez);
        agent.serve("/readyz", agent::readyz);
        agent.serve("/state", agent::state);
        agent.serve("/disks", agent::disks);
        agent.serve("/metrics", () -> new Answer(200, PROMETHEUS, metrics.get()));
        // Daemons, so that the agent never keeps a process alive; several, so that a slow scrape never delays a probe.
        agent.server.setExecutor(Executors.newFixedThreadPool(
                4, Thread.ofPlatform().name("castellan-agent-", 0).daemon().factory()));
        agent.server.start();
        return agent;
    }

    int port() {
        return server.getAddress().getPort();
    }

    void stop() {
        server.stop(0);
    }

    private Answer livez() {
        String complaint = liveness.complaint(reader.phase(), Instant.now());
        return complaint.isEmpty() ? line(200, "alive") : line(503, complaint);
    }

    private Answer readyz() {
        var readiness = Readiness.of(reader.read());
        return line(readiness.ready() ? 200 : 503, readiness.reason());
    }

    private Answer state() {
        var facts = reader.read();
        return new Answer(200, JSON, StateReport.json(facts, Readiness.of(facts)));
    }

    private Answer disks() {
        return new Answer(200, JSON, StateReport.disks(Disks.failed(directories)));
    }

    private static Answer line(int status, String text) {
        return new Answer(status, TEXT, text + "\n");
    }

    private void serve(String path, Supplier<Answer> resource) {
        server.createContext(path, exchange -> {
            try (exchange) {
                respond(
                        exchange,
                        exchange.getRequestURI().getPath().equals(path) ? answer(resource) : line(404, "not found"));
            }
        });
    }

    /** A question that fails must not look like an answer. */
    private static Answer answer(Supplier<Answer> resource) {
        try {
            return resource.get();
        } catch (RuntimeException | LinkageError e) { // the latter while the JVM ends
            LOG.warn("The agent could not answer", e);
            return line(500, e.toString());
        }
    }

    private static void respond(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
