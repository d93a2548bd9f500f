package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.api.v1beta1.KafkaClusterStatus;
import dev.castellan.operator.kube.ApiServerKube;
import dev.castellan.operator.kube.EventRecorder;
import dev.castellan.operator.kube.StatusWriter;
import dev.castellan.operator.metrics.OperatorMetrics;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import java.util.List;
import java.util.concurrent.TimeUnit;

@ControllerConfiguration(
        name = "kafkacluster",
        fieldManager = ApiServerKube.FIELD_MANAGER,
        // Labels and annotations matter too (castellan.dev/pause), and have no generation.
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = KafkaClusterReconciler.NotStatus.class),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 2, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 2_000, intervalMultiplier = 2, maxInterval = 120_000)
public class KafkaClusterReconciler implements Reconciler<KafkaCluster> {
    private final StatusWriter statusWriter;
    private final OperatorMetrics metrics;
    private final EventRecorder events;

    public KafkaClusterReconciler(StatusWriter statusWriter, OperatorMetrics metrics, EventRecorder events) {
        this.statusWriter = statusWriter;
        this.metrics = metrics;
        this.events = events;
    }

    @Override
    public List<EventSource<?, KafkaCluster>> prepareEventSources(EventSourceContext<KafkaCluster> context) {
        return ClusterEventSources.of(context);
    }

    @Override
    public UpdateControl<KafkaCluster> reconcile(KafkaCluster cluster, Context<KafkaCluster> context) {
        var kube = new ApiServerKube(cluster, context, metrics, events);
        statusWriter.write(cluster, new KafkaClusterStatus(), KafkaCluster::new, context);
        return UpdateControl.noUpdate();
    }

    @Override
    public ErrorStatusUpdateControl<KafkaCluster> updateErrorStatus(
            KafkaCluster cluster, Context<KafkaCluster> context, Exception e) {
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    /** Our own status wakes nobody. */
    public static final class NotStatus implements OnUpdateFilter<KafkaCluster> {
        @Override
        public boolean accept(KafkaCluster now, KafkaCluster before) {
            return Wakeups.ofCluster(now, before);
        }
    }
}
