package dev.castellan.e2e.harness;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fabric8.kubernetes.api.model.ContainerStatus;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** All that every replica of the operator ever logged, also of those that are gone, and the errors among it. */
public final class OperatorLog {
    private static final Logger LOG = LoggerFactory.getLogger(OperatorLog.class);
    private static final Pattern ERROR = Pattern.compile("\"level\":\"(ERROR|FATAL|SEVERE)\"| (ERROR|FATAL) ");

    private final KubernetesClient client;
    private final Path folder = Setting.OUTPUT.resolve("operator");
    private final Set<String> followed = new HashSet<>();
    private final List<String> errors = new ArrayList<>();
    private final List<Pattern> expected = new ArrayList<>();
    private final Set<String> dying = new HashSet<>();

    private OperatorLog(KubernetesClient client) {
        this.client = client;
    }

    /**
     * By a client of its own: when a replica ends, the API server closes the connection that its log came by, and whoever was
     * given it next from the same pool would fail.
     */
    static OperatorLog follow(KubernetesClient client) {
        var log = new OperatorLog(new KubernetesClientBuilder()
                .withConfig(client.getConfiguration())
                .build());
        client.pods()
                .inNamespace(Operator.NAMESPACE)
                .withLabel("app.kubernetes.io/name", "castellan")
                .inform(new ResourceEventHandler<>() {
                    @Override
                    public void onAdd(Pod pod) {
                        log.see(pod);
                    }

                    @Override
                    public void onUpdate(Pod before, Pod pod) {
                        log.see(pod);
                    }

                    @Override
                    public void onDelete(Pod pod, boolean unknown) {
                        // Its log was followed to its end.
                    }
                });
        return log;
    }

    /** Errors that this test provokes on purpose, until the next test. */
    public synchronized void expect(String pattern) {
        expected.add(Pattern.compile(pattern));
    }

    /** A replica that is killed may complain for as long as it still runs: with its pod, its credentials are gone. */
    synchronized void endsBadly(String pod) {
        dying.add(pod);
    }

    /** The errors since this was last asked that nobody expected. */
    synchronized List<String> unexpectedErrors() {
        var unexpected = errors.stream()
                .filter(line -> expected.stream().noneMatch(e -> e.matcher(line).find()))
                .toList();
        errors.clear();
        expected.clear();
        return unexpected;
    }

    private void see(Pod pod) {
        pod.getStatus().getContainerStatuses().stream()
                .filter(container -> container.getState().getRunning() != null)
                .filter(container -> isNew(pod, container))
                .forEach(container -> Thread.ofVirtual().start(() -> follow(pod, container.getRestartCount())));
    }

    private synchronized boolean isNew(Pod pod, ContainerStatus container) {
        return followed.add(pod.getMetadata().getUid() + container.getRestartCount());
    }

    private void follow(Pod pod, int restarts) {
        var name = pod.getMetadata().getName();
        try (var watch = client.pods()
                        .inNamespace(pod.getMetadata().getNamespace())
                        .withName(name)
                        .watchLog();
                var lines = new BufferedReader(new InputStreamReader(watch.getOutput(), UTF_8));
                var file = Files.newBufferedWriter(
                        Files.createDirectories(folder).resolve(name + "-" + restarts + ".log"))) {
            for (var line = lines.readLine(); line != null; line = lines.readLine()) {
                file.write(line);
                file.newLine();
                file.flush();
                note(name, line);
            }
        } catch (IOException e) {
            // The end of the suite, or of the pod's node: what there was to read has been read.
            LOG.debug("the log of {} ended", name, e);
        }
    }

    private synchronized void note(String pod, String line) {
        if (!dying.contains(pod) && ERROR.matcher(line).find()) {
            errors.add(pod + ": " + line);
        }
    }
}
