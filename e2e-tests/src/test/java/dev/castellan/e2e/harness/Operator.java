package dev.castellan.e2e.harness;

import com.marcnuri.helm.Helm;
import io.fabric8.kubernetes.api.model.Pod;
import io.fabric8.kubernetes.api.model.PodList;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.FilterWatchListDeletable;
import io.fabric8.kubernetes.client.dsl.PodResource;
import io.fabric8.kubernetes.client.utils.Serialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The operator as its chart installs it. */
public final class Operator {
    public static final String NAMESPACE = "castellan-system";
    private static final String RELEASE = "castellan";

    private final KubernetesClient client;
    private final OperatorLog log;

    private Operator(KubernetesClient client, OperatorLog log) {
        this.client = client;
        this.log = log;
    }

    static Operator install(KubernetesClient client) {
        try {
            var kubeconfig = Files.createTempFile("e2e", ".kubeconfig");
            try {
                Files.writeString(kubeconfig, Serialization.asYaml(KubeconfigFile.of(client.getConfiguration())));
                Helm.upgrade(Setting.ROOT.resolve("helm/castellan").toString())
                        .install()
                        .withName(RELEASE)
                        .withNamespace(NAMESPACE)
                        .createNamespace()
                        .withKubeConfig(kubeconfig)
                        .set("image.registry", Setting.REGISTRY)
                        .waitReady()
                        .withTimeout((int) Kafka.PATIENCE.toSeconds())
                        .call();
            } finally {
                Files.delete(kubeconfig);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Operator(client, OperatorLog.follow(client));
    }

    public OperatorLog log() {
        return log;
    }

    public FilterWatchListDeletable<Pod, PodList, PodResource> pods() {
        return client.pods().inNamespace(NAMESPACE).withLabel("app.kubernetes.io/name", "castellan");
    }

    /** The replica that works: of those that there are now, the one that holds the lease. */
    public Pod leader() {
        awaitAvailable();
        var replicas = pods().list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .toList();
        var lease = Await.until(
                client.leases().inNamespace(NAMESPACE).withName("castellan-operator"),
                "the lease held by one of " + replicas,
                Kafka.PATIENCE,
                held -> replicas.contains(held.getSpec().getHolderIdentity()));
        return pod(lease.getSpec().getHolderIdentity()).require();
    }

    private PodResource pod(String name) {
        return client.pods().inNamespace(NAMESPACE).withName(name);
    }

    /** What this replica tells Prometheus now. */
    public String metrics(Pod replica) {
        return client.raw("/api/v1/namespaces/%s/pods/%s:8080/proxy/q/metrics"
                .formatted(NAMESPACE, replica.getMetadata().getName()));
    }

    /** Kills every replica on the spot, as a crash would; its Deployment starts others. */
    public void kill() {
        pods().list().getItems().stream()
                .map(pod -> pod.getMetadata().getName())
                .forEach(name -> {
                    log.endsBadly(name);
                    pod(name).withGracePeriod(0).delete();
                });
    }

    public void scaleTo(int replicas) {
        var deployment = client.apps().deployments().inNamespace(NAMESPACE).withName(RELEASE);
        deployment.scale(replicas);
        if (replicas == 0) {
            pods().resources()
                    .forEach(pod ->
                            pod.waitUntilCondition(p -> p == null, Kafka.PATIENCE.toSeconds(), TimeUnit.SECONDS));
        } else {
            awaitAvailable();
        }
    }

    /** Runs a command of the operator's image with no rights at all, which it must end well, and returns what it writes. */
    public String command(String... arguments) {
        var ended = new Command(client, "default", deployed()).run(List.of(), arguments);
        if (ended.exitCode() != 0) {
            throw new AssertionError(List.of(arguments) + " failed: " + ended.written());
        }
        return ended.written();
    }

    /** The same, as one that may read what is declared, with manifests in the folder {@link Command#MANIFESTS}. */
    public Command.Ended commandOn(List<String> manifests, String... arguments) {
        return new Command(client, NAMESPACE, deployed()).run(manifests, arguments);
    }

    private PodSpec deployed() {
        return client.apps()
                .deployments()
                .inNamespace(NAMESPACE)
                .withName(RELEASE)
                .require()
                .getSpec()
                .getTemplate()
                .getSpec();
    }

    public void awaitAvailable() {
        Await.until(
                client.apps().deployments().inNamespace(NAMESPACE).withName(RELEASE),
                "the operator available",
                Kafka.PATIENCE,
                deployment -> deployment.getStatus().getAvailableReplicas() != null
                        && deployment.getStatus().getAvailableReplicas() >= 1);
    }
}
