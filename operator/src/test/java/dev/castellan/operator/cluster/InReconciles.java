package dev.castellan.operator.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.kube.ApiServerKube;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.javaoperatorsdk.operator.Operator;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.informer.ManagedInformerEventSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import java.util.logging.Level;
import org.jboss.logmanager.LogContext;
import org.slf4j.LoggerFactory;

/** Runs what a test wants within reconciles of the SDK, with the operator's own event sources and no loop of its own. */
final class InReconciles implements AutoCloseable {
    private static final String WAKE = "wake";

    static {
        // What the SDK logs of an event beside a write that fails ends in a NullPointerException
        // (ManagedInformerEventSource), and
        // a test logs everything by default.
        LogContext.getLogContext().getLogger("io.javaoperatorsdk").setLevel(Level.INFO);
        assertThat(LoggerFactory.getLogger(ManagedInformerEventSource.class).isDebugEnabled())
                .isFalse();
    }

    private final KubernetesClient client;
    private final Operator operator;
    private final Probe probe = new Probe();

    InReconciles(KubernetesClient client, String namespace) {
        this.client = client;
        this.operator = new Operator(
                configuration -> configuration.withKubernetesClient(client).withCloseClientOnStop(false));
        operator.register(probe, configuration -> configuration.settingNamespace(namespace));
        operator.start();
    }

    /**
     * Wakes the cluster's reconciler as a user would, for the work. Only a reconcile that has seen this very change does it: an earlier
     * one could delete the cluster before it is woken.
     */
    <T> T run(KafkaCluster cluster, BiFunction<KafkaCluster, Context<KafkaCluster>, T> work) throws Exception {
        var result = new CompletableFuture<T>();
        var wake = UUID.randomUUID().toString();
        probe.tasks.put(wake, (seen, context) -> {
            try {
                result.complete(work.apply(seen, context));
            } catch (RuntimeException e) {
                result.completeExceptionally(e);
            }
        });
        client.resource(cluster)
                .patch(
                        PatchContext.of(PatchType.JSON_MERGE),
                        "{\"metadata\":{\"annotations\":{\"%s\":\"%s\"}}}".formatted(WAKE, wake));
        return result.get(30, TimeUnit.SECONDS);
    }

    int reconciles() {
        return probe.reconciles.get();
    }

    @Override
    public void close() {
        operator.stop();
    }

    private interface Task {
        void run(KafkaCluster cluster, Context<KafkaCluster> context);
    }

    @ControllerConfiguration(
            name = "probe",
            fieldManager = ApiServerKube.FIELD_MANAGER,
            generationAwareEventProcessing = false)
    private static final class Probe implements Reconciler<KafkaCluster> {
        private final Map<String, Task> tasks = new ConcurrentHashMap<>();
        private final AtomicInteger reconciles = new AtomicInteger();

        @Override
        public List<EventSource<?, KafkaCluster>> prepareEventSources(EventSourceContext<KafkaCluster> context) {
            return ClusterEventSources.of(context);
        }

        @Override
        public UpdateControl<KafkaCluster> reconcile(KafkaCluster cluster, Context<KafkaCluster> context) {
            reconciles.incrementAndGet();
            var wake = cluster.getMetadata().getAnnotations().get(WAKE);
            var task = wake == null ? null : tasks.remove(wake);
            if (task != null) {
                task.run(cluster, context);
            }
            return UpdateControl.noUpdate();
        }
    }
}
