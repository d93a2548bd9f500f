package dev.castellan.broker.agent;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.castellan.broker.disk.DiskState;
import dev.castellan.broker.disk.Looks;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The HTTP server beside Kafka that tells Kubernetes, the operator and Prometheus about it. */
public final class Agent {
    private static final Logger LOG = LoggerFactory.getLogger(Agent.class);
    private static final String TEXT = "text/plain; charset=utf-8";
    private static final String JSON = "application/json";
    private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";

    /** Whoever asks is told what is known by then. */
    private static final Duration PATIENCE = Duration.ofSeconds(1);

    private static final int THREADS = 2;
    private static final int WAITING = 16;

    private record Answer(int status, String type, String body) {}

    private final HttpServer server;
    private final FactsReader reader;
    private final Liveness liveness = new Liveness();

    private final Looks<DiskState> disks;

    private Agent(HttpServer server, FactsReader reader, Looks<DiskState> disks) {
        this.server = server;
        this.reader = reader;
        this.disks = disks;
    }

    /**
     * Answers from the first moment: a node that is still starting is alive and not ready. Probes have threads of their own: whatever
     * the others wait for, the kubelet does not, or it would kill a broker that serves.
     */
    public static Agent start(int port, FactsReader reader, Looks<DiskState> disks, Supplier<String> metrics)
            throws IOException {
        var agent = new Agent(HttpServer.create(new InetSocketAddress(port), 0), reader, disks);
        agent.serve("/livez", Runnable::run, agent::livez);
        agent.serve("/readyz", Runnable::run, agent::readyz);
        var state = threads("castellan-state-");
        agent.serve("/state", state, agent::state);
        agent.serve("/disks", state, agent::disks);
        agent.serve("/metrics", threads("castellan-metrics-"), () -> new Answer(200, PROMETHEUS, metrics.get()));
        agent.server.setExecutor(Executors.newFixedThreadPool(4, daemons("castellan-agent-")));
        agent.server.start();
        return agent;
    }

    /** Few wait for them, or what hangs would be asked for until there is no memory left. */
    private static Executor threads(String name) {
        return new ThreadPoolExecutor(
                THREADS, THREADS, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(WAITING), daemons(name));
    }

    /** The agent never keeps a process alive. */
    private static ThreadFactory daemons(String name) {
        return Thread.ofPlatform().name(name, 0).daemon().factory();
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
        return new Answer(200, JSON, StateReport.json(facts, Readiness.of(facts), disks.hanging()));
    }

    private Answer disks() {
        return new Answer(200, JSON, StateReport.disks(disks.found(PATIENCE), disks.hanging()));
    }

    private static Answer line(int status, String text) {
        return new Answer(status, TEXT, text + "\n");
    }

    private void serve(String path, Executor threads, Supplier<Answer> resource) {
        server.createContext(path, exchange -> {
            if (!exchange.getRequestURI().getPath().equals(path)) {
                respond(exchange, line(404, "not found"));
                return;
            }
            try {
                threads.execute(() -> respond(exchange, answer(resource)));
            } catch (RejectedExecutionException e) {
                respond(exchange, line(503, "those who asked before wait for it"));
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

    private static void respond(HttpExchange exchange, Answer answer) {
        try (exchange) {
            write(exchange, answer);
        } catch (IOException e) {
            LOG.debug("Whoever asked is gone", e);
        }
    }

    private static void write(HttpExchange exchange, Answer answer) throws IOException {
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", answer.type());
        boolean head = exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status(), head ? -1 : body.length);
        if (!head) {
            exchange.getResponseBody().write(body);
        }
    }
}
