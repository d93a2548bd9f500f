package dev.castellan.operator.kube;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fabric8.kubernetes.api.model.Pod;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks them over HTTP: rarely, so that no connection is kept. */
public final class HttpAgents implements Agents {
    private static final Logger LOG = LoggerFactory.getLogger(HttpAgents.class);
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Longer than an agent waits for its disks; what is not known then is not acted upon. */
    private static final Duration PATIENCE = Duration.ofSeconds(3);

    private final int port;

    public HttpAgents(int port) {
        this.port = port;
    }

    @Override
    public Map<String, String> failedDisks(Pod pod) {
        var failed = new TreeMap<String, String>();
        disks(pod)
                .path("failed")
                .properties()
                .forEach(disk -> failed.put(disk.getKey(), disk.getValue().asText()));
        return failed;
    }

    @Override
    public Optional<Set<String>> hangingDisks(Pod pod) {
        var hanging = disks(pod).path("hanging");
        var directories = new TreeSet<String>();
        hanging.fieldNames().forEachRemaining(directories::add);
        return hanging.isMissingNode() ? Optional.empty() : Optional.of(directories);
    }

    /** A missing one, if it does not answer. */
    private JsonNode disks(Pod pod) {
        var address = pod.getStatus() == null ? null : pod.getStatus().getPodIP();
        if (address == null) {
            return MissingNode.getInstance();
        }
        try {
            return get(address, "/disks");
        } catch (IOException e) {
            LOG.info("The agent of {} does not answer: {}", pod.getMetadata().getName(), e.toString());
            return MissingNode.getInstance();
        }
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
