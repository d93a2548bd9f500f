package dev.castellan.operator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks them over HTTP: rarely, so that no connection is kept. */
public final class HttpAgents implements Agents {
    private static final Logger LOG = LoggerFactory.getLogger(HttpAgents.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Longer than an agent waits for its disks; what is not known then is not acted upon. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    /** Each is asked so often for what is only told to people. */
    private static final Duration AGAIN = Duration.ofSeconds(30);

    /** Of a pod that nobody has asked for so long, nothing is remembered. */
    private static final Duration FORGOTTEN = Duration.ofMinutes(10);

    private final int port;
    private final Executor background;
    private final InstantSource clock;
    private final Map<String, Hanging> hanging = new ConcurrentHashMap<>();

    /** What an agent said last, and when it was asked last, whether it answered or not. */
    private record Hanging(Instant asked, Set<String> directories) {}

    public HttpAgents(int port) {
        this(port, Thread::startVirtualThread, InstantSource.system());
    }

    HttpAgents(int port, Executor background, InstantSource clock) {
        this.port = port;
        this.background = background;
        this.clock = clock;
    }

    @Override
    public DiskReport disks(Pod pod) {
        try {
            var told = told(pod);
            var failed = new TreeMap<String, String>();
            told.path("failed")
                    .properties()
                    .forEach(disk -> failed.put(disk.getKey(), disk.getValue().asText()));
            var full = new TreeMap<String, Long>();
            told.path("full")
                    .properties()
                    .forEach(disk -> full.put(disk.getKey(), disk.getValue().asLong()));
            return new DiskReport(failed, full, names(told.path("roomAgain")));
        } catch (IOException e) {
            LOG.info("The agent of {} does not answer: {}", pod.getMetadata().getName(), e.toString());
            return DiskReport.NOTHING;
        }
    }

    private static Set<String> names(JsonNode disks) {
        var names = new TreeSet<String>();
        disks.fieldNames().forEachRemaining(names::add);
        return names;
    }

    @Override
    public Set<String> hangingDisks(Pod pod) {
        var now = clock.instant();
        var known = hanging.getOrDefault(uid(pod), new Hanging(Instant.MIN, Set.of()));
        if (known.asked().isBefore(now.minus(AGAIN))) {
            hanging.values().removeIf(other -> other.asked().isBefore(now.minus(FORGOTTEN)));
            hanging.put(uid(pod), new Hanging(now, known.directories()));
            background.execute(() -> askForHanging(pod));
        }
        return hanging.getOrDefault(uid(pod), known).directories();
    }

    private void askForHanging(Pod pod) {
        try {
            var directories = names(told(pod).path("hanging"));
            hanging.computeIfPresent(uid(pod), (uid, before) -> new Hanging(before.asked(), directories));
        } catch (IOException e) {
            LOG.debug("The agent of {} does not answer", pod.getMetadata().getName(), e);
        }
    }

    private static String uid(Pod pod) {
        return pod.getMetadata().getUid();
    }

    private JsonNode told(Pod pod) throws IOException {
        var address = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        return address == null ? MissingNode.getInstance() : get(address, "/disks");
    }

    private JsonNode get(String address, String path) throws IOException {
        var host = address.contains(":") ? "[" + address + "]" : address;
        var connection = (HttpURLConnection)
                URI.create("http://" + host + ":" + port + path).toURL().openConnection();
        connection.setConnectTimeout((int) PATIENCE.toMillis());
        connection.setReadTimeout((int) PATIENCE.toMillis());
        try (var body = connection.getInputStream()) {
            return JSON.readTree(body);
        } finally {
            connection.disconnect();
        }
    }
}
