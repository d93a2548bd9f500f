package dev.castellan.e2e.harness;

import dev.castellan.e2e.harness.Traffic.Totals;
import io.fabric8.kubernetes.client.ConfigBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientBuilder;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What tests share: one Kubernetes with the operator in it, and the clients. */
final class Suite implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Suite.class);

    final TestKubernetes kubernetes;
    final KubernetesClient client;
    final ClientPod clients;
    final Operator operator;
    final Totals totals = new Totals();

    private Suite(TestKubernetes kubernetes, KubernetesClient client, ClientPod clients, Operator operator) {
        this.kubernetes = kubernetes;
        this.client = client;
        this.clients = clients;
        this.operator = operator;
    }

    static Suite start(int number) {
        var started = System.nanoTime();
        var kubernetes = TestKubernetes.start();
        tell("Kubernetes is up with the images", started);
        var client = new KubernetesClientBuilder()
                .withConfig(new ConfigBuilder(kubernetes.config())
                        // Some questions to the clients' pod take as long as a broker's recovery.
                        .withRequestTimeout((int) Duration.ofMinutes(5).toMillis())
                        .build())
                .build();
        var clients = ClientPod.start(client, kubernetes.safeHost());
        var operator = Operator.install(client);
        StatusRecorder.start(client, number);
        tell("the operator and the clients are up", started);
        return new Suite(kubernetes, client, clients, operator);
    }

    @Override
    public void close() {
        LOG.info("{}", totals);
        clients.stop();
        client.close();
        kubernetes.close();
    }

    private static void tell(String what, long startedNanos) {
        LOG.info(
                "{} after {} s",
                what,
                Duration.ofNanos(System.nanoTime() - startedNanos).toMillis() / 1000.0);
    }
}
