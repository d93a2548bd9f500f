package dev.castellan.broker.image;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** One node as the operator would run it: not root, read-only root file system, no capabilities; its disk outlives it. */
final class NodeContainer {
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final Duration PATIENCE = Duration.ofSeconds(180);
    private static final Duration ANSWER = Duration.ofSeconds(20);
    private static final String STOPPED = "0:stopped";

    private final String cluster;
    private final int id;
    private final String name;
    private String address = STOPPED;

    NodeContainer(String cluster, int id, String image, Path mounts) {
        this.cluster = cluster;
        this.id = id;
        this.name = cluster + "-" + id;
        Docker.run(List.of(
                "create",
                "--name",
                name,
                "--network",
                cluster,
                "--network-alias",
                host(cluster, id),
                "--publish",
                "127.0.0.1::8080",
                "--user",
                "1001:1001",
                "--read-only",
                "--cap-drop",
                "ALL",
                "--security-opt",
                "no-new-privileges",
                "--tmpfs",
                "/tmp:exec,mode=1777",
                "--volume",
                volume(cluster, id) + ":/var/lib/kafka",
                "--volume",
                mounts + ":/etc/castellan:ro",
                "--env",
                "POD_NAME=node-" + id,
                "--env",
                "NODE_ID=" + id,
                "--env",
                "HOST_IP=127.0.0.1",
                "--env",
                "JDK_JAVA_OPTIONS=-Xmx192m -XX:+UseSerialGC -XX:TieredStopAtLevel=1",
                image));
    }

    static String host(String cluster, int id) {
        return "node-" + id + "." + cluster;
    }

    static String volume(String cluster, int id) {
        return cluster + "-data-" + id;
    }

    NodeContainer start() {
        Docker.run("start", name);
        String ports = Docker.run("port", name, "8080");
        address = ports.isEmpty() ? STOPPED : ports.lines().findFirst().orElse(STOPPED);
        return this;
    }

    NodeContainer awaitReady() {
        await("ready", () -> get("/readyz").statusCode() == 200);
        return this;
    }

    NodeContainer awaitState(String part) {
        await(part, () -> get("/state").body().contains(part));
        return this;
    }

    NodeContainer awaitLog(String part) {
        await(part, () -> log().contains(part));
        return this;
    }

    String state() {
        return get("/state").body();
    }

    String disks() {
        return get("/disks").body();
    }

    String metrics() {
        return get("/metrics").body();
    }

    boolean isAlive() {
        return get("/livez").statusCode() == 200;
    }

    String readiness() {
        return get("/readyz").body();
    }

    private HttpResponse<String> get(String path) {
        try {
            return CLIENT.send(
                    HttpRequest.newBuilder(URI.create("http://" + address + path))
                            .timeout(ANSWER)
                            .build(),
                    BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void await(String what, BooleanSupplier condition) {
        for (Instant end = Instant.now().plus(PATIENCE);
                Instant.now().isBefore(end);
                LockSupport.parkNanos(50_000_000)) {
            try {
                if (condition.getAsBoolean()) {
                    return;
                }
            } catch (UncheckedIOException e) {
                if (!Docker.run("inspect", "-f", "{{.State.Running}}", name).equals("true")) {
                    break;
                }
            }
        }
        throw new AssertionError(name + " never was " + what + ":\n" + log());
    }

    /** Ends it as the kubelet does, and tells the exit code. */
    int stop() {
        Docker.run("stop", "--time", "60", name);
        return exitCode();
    }

    int exitCode() {
        return Integer.parseInt(Docker.run("wait", name));
    }

    String log() {
        return Docker.run("logs", name);
    }

    String exec(String... command) {
        var arguments = new ArrayList<>(List.of("exec", name));
        arguments.addAll(List.of(command));
        return Docker.run(arguments);
    }

    void remove() {
        Docker.runQuietly("rm", "-f", name);
    }
}
