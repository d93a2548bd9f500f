package dev.castellan.operator.cluster;

import dev.castellan.api.v1beta1.KafkaCluster;
import dev.castellan.operator.cluster.ClusterLoop.Reconciled;
import dev.castellan.operator.cluster.report.FailureStatus;
import dev.castellan.operator.kafka.ClusterKey;
import dev.castellan.operator.kafka.KafkaAdmin;
import dev.castellan.operator.kafka.KafkaAdminPool;
import dev.castellan.operator.kafka.LazyKafkaAdmin;
import dev.castellan.operator.kube.ApiServerKube;
import dev.castellan.operator.kube.EventRecorder;
import dev.castellan.operator.kube.KnownMatches;
import dev.castellan.operator.kube.StatusWriter;
import dev.castellan.operator.metrics.ClusterMetrics;
import dev.castellan.operator.metrics.OperatorMetrics;
import dev.castellan.operator.metrics.OperatorMetrics.Departed;
import io.javaoperatorsdk.operator.api.config.informer.Informer;
import io.javaoperatorsdk.operator.api.reconciler.Context;
import io.javaoperatorsdk.operator.api.reconciler.ControllerConfiguration;
import io.javaoperatorsdk.operator.api.reconciler.ErrorStatusUpdateControl;
import io.javaoperatorsdk.operator.api.reconciler.EventSourceContext;
import io.javaoperatorsdk.operator.api.reconciler.MaxReconciliationInterval;
import io.javaoperatorsdk.operator.api.reconciler.Reconciler;
import io.javaoperatorsdk.operator.api.reconciler.RetryInfo;
import io.javaoperatorsdk.operator.api.reconciler.UpdateControl;
import io.javaoperatorsdk.operator.processing.event.source.EventSource;
import io.javaoperatorsdk.operator.processing.event.source.filter.OnUpdateFilter;
import io.javaoperatorsdk.operator.processing.retry.GradualRetry;
import jakarta.enterprise.event.Event;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

@ControllerConfiguration(
        name = KafkaClusterReconciler.NAME,
        fieldManager = ApiServerKube.FIELD_MANAGER,
        // Labels and annotations matter too (castellan.dev/pause), and have no generation.
        generationAwareEventProcessing = false,
        informer = @Informer(onUpdateFilter = KafkaClusterReconciler.NotStatus.class),
        maxReconciliationInterval = @MaxReconciliationInterval(interval = 2, timeUnit = TimeUnit.MINUTES))
@GradualRetry(maxAttempts = -1, initialInterval = 2_000, intervalMultiplier = 2, maxInterval = 120_000)
public class KafkaClusterReconciler implements Reconciler<KafkaCluster> {
    static final String NAME = "kafkacluster";
    private static final Logger LOG = LoggerFactory.getLogger(KafkaClusterReconciler.class);

    private final ClusterLoop loop;
    private final KafkaAdminPool admins;
    private final StatusWriter statusWriter;
    private final OperatorMetrics metrics;
    private final ClusterMetrics clusterMetrics;
    private final EventRecorder events;
    private final Event<LookedAfter> lookedAfter;
    private final Clock clock;
    private final KnownMatches known = new KnownMatches();

    public KafkaClusterReconciler(
            ClusterLoop loop,
            KafkaAdminPool admins,
            StatusWriter statusWriter,
            OperatorMetrics metrics,
            ClusterMetrics clusterMetrics,
            EventRecorder events,
            Event<LookedAfter> lookedAfter,
            Clock clock) {
        this.loop = loop;
        this.admins = admins;
        this.statusWriter = statusWriter;
        this.metrics = metrics;
        this.clusterMetrics = clusterMetrics;
        this.events = events;
        this.lookedAfter = lookedAfter;
        this.clock = clock;
    }

    @Override
    public List<EventSource<?, KafkaCluster>> prepareEventSources(EventSourceContext<KafkaCluster> context) {
        return ClusterEventSources.of(context);
    }

    @Override
    public UpdateControl<KafkaCluster> reconcile(KafkaCluster cluster, Context<KafkaCluster> context) {
        lookedAfter.fire(new LookedAfter(key(cluster)));
        var kube = new ApiServerKube(cluster, context, metrics, events, known);
        var reconciled = loop.reconcile(cluster, kube, admin(cluster));
        log(cluster, reconciled);
        clusterMetrics.observed(cluster, reconciled.status());
        var outdated = statusWriter.write(cluster, reconciled.status(), KafkaCluster::new, context);
        return outdated || reconciled.recheck().isZero()
                ? UpdateControl.<KafkaCluster>noUpdate().reschedule()
                : UpdateControl.<KafkaCluster>noUpdate().rescheduleAfter(jittered(reconciled.recheck()));
    }

    /** What passes within seconds, as a conflict does, is not worth a word: only what fails again is told. */
    @Override
    public ErrorStatusUpdateControl<KafkaCluster> updateErrorStatus(
            KafkaCluster cluster, Context<KafkaCluster> context, Exception e) {
        if (context.getRetryInfo().map(RetryInfo::getAttemptCount).orElse(0) > 0) {
            var known = context.getClient().getKubernetesSerialization().clone(cluster.getStatus());
            var generation = cluster.getMetadata().getGeneration();
            var status = FailureStatus.of(known, generation, e, clock.instant());
            statusWriter.write(cluster, status, KafkaCluster::new, context);
        }
        return ErrorStatusUpdateControl.noStatusUpdate();
    }

    void forget(@Observes Departed gone) {
        if (gone.controller().equals(NAME)) {
            admins.close(new ClusterKey(gone.namespace(), gone.name()));
            loop.forget(gone.namespace(), gone.name());
            clusterMetrics.forget(gone.namespace(), gone.name());
        }
    }

    /** A hundred clusters that were started together are not all looked at together for ever. */
    private static Duration jittered(Duration recheck) {
        var tenth = recheck.toMillis() / 10;
        return recheck.plusMillis(ThreadLocalRandom.current().nextLong(-tenth, tenth + 1));
    }

    private KafkaAdmin admin(KafkaCluster cluster) {
        var key = key(cluster);
        return new LazyKafkaAdmin(() -> admins.of(key));
    }

    private static ClusterKey key(KafkaCluster cluster) {
        return new ClusterKey(
                cluster.getMetadata().getNamespace(), cluster.getMetadata().getName());
    }

    /** What is waited for, once; what is done is told where it is done. */
    private static void log(KafkaCluster cluster, Reconciled reconciled) {
        var step = reconciled.step();
        var plan = cluster.getStatus() == null ? null : cluster.getStatus().plan;
        if (!step.acts() && (plan == null || !step.reason().equals(plan.reason))) {
            LOG.info("{}: {}", step.kind(), step.reason());
        }
    }

    /** Our own status wakes nobody. */
    public static final class NotStatus implements OnUpdateFilter<KafkaCluster> {
        @Override
        public boolean accept(KafkaCluster now, KafkaCluster before) {
            return Wakeups.ofCluster(now, before);
        }
    }
}
